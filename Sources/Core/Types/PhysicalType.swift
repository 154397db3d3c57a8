/// How a column's values lie in memory. Kernels dispatch on this, once per batch.
public enum PhysicalType: Hashable, Sendable {
    /// One byte a row, 0 or 1.
    case bool
    case int8
    case int16
    /// int, date, interval_year_month
    case int32
    /// bigint, decimal of at most 18 digits (unscaled)
    case int64
    /// decimal of 19 to 38 digits (unscaled), timestamp and interval_day_time (nanoseconds)
    case int128
    case float
    case double
    /// A `BytesView` a row: string, varchar, char, binary.
    case bytes
    /// A `ListEntry` a row into one child column (array) or two (map: keys, values).
    case list
    /// No values of its own: one child column a field (union: the tag, then the branches), each as long as the parent.
    case structure

    /// Bytes a value takes in `Column.data`.
    @inlinable public var width: Int {
        switch self {
        case .bool, .int8: 1
        case .int16: 2
        case .int32, .float: 4
        case .int64, .double, .list: 8
        case .int128, .bytes: 16
        case .structure: 0
        }
    }
}

extension DataType {
    /// The widest decimal whose unscaled values are held in 64 bits.
    public static let maximumShortDecimalPrecision = 18

    public var physical: PhysicalType {
        switch self {
        case .void, .boolean: .bool
        case .tinyint: .int8
        case .smallint: .int16
        case .int, .date, .intervalYearMonth: .int32
        case .bigint: .int64
        case .float: .float
        case .double: .double
        case .decimal(let precision, _): precision <= DataType.maximumShortDecimalPrecision ? .int64 : .int128
        case .timestamp, .intervalDayTime: .int128
        case .string, .varchar, .char, .binary: .bytes
        case .array, .map: .list
        case .structure, .union: .structure
        }
    }
}
