/// Arithmetic on unscaled decimals as Hive does it: rounding half up (away from zero), nil where nothing fits.
public enum DecimalMath {
    @usableFromInline nonisolated(unsafe) static let wideTable: UnsafePointer<Int128> = {
        let table = UnsafeMutablePointer<Int128>.allocate(capacity: 39)
        var power: Int128 = 1
        for index in 0...38 {
            table[index] = power
            if index < 38 { power *= 10 }
        }
        return UnsafePointer(table)
    }()

    @usableFromInline nonisolated(unsafe) static let narrowTable: UnsafePointer<Int64> = {
        let table = UnsafeMutablePointer<Int64>.allocate(capacity: 19)
        for index in 0...18 { table[index] = Int64(truncatingIfNeeded: wideTable[index]) }
        return UnsafePointer(table)
    }()

    /// 10^n for `n` in 0...38.
    @inlinable public static func powerOfTen(_ n: Int) -> Int128 { wideTable[n] }

    /// 10^n for `n` in 0...18.
    @inlinable public static func powerOfTen64(_ n: Int) -> Int64 { narrowTable[n] }

    /// Tells whether a value has at most `precision` digits.
    @inlinable public static func fits(_ unscaled: Int128, precision: Int) -> Bool {
        unscaled.magnitude < wideTable[precision].magnitude
    }

    /// Changes the scale; nil when 128 bits do not hold the result (38 digits are not checked).
    @inlinable public static func rescale(_ unscaled: Int128, from: Int, to: Int) -> Int128? {
        if from == to { return unscaled }
        if to > from {
            if to - from > 38 { return unscaled == 0 ? 0 : nil }
            let (product, overflow) = unscaled.multipliedReportingOverflow(by: wideTable[to - from])
            return overflow ? nil : product
        }
        return dropDigits(unscaled, from - to)
    }

    /// Divides by 10^digits, rounding half up.
    @inlinable public static func dropDigits(_ unscaled: Int128, _ digits: Int) -> Int128 {
        if digits <= 0 { return unscaled }
        if digits > 38 { return 0 }
        if digits <= 18, let narrow = Int64(exactly: unscaled) { return Int128(dropDigits64(narrow, digits)) }
        return divideHalfUp(unscaled, by: wideTable[digits])
    }

