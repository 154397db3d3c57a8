public import HoneyPlan

/// `show table extended [in db] like 'pattern' [partition (…)]`
public struct ShowTableExtended: Command {
    public var database: String?
    public var pattern: NamePattern
    public var partition: [PartitionValue]

    public init(database: String? = nil, pattern: NamePattern, partition: [PartitionValue] = []) {
        self.database = database
        self.pattern = pattern
        self.partition = partition
    }
}
