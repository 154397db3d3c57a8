import HoneyCore

extension CastKernel {
    /// Converts integers, and booleans as 0 and 1. Narrower integers keep the low bits.
    func integerConversion<A: FixedWidthInteger & BitwiseCopyable>(_: A.Type) -> Conversion? {
        let isBoolean = from == .boolean
        switch to {
        case .boolean: return { mapped($0, $1, $2) { (x: A) -> UInt8 in x == 0 ? 0 : 1 } }
        case .tinyint: return { mapped($0, $1, $2) { (x: A) -> Int8 in Int8(truncatingIfNeeded: x) } }
        case .smallint: return { mapped($0, $1, $2) { (x: A) -> Int16 in Int16(truncatingIfNeeded: x) } }
        case .int: return { mapped($0, $1, $2) { (x: A) -> Int32 in Int32(truncatingIfNeeded: x) } }
        case .bigint: return { mapped($0, $1, $2) { (x: A) -> Int64 in Int64(truncatingIfNeeded: x) } }
        case .float: return { mapped($0, $1, $2) { (x: A) -> Float in Float(x) } }
        case .double: return { mapped($0, $1, $2) { (x: A) -> Double in Double(x) } }
        case .decimal(let precision, let scale): return integerToDecimal(A.self, precision, scale)
        case .timestamp:
            let unit: Int128 = integersAreSeconds && !isBoolean ? 1_000_000_000 : 1_000_000
            return { mapped($0, $1, $2) { (x: A) -> Int128 in Int128(truncatingIfNeeded: x) * unit } }
        case .string, .varchar, .char: return printing()
        default: return nil
        }
    }

    private func integerToDecimal<A: FixedWidthInteger & BitwiseCopyable>(
        _: A.Type, _ precision: Int, _ scale: Int
    ) -> Conversion {
        let digits = from.integerDigits ?? 1
        if digits + scale <= precision {
            if precision <= DataType.maximumShortDecimalPrecision {
                let factor = DecimalMath.powerOfTen64(scale)
                return { mapped($0, $1, $2) { (x: A) -> Int64 in Int64(truncatingIfNeeded: x) &* factor } }
            }
            let factor = DecimalMath.powerOfTen(scale)
            return { mapped($0, $1, $2) { (x: A) -> Int128 in Int128(truncatingIfNeeded: x) &* factor } }
        }
        return toDecimal(precision) { (x: A) in
            DecimalMath.rescale(Int128(truncatingIfNeeded: x), from: 0, to: scale)
        }
    }

    /// Converts floating-point numbers. Integers stop at their limits as in Java, the narrow ones by way of int.
    func realConversion<A: BinaryFloatingPoint & BitwiseCopyable>(_: A.Type) -> Conversion? {
        switch to {
        case .boolean: return { mapped($0, $1, $2) { (x: A) -> UInt8 in x == 0 ? 0 : 1 } }
        case .tinyint:
            return { mapped($0, $1, $2) { (x: A) -> Int8 in Int8(truncatingIfNeeded: saturated(x, Int32.self)) } }
        case .smallint:
            return { mapped($0, $1, $2) { (x: A) -> Int16 in Int16(truncatingIfNeeded: saturated(x, Int32.self)) } }
        case .int: return { mapped($0, $1, $2) { (x: A) -> Int32 in saturated(x, Int32.self) } }
        case .bigint: return { mapped($0, $1, $2) { (x: A) -> Int64 in saturated(x, Int64.self) } }
        case .float: return { mapped($0, $1, $2) { (x: A) -> Float in Float(x) } }
        case .double: return { mapped($0, $1, $2) { (x: A) -> Double in Double(x) } }
        case .decimal(let precision, let scale):
            if from == .float {
                return toDecimal(precision) { (x: Float) in
                    guard x.isFinite else { return nil }
                    var sink = ByteSink()
                    RealText.append(x, to: &sink)
                    return sink.withBytes { DecimalText.parse($0, precision: precision, scale: scale) }
                }
            }
            return toDecimal(precision) { (x: Double) in
                DecimalMath.decimal(of: x, precision: precision, scale: scale)
            }
        case .timestamp: return trying(empty: 0 as Int128) { (x: A) in timestamp(ofSeconds: Double(x)) }
        case .string, .varchar, .char: return printing()
        default: return nil
        }
    }

