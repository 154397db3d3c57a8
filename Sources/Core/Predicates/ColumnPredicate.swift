/// A condition on one column that storage can check against statistics, partition values or stored data.
public enum ColumnPredicate: Hashable, Sendable, Codable {
    /// Rows whose value lies between the bounds; a nil bound is open. Null never passes.
    case range(column: Int, lower: Bound?, upper: Bound?)
    case oneOf(column: Int, values: [Value])
    case isNull(column: Int)
    case isNotNull(column: Int)

    public struct Bound: Hashable, Sendable, Codable {
        public var value: Value
        public var isInclusive: Bool

        public init(_ value: Value, isInclusive: Bool) {
            self.value = value
            self.isInclusive = isInclusive
        }
    }

    public var column: Int {
        switch self {
        case .range(let column, _, _), .oneOf(let column, _), .isNull(let column), .isNotNull(let column): column
        }
    }
}
