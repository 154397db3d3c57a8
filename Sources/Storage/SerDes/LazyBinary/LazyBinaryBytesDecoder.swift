import HoneyCore

/// Decodes strings and binary values without copying them.
final class LazyBinaryBytesDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32
    private let hasEmptyMark: Bool
    /// Code points that a value may have at most; nil for any number.
    private let limit: Int?
    private let isPadded: Bool

    init(_ type: DataType, origin: LazyBinaryCells.Origin) {
        self.type = type
        minimumLength = origin.minimumLength
        hasEmptyMark = origin == .column && type == .string
        switch type {
        case .varchar(let length): (limit, isPadded) = (length, false)
        case .char(let length): (limit, isPadded) = (length, true)
        default: (limit, isPadded) = (nil, false)
        }
    }

    func decode(_ cells: Cells) throws -> Column {
        let data = Buffer(capacity: cells.count * 16)
        let target = data.pointer(to: BytesView.self)
        let validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        var longest = 0
        if limit == nil {
            longest = view(cells, target)
            if hasEmptyMark { emptyMarked(cells, target) }
        }
        var owners: [AnyObject] = longest > BytesView.inlineCapacity ? [cells.owner] : []
        if let limit {
            var arena = BytesArena()
            for row in 0..<cells.count {
                let length = Int(max(cells.lengths[row], 0))
                let text = UnsafeBufferPointer(start: cells.start(row), count: length)
                target[row] = fitted(text, limit: limit, &arena)
            }
            owners = [cells.owner] + arena.blocks
        }
        return Column(type: type, count: cells.count, validity: validity, data: data, owners: owners)
    }

    /// Makes the views and returns the longest value's length.
    private func view(_ cells: Cells, _ target: UnsafeMutablePointer<BytesView>) -> Int {
        let (base, starts, lengths) = (cells.bytes, cells.starts, cells.lengths)
        if let uniform = cells.uniformLength, uniform <= BytesView.inlineCapacity {
            // The masks inside are the same for all rows here, and leave the loop.
            for row in 0..<cells.count { target[row] = BytesView.padded(base + Int(starts[row]), count: uniform) }
            return uniform
        }
        var longest: Int32 = 0
        for row in 0..<cells.count {
            let length = max(lengths[row], 0)
            longest = max(longest, length)
            target[row] = BytesView.padded(base + Int(starts[row]), count: Int(length))
        }
        return Int(longest)
    }

    /// Makes values of the one byte that stands for no bytes empty.
    private func emptyMarked(_ cells: Cells, _ target: UnsafeMutablePointer<BytesView>) {
        if let uniform = cells.uniformLength, uniform != 1 { return }
        for row in 0..<cells.count
        where cells.lengths[row] == 1 && cells.start(row)[0] == LazyBinaryCells.emptyString {
            target[row] = BytesView()
        }
    }

    /// Cuts a value at its type's length and pads it to it, in code points.
    private func fitted(_ text: UnsafeBufferPointer<UInt8>, limit: Int, _ arena: inout BytesArena) -> BytesView {
        guard let start = text.baseAddress, text.count > 0 || isPadded else { return BytesView() }
        var count = text.count
        var points = count
        // Fewer bytes than the limit cannot be too many code points; only padding needs them counted.
        if count > limit || isPadded {
            points = 0
            for index in 0..<count where text[index] & 0xC0 != 0x80 {
                if points == limit {
                    count = index
                    break
                }
                points += 1
            }
        }
        guard isPadded, points < limit else { return BytesView.padded(start, count: count) }
        let padded = arena.allocate(max(count + limit - points, 16))
        padded.update(from: start, count: count)
        (padded + count).update(repeating: 0x20, count: limit - points)
        return BytesView(padded, count: count + limit - points)
    }
}

extension BytesView {
    /// Views bytes that have 16 more readable after them, without a loop for short ones.
    @inline(__always)
    static func padded(_ start: UnsafePointer<UInt8>, count: Int) -> BytesView {
        let raw = UnsafeRawPointer(start)
        var view = BytesView()
        if count > inlineCapacity {
            view.head = UInt64(truncatingIfNeeded: count) | UInt64(raw.loadUnaligned(as: UInt32.self)) << 32
            view.tail = UInt64(UInt(bitPattern: raw))
            return view
        }
        // Bytes past the end are masked away: shifts of 64 and more give zero.
        let first = raw.loadUnaligned(as: UInt32.self) & ~(UInt32.max << UInt32(truncatingIfNeeded: count * 8))
        let rest = (raw + 4).loadUnaligned(as: UInt64.self)
        let restBits = max(count - 4, 0) * 8
        view.head = UInt64(truncatingIfNeeded: count) | UInt64(first) << 32
        view.tail = rest & ~(UInt64.max << UInt64(truncatingIfNeeded: restBits))
        return view
    }
}
