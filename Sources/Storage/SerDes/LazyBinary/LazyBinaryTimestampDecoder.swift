import HoneyCore

/// Decodes timestamps.
///
/// ```
/// u32   the low 31 bits of the seconds, rounded down; the top bit tells that more follows
/// vint  R: the nine digits of the nanoseconds in reverse; -R - 1 when the seconds need more bits
/// vlong the seconds' bits from 31 on
/// ```
final class LazyBinaryTimestampDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32

    init(_ type: DataType, minimumLength: Int32) {
        self.type = type
        self.minimumLength = minimumLength
    }

    func decode(_ cells: Cells) throws -> Column {
        let data = Buffer(capacity: cells.count * 16)
        let target = data.pointer(to: Int128.self)
        let validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        for row in 0..<cells.count {
            let length = cells.lengths[row]
            target[row] = length < minimumLength ? 0 : try decode(cells.start(row), length: Int(length))
        }
        return Column(type: type, count: cells.count, validity: validity, data: data)
    }

    private func decode(_ start: UnsafePointer<UInt8>, length: Int) throws -> Int128 {
        var cursor = WritableCursor(start, to: length)
        let first = UInt32(truncatingIfNeeded: try cursor.readInt32())
        var seconds = Int64(first & 0x7FFF_FFFF)
        var nanoseconds: Int64 = 0
        if first & 0x8000_0000 != 0 {
            var reversed = try cursor.readVariable32()
            if reversed < 0 {
                reversed = -reversed - 1
                let high = try cursor.readVariable()
                guard (-1 << 32..<1 << 32).contains(high) else { throw LazyBinaryCells.wrong(type) }
                seconds |= high << 31
            }
            for _ in 0..<9 {
                nanoseconds = nanoseconds * 10 + Int64(reversed % 10)
                reversed /= 10
            }
            guard reversed == 0 else { throw LazyBinaryCells.wrong(type) }
        }
        guard cursor.isAtEnd else { throw LazyBinaryCells.wrong(type) }
        return Int128(HybridCalendar.fromHybrid(seconds: seconds)) * 1_000_000_000 + Int128(nanoseconds)
    }
}
