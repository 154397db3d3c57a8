/// Reads and writes integers as text.
public enum IntegerText {
    /// Reads `[+-]digits[.digits]`; a fraction must be digits and is dropped.
    ///
    /// A digit is needed on one side of a point. Nil for anything else, spaces and overflow of 64 bits included.
    @inlinable public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        let count = bytes.count
        guard count > 0, let start = bytes.baseAddress else { return nil }
        let first = start[0]
        let isNegative = first == 0x2D
        var index = isNegative || first == 0x2B ? 1 : 0
        // Eighteen digits never overflow; anything longer or with a point goes the careful way.
        guard count > index, count &- index <= 18 else { return parseCarefully(bytes) }
        var value: Int64 = 0
        while index < count {
            let digit = start[index] &- 0x30
            if digit > 9 { return parseCarefully(bytes) }
            value = value &* 10 &+ Int64(digit)
            index &+= 1
        }
        return isNegative ? 0 &- value : value
    }

    @usableFromInline @inline(never)
    static func parseCarefully(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = bytes.first else { return nil }
        let isNegative = first == 0x2D
        var index = isNegative || first == 0x2B ? 1 : 0
        // The point alone is no number.
        guard index < bytes.count, bytes[index] != 0x2E || index + 1 < bytes.count else { return nil }
        // Counts down, since the smallest integer has no positive counterpart.
        var value: Int64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- 0x30
            if digit > 9 {
                guard bytes[index] == 0x2E else { return nil }
                for rest in bytes[(index + 1)...] where rest &- 0x30 > 9 { return nil }
                break
            }
            let (scaled, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (next, borrowed) = scaled.subtractingReportingOverflow(Int64(digit))
            if overflowed || borrowed { return nil }
            value = next
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Writes the decimal digits, a minus sign before negative ones.
    public static func append(_ value: Int64, to sink: inout ByteSink) {
        if value < 0 { sink.append(0x2D) }
        append(value.magnitude, to: &sink)
    }

    /// Writes an unsigned integer, with zeros before it up to `minimumDigits` (at most 20).
    public static func append(_ value: UInt64, minimumDigits: Int = 1, to sink: inout ByteSink) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            var rest = value
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start -= 1
                digits[start] = 0x30 + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            } while rest != 0
            while 20 - start < min(minimumDigits, 20) {
                start -= 1
                digits[start] = 0x30
            }
            sink.append(UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Writes a wide integer.
    public static func append(_ value: Int128, to sink: inout ByteSink) {
        if let narrow = Int64(exactly: value) { return append(narrow, to: &sink) }
        if value < 0 { sink.append(0x2D) }
        append(value.magnitude, to: &sink)
    }

    static func append(_ value: UInt128, to sink: inout ByteSink) {
        if let narrow = UInt64(exactly: value) { return append(narrow, to: &sink) }
        let (high, low) = value.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
        append(high, to: &sink)
        append(UInt64(truncatingIfNeeded: low), minimumDigits: 19, to: &sink)
    }
}
