import HoneyCore

extension ColumnConversion {
    static let millisecondNanoseconds: Int128 = 1_000_000

    /// Whole seconds of a moment, the earlier ones when it lies between.
    static func seconds(_ moment: Int128) -> Int64 {
        let (quotient, remainder) = moment.quotientAndRemainder(dividingBy: CivilDate.nanosecondsPerSecond)
        return Int64(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient)
    }

    /// Converts between timestamps and numbers: integers count milliseconds on the way there and seconds on the way back,
    /// other numbers seconds both ways. Nil when neither is at hand.
    static func moments(_ column: Column, to type: DataType) -> Column? {
        if column.type == .timestamp { return fromMoments(column, to: type) }
        guard type == .timestamp else { return nil }
        switch column.type {
        case .tinyint: return mapped(column, type) { (value: Int8) in Int128(value) * millisecondNanoseconds }
        case .smallint: return mapped(column, type) { (value: Int16) in Int128(value) * millisecondNanoseconds }
        case .int: return mapped(column, type) { (value: Int32) in Int128(value) * millisecondNanoseconds }
        case .bigint: return mapped(column, type) { (value: Int64) in Int128(value) * millisecondNanoseconds }
        case .float: return built(column, type) { (value: Float) in moment(Double(value)) }
        case .double: return built(column, type) { (value: Double) in moment(value) }
        case .decimal(_, let scale):
            return column.physical == .int64
                ? built(column, type) { (value: Int64) in moment(Int128(value), scale: scale) }
                : built(column, type) { (value: Int128) in moment(value, scale: scale) }
        default: return nil
        }
    }

    private static func fromMoments(_ column: Column, to type: DataType) -> Column? {
        switch type {
        case .tinyint: return mapped(column, type) { (value: Int128) in Int8(truncatingIfNeeded: seconds(value)) }
        case .smallint: return mapped(column, type) { (value: Int128) in Int16(truncatingIfNeeded: seconds(value)) }
        case .int: return mapped(column, type) { (value: Int128) in Int32(truncatingIfNeeded: seconds(value)) }
        case .bigint: return mapped(column, type) { (value: Int128) in seconds(value) }
        case .float: return mapped(column, type) { (value: Int128) in Float(DecimalMath.double(of: value, scale: 9)) }
        case .double: return mapped(column, type) { (value: Int128) in DecimalMath.double(of: value, scale: 9) }
        case .decimal(let precision, let scale):
            func unscaled(_ value: Int128) -> Int128? {
                guard let result = DecimalMath.rescale(value, from: 9, to: scale),
                    DecimalMath.fits(result, precision: precision)
                else { return nil }
                return result
            }
            return type.physical == .int64
                ? built(column, type) { (value: Int128) in unscaled(value).map { Int64(truncatingIfNeeded: $0) } }
                : built(column, type) { (value: Int128) in unscaled(value) }
        default: return nil
        }
    }

    /// The moment so many seconds after the epoch; nil for what is no number or farther than timestamps go.
    private static func moment(_ seconds: Double) -> Int128? {
        guard abs(seconds) < 1e12 else { return nil }
        let whole = seconds.rounded(.towardZero)
        return Int128(whole) * CivilDate.nanosecondsPerSecond + Int128(((seconds - whole) * 1e9).rounded())
    }

    private static func moment(_ unscaled: Int128, scale: Int) -> Int128? {
        // What is farther than 10^12 seconds away is no timestamp, and could overflow.
        guard unscaled.magnitude / DecimalMath.powerOfTen(scale).magnitude < 1_000_000_000_000 else { return nil }
        let (whole, rest) = unscaled.quotientAndRemainder(dividingBy: DecimalMath.powerOfTen(scale))
        let nanoseconds = DecimalMath.rescale(rest, from: scale, to: 9) ?? 0
        return whole * CivilDate.nanosecondsPerSecond + nanoseconds
    }

    /// Converts value by value; nil becomes null.
    private static func built<S: BitwiseCopyable, T: BitwiseCopyable>(
        _ column: Column, _ type: DataType, _ transform: (S) -> T?
    ) -> Column {
        let builder = ColumnBuilder(type, capacity: column.storedCount)
        let source = column.values(as: S.self)
        for row in 0..<column.storedCount {
            if !column.isNull(at: row), let value = transform(source[row]) {
                builder.append(value)
            } else {
                builder.appendNull()
            }
        }
        return builder.finish(isConstant: column.isConstant, count: column.count)
    }
}
