public import HoneyPlan

/// `load data [local] inpath '…' [overwrite] into table t [partition (…)]`
public struct LoadData: Command {
    /// A file, a directory, or a name with `*` and `?`.
    public var path: String
    public var isLocal: Bool
    public var isOverwrite: Bool
    public var table: TableName
    public var partition: [PartitionValue]

    public init(
        path: String, isLocal: Bool = false, isOverwrite: Bool = false, table: TableName,
        partition: [PartitionValue] = []
    ) {
        self.path = path
        self.isLocal = isLocal
        self.isOverwrite = isOverwrite
        self.table = table
        self.partition = partition
    }
}
