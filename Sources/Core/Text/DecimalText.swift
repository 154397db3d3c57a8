/// Reads and writes exact decimals as text.
public enum DecimalText {
    /// Reads `[+-]digits[.digits][e[+-]digits]` into an unscaled value of the type, rounding half up (away from zero).
    ///
    /// Nil when the text is anything else or its integer digits do not fit.
    @inlinable public static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, precision: Int, scale: Int
    ) -> Int128? {
        if precision <= 18 {
            guard let short = parseShort(bytes, precision: precision, scale: scale) else { return nil }
            return Int128(short)
        }
        return parseCarefully(bytes, precision: precision, scale: scale)
    }

    /// Reads a decimal whose type has at most 18 digits; the form scans use.
    @inlinable public static func parseShort(
        _ bytes: UnsafeBufferPointer<UInt8>, precision: Int, scale: Int
    ) -> Int64? {
        let count = bytes.count
        guard count > 0, count <= 18, let start = bytes.baseAddress else {
            return parseCarefully(bytes, precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
        }
        let isNegative = start[0] == 0x2D
        let first = isNegative || start[0] == 0x2B ? 1 : 0
        var index = first
        var value: Int64 = 0
        while index < count {
            let digit = start[index] &- 0x30
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            index &+= 1
        }
        var fractionDigits = 0
        if index < count, start[index] == 0x2E {
            index &+= 1
            fractionDigits = count &- index
            while index < count {
                let digit = start[index] &- 0x30
                if digit > 9 { break }
                value = value &* 10 &+ Int64(digit)
                index &+= 1
            }
        }
        // Something else than digits, no digit at all, or digits to round away: the careful way.
        let digits = count &- first &- (fractionDigits > 0 ? 1 : 0)
        let missing = scale &- fractionDigits
        guard index == count, digits > 0, start[count &- 1] != 0x2E, missing >= 0, digits &+ missing <= 18 else {
            return parseCarefully(bytes, precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
        }
        if missing > 0 { value = value &* DecimalMath.powerOfTen64(missing) }
        if digits &+ missing > precision, value >= DecimalMath.powerOfTen64(precision) { return nil }
        return isNegative ? 0 &- value : value
    }

    /// Reads any form of any length.
    @usableFromInline @inline(never)
    static func parseCarefully(_ bytes: UnsafeBufferPointer<UInt8>, precision: Int, scale: Int) -> Int128? {
        guard let layout = Layout(bytes) else { return nil }
        // `position` counts digits kept before the cut: the digits that count in units of 10^-scale.
        let (kept, overflow) = (layout.pointPosition + layout.exponent).addingReportingOverflow(scale)
        if overflow { return nil }
        let limit = DecimalMath.powerOfTen(precision)
        let cutoff = DecimalMath.powerOfTen(precision - 1)
        var value: Int128 = 0
        var seen = 0
        var roundsUp = false
        for index in layout.range where bytes[index] != 0x2E {
            let digit = bytes[index] &- 0x30
            if seen < kept {
                // Checked before, since ten times the largest value is more than 128 bits hold.
                if value >= cutoff { return nil }
                value = value * 10 + Int128(digit)
            } else if seen == kept {
                roundsUp = digit >= 5
            }
            seen += 1
        }
        if value != 0, kept > seen {
            if kept - seen > DataType.maximumDecimalPrecision { return nil }
            for _ in 0..<(kept - seen) {
                if value >= cutoff { return nil }
                value *= 10
            }
        }
        if roundsUp { value += 1 }
        guard value < limit else { return nil }
        return layout.isNegative ? -value : value
    }

    /// Where the parts of a decimal's text lie.
    private struct Layout {
        var isNegative = false
        /// Digits and at most one point.
        var range: Range<Int>
        /// Digits before the point.
        var pointPosition: Int
        var exponent = 0

        init?(_ bytes: UnsafeBufferPointer<UInt8>) {
            guard let first = bytes.first else { return nil }
            isNegative = first == 0x2D
            var index = isNegative || first == 0x2B ? 1 : 0
            let start = index
            var digits = 0
            var point: Int?
            while index < bytes.count {
                if bytes[index] &- 0x30 <= 9 {
                    digits += 1
                } else if bytes[index] == 0x2E, point == nil {
                    point = digits
                } else {
                    break
                }
                index += 1
            }
            guard digits > 0 else { return nil }
            range = start..<index
            pointPosition = point ?? digits
            guard index < bytes.count else { return }
            guard bytes[index] | 0x20 == 0x65 else { return nil }
            let rest = UnsafeBufferPointer(rebasing: bytes[(index + 1)...])
            guard !rest.contains(0x2E), let parsed = IntegerText.parse(rest) else { return nil }
            // Exponents beyond this decide between zero and overflow just the same.
            exponent = Int(min(max(parsed, -1 << 40), 1 << 40))
        }
    }

    /// Writes the plain form with exactly `scale` digits after the point.
    public static func append(_ unscaled: Int128, scale: Int, to sink: inout ByteSink) {
        if unscaled < 0 { sink.append(0x2D) }
        let magnitude = unscaled.magnitude
        guard scale > 0 else { return IntegerText.append(magnitude, to: &sink) }
        if scale <= 18, let narrow = UInt64(exactly: magnitude) {
            let (whole, fraction) = narrow.quotientAndRemainder(dividingBy: UInt64(DecimalMath.powerOfTen64(scale)))
            IntegerText.append(whole, to: &sink)
            sink.append(0x2E)
            return IntegerText.append(fraction, minimumDigits: scale, to: &sink)
        }
        let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: DecimalMath.powerOfTen(scale).magnitude)
        IntegerText.append(whole, to: &sink)
        sink.append(0x2E)
        let (high, low) = fraction.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
        if scale > 19 { IntegerText.append(UInt64(truncatingIfNeeded: high), minimumDigits: scale - 19, to: &sink) }
        IntegerText.append(UInt64(truncatingIfNeeded: low), minimumDigits: min(scale, 19), to: &sink)
    }
}
