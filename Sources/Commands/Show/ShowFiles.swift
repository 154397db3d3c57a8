public import HoneyPlan

/// `show files in t [partition (…)]`, as Impala has it: each file with its size and partition.
public struct ShowFiles: Command {
    public var table: TableName
    /// Only files of partitions with these values.
    public var partition: [PartitionValue]

    public init(table: TableName, partition: [PartitionValue] = []) {
        self.table = table
        self.partition = partition
    }
}
