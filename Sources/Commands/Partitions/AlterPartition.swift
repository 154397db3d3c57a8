public import HoneyPlan

/// `alter table t partition (…) set location|serde|serdeproperties|fileformat …`
public struct AlterPartition: Command {
    public var table: TableName
    public var partition: [PartitionValue]
    public var change: StorageChange

    public init(table: TableName, partition: [PartitionValue], change: StorageChange) {
        self.table = table
        self.partition = partition
        self.change = change
    }
}
