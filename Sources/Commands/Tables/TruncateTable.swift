public import HoneyPlan

/// `truncate table t [partition (…)]`
public struct TruncateTable: Command {
    public var table: TableName
    public var partition: [PartitionValue]

    public init(table: TableName, partition: [PartitionValue] = []) {
        self.table = table
        self.partition = partition
    }
}
