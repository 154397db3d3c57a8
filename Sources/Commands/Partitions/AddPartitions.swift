public import HoneyPlan

/// `alter table t add [if not exists] partition (…) [location '…'] …`
public struct AddPartitions: Command {
    public var table: TableName
    public var partitions: [NewPartition]
    public var ifNotExists: Bool

    public init(table: TableName, partitions: [NewPartition], ifNotExists: Bool = false) {
        self.table = table
        self.partitions = partitions
        self.ifNotExists = ifNotExists
    }
}
