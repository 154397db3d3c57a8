public import HoneyPlan

/// `msck [repair] table t [partition (…)] [add|drop|sync partitions]`: tells which partitions the file system and the metastore
/// do not have both, and with `repair` brings the metastore in line.
public struct RepairTable: Command {
    public var table: TableName
    /// Only partitions with these values.
    public var partition: [PartitionValue] = []
    /// Changes the metastore; without it partitions are only told.
    public var repairs: Bool
    /// Adds partitions whose directories are there.
    public var adds = true
    /// Drops partitions whose directories are not.
    public var drops = false

    public init(table: TableName, repairs: Bool) {
        self.table = table
        self.repairs = repairs
    }
}
