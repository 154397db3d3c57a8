import HoneyCore

/// Decodes decimals.
///
/// ```
/// vint scale
/// vint n
/// n    the unscaled value, two's complement, big-endian
/// ```
/// Writers drop trailing zeros first, so that each value has a scale of its own.
final class LazyBinaryDecimalDecoder: CellDecoder {
    let type: DataType
    private let precision: Int
    private let scale: Int
    private let minimumLength: Int32

    init(_ type: DataType, precision: Int, scale: Int, minimumLength: Int32) {
        self.type = type
        self.precision = precision
        self.scale = scale
        self.minimumLength = minimumLength
    }

    func decode(_ cells: Cells) throws -> Column {
        let data = Buffer(capacity: cells.count * type.physical.width)
        var validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        if type.physical == .int64 {
            try decodeShort(cells, to: data.pointer(to: Int64.self), &validity)
        } else {
            try decodeLong(cells, to: data.pointer(to: Int128.self), &validity)
        }
        return Column(type: type, count: cells.count, validity: validity, data: data)
    }

    /// Decodes to 64 bits: values of one-byte scale and length that need no rounding go straight through.
    private func decodeShort(
        _ cells: Cells, to target: UnsafeMutablePointer<Int64>, _ validity: inout Bitmap?
    ) throws {
        let (base, starts, lengths) = (cells.bytes, cells.starts, cells.lengths)
        let limit = DecimalMath.powerOfTen64(precision) - 1
        let scale = scale
        try withUnsafeTemporaryAllocation(of: Int64.self, capacity: scale + 1) { powers in
            for power in 0...scale { powers[power] = DecimalMath.powerOfTen64(power) }
            for row in 0..<cells.count {
                let start = base + Int(starts[row])
                let length = Int(lengths[row])
                let digits = scale - Int(Int8(bitPattern: start[0]))
                let count = Int(start[1])
                if count == length - 2, UInt(bitPattern: count - 1) < 8,
                    UInt(bitPattern: digits) <= UInt(bitPattern: scale)
                {
                    let raw = Int64(bigEndian: UnsafeRawPointer(start + 2).loadUnaligned(as: Int64.self))
                    let unscaled = raw &>> Int64(truncatingIfNeeded: 64 - 8 * count)
                    let (value, overflow) = unscaled.multipliedReportingOverflow(by: powers[digits])
                    if !overflow, UInt64(bitPattern: value &+ limit) <= UInt64(bitPattern: limit &* 2) {
                        target[row] = value
                        continue
                    }
                }
                target[row] = Int64(truncatingIfNeeded: try decodeSlowly(cells, row, &validity))
            }
        }
    }

    private func decodeLong(
        _ cells: Cells, to target: UnsafeMutablePointer<Int128>, _ validity: inout Bitmap?
    ) throws {
        for row in 0..<cells.count { target[row] = try decodeSlowly(cells, row, &validity) }
    }

    /// Decodes any value, marking what does not fit the type as null.
    @inline(never)
    private func decodeSlowly(_ cells: Cells, _ row: Int, _ validity: inout Bitmap?) throws -> Int128 {
        if cells.lengths[row] < minimumLength { return 0 }
        var cursor = WritableCursor(cells.start(row), to: Int(cells.lengths[row]))
        let fromScale = try cursor.readVariable32()
        let count = try cursor.readVariable32()
        guard count > 0, count == cursor.remaining else { throw LazyBinaryCells.wrong(type) }
        let bytes = UnsafeBufferPointer(start: cursor.base + cursor.position, count: count)
        if let unscaled = LazyBinaryDecimalDecoder.integer(bytes),
            let value = DecimalMath.rescale(unscaled, from: fromScale, to: scale, precision: precision)
        {
            return value
        }
        let mask = validity ?? Bitmap(count: cells.count, repeating: true)
        mask.clear(row)
        validity = mask
        return 0
    }

    /// Reads a two's complement, big-endian integer; nil when it takes more than 128 bits.
    private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int128? {
        let sign: UInt8 = bytes[0] & 0x80 == 0 ? 0 : 0xFF
        var value: Int128 = sign == 0 ? 0 : -1
        let excess = max(bytes.count - 16, 0)
        for index in 0..<bytes.count {
            guard index >= excess || bytes[index] == sign else { return nil }
            value = value << 8 | Int128(bytes[index])
        }
        return (value < 0) == (sign != 0) ? value : nil
    }
}

/// Decimal arithmetic on unscaled values.
extension DecimalMath {
    /// Brings an unscaled value to another scale, rounding half up, for a decimal of `precision` digits; nil when it does not fit.
    static func rescale(_ unscaled: Int128, from: Int, to: Int, precision: Int) -> Int128? {
        // Beyond these no digit of a decimal is left, or none but zero fits.
        if unscaled == 0 { return 0 }
        guard from - to <= DataType.maximumDecimalPrecision else { return 0 }
        guard to - from <= DataType.maximumDecimalPrecision else { return nil }
        guard let value = rescale(unscaled, from: from, to: to), fits(value, precision: precision) else { return nil }
        return value
    }
}
