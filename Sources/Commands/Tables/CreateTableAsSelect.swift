public import HoneyPlan

/// `create table [if not exists] t … as select …`; the table's columns are the query's.
public struct CreateTableAsSelect: QueryingCommand {
    /// Without columns and partition keys.
    public var definition: CreateTable
    public var query: LogicalPlan

    public init(definition: CreateTable, query: LogicalPlan) {
        self.definition = definition
        self.query = query
    }
}
