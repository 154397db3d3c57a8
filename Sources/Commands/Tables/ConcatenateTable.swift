public import HoneyPlan

/// `alter table t [partition (…)] concatenate`: puts the rows of many small files into few large ones.
public struct ConcatenateTable: Command {
    public var table: TableName
    /// Only partitions with these values; needed for a partitioned table.
    public var partition: [PartitionValue]

    public init(table: TableName, partition: [PartitionValue] = []) {
        self.table = table
        self.partition = partition
    }
}
