public import HoneyCore

/// A table as a statement names it, `t` or `db.t`, lower-case.
public struct TableName: Hashable, Sendable, CustomStringConvertible {
    /// nil: the session's current database.
    public var database: String?
    public var name: String
    /// Where the statement names it, for errors.
    public var position: SourcePosition?

    public init(database: String? = nil, _ name: String, at position: SourcePosition? = nil) {
        self.database = database?.lowercased()
        self.name = name.lowercased()
        self.position = position
    }

    public var description: String { database.map { "\($0).\(name)" } ?? name }
}

/// A partition key with the value a statement gives it.
public struct PartitionValue: Hashable, Sendable {
    public var key: String
    /// The literal's text, unquoted; nil for none given: a dynamic partition of an INSERT.
    public var value: String?

    public init(_ key: String, _ value: String?) {
        self.key = key.lowercased()
        self.value = value
    }
}

/// A condition that chooses partitions: `year < '2010'`.
public struct PartitionCondition: Hashable, Sendable {
    public enum Comparison: String, Hashable, Sendable {
        case equal = "="
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    public var key: String
    public var comparison: Comparison
    public var value: String

    public init(_ key: String, _ comparison: Comparison, _ value: String) {
        self.key = key.lowercased()
        self.comparison = comparison
        self.value = value
    }
}
