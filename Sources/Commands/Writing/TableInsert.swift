public import HoneyPlan

/// One target of an INSERT with the query that gives its rows.
public struct TableInsert: Hashable, Sendable {
    public var table: TableName
    /// Replaces what is there, instead of adding to it.
    public var isOverwrite: Bool
    /// `insert overwrite … if not exists`: does nothing when the (static) partition is there.
    public var ifNotExists: Bool
    /// Static keys with their values, then dynamic ones without.
    public var partition: [PartitionValue]
    /// The columns the query's are for, in order, when the statement lists them; others become null.
    public var columns: [String]?
    /// Its outputs are the stored columns, then the dynamic partition keys; they are cast to the table's types.
    public var query: LogicalPlan

    public init(
        table: TableName, isOverwrite: Bool, ifNotExists: Bool = false, partition: [PartitionValue] = [],
        columns: [String]? = nil, query: LogicalPlan
    ) {
        self.table = table
        self.isOverwrite = isOverwrite
        self.ifNotExists = ifNotExists
        self.partition = partition
        self.columns = columns
        self.query = query
    }
}
