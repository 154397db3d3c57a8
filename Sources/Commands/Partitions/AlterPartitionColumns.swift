public import HoneyPlan

/// `alter table t partition (…) add columns|replace columns|change …`: how the partition's files are read.
public struct AlterPartitionColumns: Command {
    public var table: TableName
    public var partition: [PartitionValue]
    /// A change of columns.
    public var change: AlterTable.Change

    public init(table: TableName, partition: [PartitionValue], change: AlterTable.Change) {
        self.table = table
        self.partition = partition
        self.change = change
    }
}