    /// Converts to an integer as Java does: toward zero, NaN to 0, the rest to the nearest limit.
    @inline(__always)
    private func saturated<A: BinaryFloatingPoint, R: FixedWidthInteger>(_ value: A, _: R.Type) -> R {
        if value.isNaN { return 0 }
        let wide = Double(value)
        if wide >= Double(R.max) { return .max }
        if wide <= Double(R.min) { return .min }
        return R(wide)
    }

    private func timestamp(ofSeconds seconds: Double) -> Int128? {
        // Beyond this the year has more than six digits.
        guard seconds.magnitude < 3e13 else { return nil }
        let whole = seconds.rounded(.down)
        let fraction = ((seconds - whole) * 1e9).rounded()
        return Int128(whole) * 1_000_000_000 + Int128(fraction)
    }

    /// Converts decimals; integers that do not hold the whole part become null.
    func decimalConversion(precision: Int, scale: Int) -> Conversion? {
        switch to {
        case .decimal(let newPrecision, let newScale):
            return decimalToDecimal(precision, scale, newPrecision, newScale)
        case .string, .varchar, .char: return printing()
        default:
            return from.physical == .int64
                ? decimalToOthers(scale) { (x: Int64) -> Int128 in Int128(x) }
                : decimalToOthers(scale) { (x: Int128) -> Int128 in x }
        }
    }

    private func decimalToOthers<A: BitwiseCopyable>(
        _ scale: Int, _ widened: @escaping (A) -> Int128
    ) -> Conversion? {
        let unit = DecimalMath.powerOfTen(scale)
        switch to {
        case .boolean: return { mapped($0, $1, $2) { (x: A) -> UInt8 in widened(x) == 0 ? 0 : 1 } }
        case .tinyint: return trying(empty: 0 as Int8) { (x: A) in Int8(exactly: widened(x) / unit) }
        case .smallint: return trying(empty: 0 as Int16) { (x: A) in Int16(exactly: widened(x) / unit) }
        case .int: return trying(empty: 0 as Int32) { (x: A) in Int32(exactly: widened(x) / unit) }
        case .bigint: return trying(empty: 0 as Int64) { (x: A) in Int64(exactly: widened(x) / unit) }
        case .float:
            return { mapped($0, $1, $2) { (x: A) -> Float in Float(DecimalMath.double(of: widened(x), scale: scale)) } }
        case .double:
            return { mapped($0, $1, $2) { (x: A) -> Double in DecimalMath.double(of: widened(x), scale: scale) } }
        case .timestamp:
            return trying(empty: 0 as Int128) { (x: A) in DecimalMath.rescale(widened(x), from: scale, to: 9) }
        default: return nil
        }
    }

    private func decimalToDecimal(_ p1: Int, _ s1: Int, _ p2: Int, _ s2: Int) -> Conversion {
        let cannotOverflow = p2 - s2 >= p1 - s1 && s2 >= s1
        let fromShort = from.physical == .int64
        let toShort = to.physical == .int64
        guard cannotOverflow else {
            return fromShort
                ? toDecimal(p2) { (x: Int64) in DecimalMath.rescale(Int128(x), from: s1, to: s2) }
                : toDecimal(p2) { (x: Int128) in DecimalMath.rescale(x, from: s1, to: s2) }
        }
        if fromShort == toShort, s1 == s2 {
            let to = to
            return { column, _, _ in column.retyped(to) }
        }
        if toShort {
            let factor = DecimalMath.powerOfTen64(s2 - s1)
            return { mapped($0, $1, $2) { (x: Int64) -> Int64 in x &* factor } }
        }
        let factor = DecimalMath.powerOfTen(s2 - s1)
        return fromShort
            ? { mapped($0, $1, $2) { (x: Int64) -> Int128 in Int128(x) &* factor } }
            : { mapped($0, $1, $2) { (x: Int128) -> Int128 in x &* factor } }
    }
}
