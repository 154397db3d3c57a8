public import HoneyPlan

/// `alter table t partition (…) rename to partition (…)`
public struct RenamePartition: Command {
    public var table: TableName
    public var from: [PartitionValue]
    public var to: [PartitionValue]

    public init(table: TableName, from: [PartitionValue], to: [PartitionValue]) {
        self.table = table
        self.from = from
        self.to = to
    }
}
