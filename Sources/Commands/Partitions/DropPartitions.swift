public import HoneyPlan

/// `alter table t drop [if exists] partition (…), …`
public struct DropPartitions: Command {
    public var table: TableName
    /// Each a conjunction; partitions that meet any are dropped.
    public var partitions: [[PartitionCondition]]
    public var ifExists: Bool

    public init(table: TableName, partitions: [[PartitionCondition]], ifExists: Bool = false) {
        self.table = table
        self.partitions = partitions
        self.ifExists = ifExists
    }
}
