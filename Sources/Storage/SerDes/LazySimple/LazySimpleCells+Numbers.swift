import CScan
import HoneyCore

extension LazySimpleCells {
    /// Decodes integers: up to sixteen digits with a sign by words, all else by `IntegerText`.
    @inline(__always)
    func integers<T: FixedWidthInteger & BitwiseCopyable>(_ type: DataType, _ cells: Cells, _: T.Type) -> Column {
        let data = Buffer(capacity: cells.count * MemoryLayout<T>.stride)
        let out = data.pointer(to: T.self)
        var nulls = NullMarks(count: cells.count)
        let read = readRuns(cells, scale: 0, limit: Int64(T.max), into: out) { row in
            readInteger(cells, row, out, &nulls)
        }
        for row in read..<cells.count { readInteger(cells, row, out, &nulls) }
        return Column(type: type, count: cells.count, validity: nulls.bitmap, data: data)
    }

    @inline(__always)
    private func readInteger<T: FixedWidthInteger & BitwiseCopyable>(
        _ cells: Cells, _ row: Int, _ out: UnsafeMutablePointer<T>, _ nulls: inout NullMarks
    ) {
        let start = cells.start(row)
        let length = cells.length(row)
        let sign = start[0] == 0x2D ? 1 : 0
        if !nullMayParse, let digits = Digits.parse(start + sign, length &- sign) {
            let mask = Int64(0 &- sign)
            let value = (Int64(truncatingIfNeeded: digits) ^ mask) &- mask
            out[row] = T(truncatingIfNeeded: value)
            if T.bitWidth < 64, Int64(T(truncatingIfNeeded: value)) != value { nulls.mark(row) }
        } else if let value = carefulInteger(start, length), let fitting = T(exactly: value) {
            out[row] = fitting
        } else {
            out[row] = 0
            nulls.mark(row)
        }
    }

    @inline(never)
    private func carefulInteger(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int64? {
        isNull(start, length) ? nil : IntegerText.parse(UnsafeBufferPointer(start: start, count: length))
    }

    func decimals(_ type: DataType, _ cells: Cells, precision: Int, scale: Int) -> Column {
        type.physical == .int64
            ? decimals(type, cells, precision: precision, scale: scale, Int64.self)
            : decimals(type, cells, precision: precision, scale: scale, Int128.self)
    }

    /// Decodes decimals: up to sixteen bytes with at most `scale` digits after the point by words, all else by
    /// `DecimalText`.
    @inline(__always)
    private func decimals<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: DataType, _ cells: Cells, precision: Int, scale: Int, _: T.Type
    ) -> Column {
        let data = Buffer(capacity: cells.count * MemoryLayout<T>.stride)
        let out = data.pointer(to: T.self)
        var nulls = NullMarks(count: cells.count)
        let reader = DecimalReader(precision: precision, scale: scale)
        let read = readRuns(cells, scale: scale, limit: reader.limit, into: out) { row in
            readDecimal(reader, cells, row, out, &nulls)
        }
        for row in read..<cells.count { readDecimal(reader, cells, row, out, &nulls) }
        return Column(type: type, count: cells.count, validity: nulls.bitmap, data: data)
    }

    @inline(__always)
    private func readDecimal<T: FixedWidthInteger & BitwiseCopyable>(
        _ reader: DecimalReader, _ cells: Cells, _ row: Int, _ out: UnsafeMutablePointer<T>, _ nulls: inout NullMarks
    ) {
        let start = cells.start(row)
        let length = cells.length(row)
        let sign = start[0] == 0x2D ? 1 : 0
        if !nullMayParse, let value = reader.read(start + sign, length &- sign) {
            let mask = Int64(0 &- sign)
            out[row] = T(truncatingIfNeeded: (value ^ mask) &- mask)
        } else if let value = carefulDecimal(start, length, reader) {
            out[row] = T(truncatingIfNeeded: value)
        } else {
            out[row] = 0
            nulls.mark(row)
        }
    }

    @inline(never)
    private func carefulDecimal(
        _ start: UnsafePointer<UInt8>, _ length: Int, _ reader: DecimalReader
    ) -> Int128? {
        if isNull(start, length) { return nil }
        return DecimalText.parse(
            UnsafeBufferPointer(start: start, count: length), precision: reader.precision, scale: reader.scale)
    }

    /// Reads plain numbers eight at a time where the processor can, and calls `careful` for rows with others; returns how
    /// many rows are done.
    @inline(__always)
    private func readRuns<T: FixedWidthInteger & BitwiseCopyable>(
        _ cells: Cells, scale: Int, limit: Int64, into out: UnsafeMutablePointer<T>, careful: (Int) -> Void
    ) -> Int {
        guard !nullMayParse, scale <= 8, honey_has_wide_parsing() != 0 else { return 0 }
        let run = 512
        return withUnsafeTemporaryAllocation(of: Int64.self, capacity: run) { values in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: run / 8) { unread in
                var done = 0
                while true {
                    let read = Int(
                        honey_parse_decimals(
                            cells.bytes, cells.starts + done, cells.lengths + done,
                            Int64(min(run, cells.count &- done)), Int32(truncatingIfNeeded: scale), limit,
                            values.baseAddress, unread.baseAddress))
                    if read == 0 { return done }
                    let target = out + done
                    for row in 0..<read { target[row] = T(truncatingIfNeeded: values[row]) }
                    UnreadRows.forEach(unread, count: read) { careful(done &+ $0) }
                    done &+= read
                }
            }
        }
    }
}