    /// Divides by 10^digits (at most 18), rounding half up.
    @inlinable public static func dropDigits64(_ unscaled: Int64, _ digits: Int) -> Int64 {
        let divisor = narrowTable[digits]
        let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: divisor)
        if remainder.magnitude >= (divisor &+ 1).magnitude / 2, digits > 0 {
            return unscaled < 0 ? quotient &- 1 : quotient &+ 1
        }
        return quotient
    }

    /// Divides, rounding half up; `divisor` must be positive.
    @usableFromInline static func divideHalfUp(_ value: Int128, by divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        if remainder.magnitude >= divisor.magnitude - remainder.magnitude {
            return value < 0 ? quotient - 1 : quotient + 1
        }
        return quotient
    }

    /// Adds two values of their scales into `scale`, rounding once at the end.
    public static func add(_ a: Int128, scale scaleA: Int, _ b: Int128, scale scaleB: Int, to scale: Int) -> Int128? {
        let common = max(scaleA, scaleB)
        guard let x = rescale(a, from: scaleA, to: common), let y = rescale(b, from: scaleB, to: common) else {
            return nil
        }
        let (sum, overflow) = x.addingReportingOverflow(y)
        return overflow ? nil : rescale(sum, from: common, to: scale)
    }

    /// Multiplies and drops `digits` digits from the product, which may take up to 256 bits.
    public static func multiply(_ a: Int128, _ b: Int128, dropping digits: Int) -> Int128? {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        if !overflow { return dropDigits(product, digits) }
        guard digits > 0, digits <= 38 else { return nil }
        let wide = a.magnitude.multipliedFullWidth(by: b.magnitude)
        return divideWide(wide.high, wide.low, by: wideTable[digits].magnitude, isNegative: (a < 0) != (b < 0))
    }

    /// Divides two values of their scales into `scale`; nil for a divisor of zero or overflow.
    public static func divide(
        _ a: Int128, scale scaleA: Int, by b: Int128, scale scaleB: Int, to scale: Int
    ) -> Int128? {
        if b == 0 { return nil }
        let shift = scale - scaleA + scaleB
        let isNegative = (a < 0) != (b < 0)
        if shift >= 0, shift <= 38 {
            let wide = a.magnitude.multipliedFullWidth(by: wideTable[shift].magnitude)
            return divideWide(wide.high, wide.low, by: b.magnitude, isNegative: isNegative)
        }
        if shift < 0, shift >= -38 {
            let (divisor, overflow) = b.magnitude.multipliedReportingOverflow(by: wideTable[-shift].magnitude)
            return overflow ? 0 : divideWide(0, a.magnitude, by: divisor, isNegative: isNegative)
        }
        // More than 38 further digits: shift in two steps, which cannot fit unless the value is tiny.
        guard shift > 38, shift <= 76 else { return shift < 0 ? 0 : nil }
        let first = a.magnitude.multipliedFullWidth(by: wideTable[shift - 38].magnitude)
        guard first.high == 0 else { return nil }
        let second = first.low.multipliedFullWidth(by: wideTable[38].magnitude)
        return divideWide(second.high, second.low, by: b.magnitude, isNegative: isNegative)
    }

    /// Divides 256 bits by 128, rounding half up; nil when the quotient does not fit.
    private static func divideWide(_ high: UInt128, _ low: UInt128, by divisor: UInt128, isNegative: Bool) -> Int128? {
        guard high < divisor else { return nil }
        let (quotient, remainder) =
            high == 0 ? low.quotientAndRemainder(dividingBy: divisor) : divisor.dividingFullWidth((high, low))
        let increment: UInt128 = remainder >= divisor - remainder ? 1 : 0
        let (rounded, overflow) = quotient.addingReportingOverflow(increment)
        guard !overflow, let value = Int128(exactly: rounded) else { return nil }
        return isNegative ? -value : value
    }

    /// The remainder with the dividend's sign, in the larger of the two scales; nil for a divisor of zero or overflow.
    public static func remainder(_ a: Int128, scale scaleA: Int, by b: Int128, scale scaleB: Int) -> Int128? {
        if b == 0 { return nil }
        let common = max(scaleA, scaleB)
        guard let x = rescale(a, from: scaleA, to: common) else { return nil }
        // A divisor too large to widen is larger than any dividend.
        guard let y = rescale(b, from: scaleB, to: common) else { return x }
        return y == -1 ? 0 : x % y
    }

    /// The nearest decimal of a double's shortest text; nil for NaN, infinities and overflow.
    public static func decimal(of value: Double, precision: Int, scale: Int) -> Int128? {
        guard value.isFinite else { return nil }
        var sink = ByteSink()
        RealText.append(value, to: &sink)
        return sink.withBytes { DecimalText.parse($0, precision: precision, scale: scale) }
    }

    /// The double nearest to a decimal.
    @inlinable public static func double(of unscaled: Int128, scale: Int) -> Double {
        // Both operands are exact here, so the quotient is rounded once.
        if scale <= 22, let narrow = Int64(exactly: unscaled), narrow.magnitude < 1 << 53 {
            return scale == 0 ? Double(narrow) : Double(narrow) / RealText.exactPowers[scale]
        }
        return doubleFromText(unscaled, scale: scale)
    }

    @usableFromInline @inline(never)
    static func doubleFromText(_ unscaled: Int128, scale: Int) -> Double {
        var sink = ByteSink()
        DecimalText.append(unscaled, scale: scale, to: &sink)
        return sink.withBytes { RealText.parseDouble($0) } ?? .nan
    }
}
