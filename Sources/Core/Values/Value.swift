/// One SQL value outside of a column: a literal, a partition value, a bound. Its `DataType` travels beside it.
public indirect enum Value: Hashable, Sendable, Codable {
    case null
    case boolean(Bool)
    /// tinyint, smallint, int, bigint
    case integer(Int64)
    /// float (rounded to it) and double
    case real(Double)
    /// The unscaled value; the scale is the type's.
    case decimal(Int128)
    /// string, varchar, char (padded)
    case string(String)
    case binary([UInt8])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Nanoseconds since 1970-01-01 00:00:00.
    case timestamp(Int128)
    case months(Int32)
    case nanoseconds(Int128)
    case array([Value])
    case map([MapEntry])
    case structure([Value])
    /// A value of a union's type number `tag`.
    case union(tag: Int8, Value)

    public struct MapEntry: Hashable, Sendable, Codable {
        public var key: Value
        public var value: Value

        public init(_ key: Value, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    public var isNull: Bool { self == .null }
}