/// Rows that a kernel left to others, a bit each.
enum UnreadRows {
    @inline(__always)
    static func forEach(_ unread: UnsafeMutableBufferPointer<UInt8>, count: Int, _ body: (Int) -> Void) {
        for byte in 0..<(count >> 3) where unread[byte] != 0 {
            var bits = unread[byte]
            while bits != 0 {
                body(byte &* 8 &+ bits.trailingZeroBitCount)
                bits &= bits &- 1
            }
        }
    }
}

/// Reads a decimal type's values by words.
private struct DecimalReader {
    let precision: Int
    let scale: Int
    /// The largest unscaled value of 64 bits.
    let limit: Int64

    init(precision: Int, scale: Int) {
        self.precision = precision
        self.scale = scale
        limit = Int64(min(DecimalMath.powerOfTen(precision) - 1, Int128(Int64.max)))
    }

    /// Reads 1 to 16 bytes without a sign; nil when there is something else than digits around a point, too many of them
    /// after it, or too large a value.
    @inline(__always)
    func read(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int64? {
        guard let number = DecimalDigits.parse(start, length) else { return nil }
        let missing = scale &- number.fractionDigits
        guard missing >= 0, missing <= 18 else { return nil }
        let (value, overflowed) = number.digits.multipliedReportingOverflow(by: DecimalDigits.powers[missing])
        return overflowed || value > limit ? nil : value
    }
}

/// Reads digits with at most one point among them.
private enum DecimalDigits {
    struct Number {
        /// All digits, the point left out.
        var digits: Int64
        var fractionDigits: Int
    }

    private static let points: UInt64 = 0x2E2E_2E2E_2E2E_2E2E

    /// Marks the first byte that is a point at its high bit.
    @inline(__always)
    private static func firstPoint(_ word: UInt64) -> UInt64 {
        let difference = word ^ points
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    /// Reads 1 to 16 bytes; nil when they are not digits around at most one point.
    @inline(__always)
    static func parse(_ start: UnsafePointer<UInt8>, _ length: Int) -> Number? {
        if length > 8 { return length <= 16 ? parseLong(start, length) : nil }
        guard length > 0 else { return nil }
        let word = Digits.word(start)
        let inside: UInt64 = ~0 >> UInt64(truncatingIfNeeded: (8 &- length) &* 8)
        let point = firstPoint(word) & inside
        // Without a point this is 8, and what follows leaves all digits where they are.
        let before = point == 0 ? 8 : point.trailingZeroBitCount >> 3
        let hasPoint = point == 0 ? 0 : 1
        let keep: UInt64 = hasPoint == 0 ? ~0 : (1 << UInt64(truncatingIfNeeded: before &* 8)) &- 1
        let count = length &- hasPoint
        guard count > 0 else { return nil }
        let joined = (word & keep | word >> 8 & ~keep) ^ Digits.zeros
        let digits = joined << UInt64(truncatingIfNeeded: (8 &- count) &* 8)
        guard Digits.strangers(digits) == 0 else { return nil }
        return Number(
            digits: Int64(truncatingIfNeeded: Digits.value(digits)),
            fractionDigits: hasPoint == 0 ? 0 : count &- before)
    }

    /// Reads 9 to 16 bytes.
    @inline(__always)
    private static func parseLong(_ start: UnsafePointer<UInt8>, _ length: Int) -> Number? {
        let low = Digits.word(start)
        let high = Digits.word(start + 8)
        let lowPoint = firstPoint(low)
        let inside: UInt64 = ~0 >> UInt64(truncatingIfNeeded: (16 &- length) &* 8)
        let highPoint = firstPoint(high) & inside
        if lowPoint | highPoint == 0 {
            return Digits.parseLong(start, length).map {
                Number(digits: Int64(truncatingIfNeeded: $0), fractionDigits: 0)
            }
        }
        let before = lowPoint != 0 ? lowPoint.trailingZeroBitCount >> 3 : 8 &+ highPoint.trailingZeroBitCount >> 3
        let fractionDigits = length &- before &- 1
        // Both parts are read as numbers of their own; either may be empty.
        let whole: UInt64? = before == 0 ? 0 : Digits.parse(start, before)
        let fraction: UInt64? = fractionDigits == 0 ? 0 : Digits.parse(start + (before &+ 1), fractionDigits)
        guard let whole, let fraction else { return nil }
        let scaled = whole &* UInt64(truncatingIfNeeded: powers[fractionDigits])
        return Number(digits: Int64(truncatingIfNeeded: scaled &+ fraction), fractionDigits: fractionDigits)
    }

    static let powers: [Int64] = (0...18).map { Int64(DecimalMath.powerOfTen($0)) }
}
