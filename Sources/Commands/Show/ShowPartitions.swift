public import HoneyPlan

/// `show partitions t [partition (…)]`
public struct ShowPartitions: Command {
    public var table: TableName
    /// Only partitions with these values.
    public var partition: [PartitionValue]

    public init(table: TableName, partition: [PartitionValue] = []) {
        self.table = table
        self.partition = partition
    }
}
