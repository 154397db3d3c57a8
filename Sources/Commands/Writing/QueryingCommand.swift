public import HoneyPlan

/// A command that runs queries; EXPLAIN shows their plans.
public protocol QueryingCommand: Command {
    /// The queries, in the statement's order.
    var queries: [LogicalPlan] { get }
}

extension CreateTableAsSelect {
    public var queries: [LogicalPlan] { [query] }
}

extension InsertIntoTable {
    public var queries: [LogicalPlan] { inserts.map(\.query) }
}

extension InsertIntoDirectory {
    public var queries: [LogicalPlan] { [query] }
}
