public import HoneyPlan

/// `describe [extended|formatted] t [partition (…)] [column]`
public struct DescribeTable: Command {
    public var table: TableName
    public var style: Style
    public var partition: [PartitionValue]
    /// A column and the way into it, such as `c`, `$elem$`, `field`; empty for the whole table.
    public var column: [String]

    public init(table: TableName, style: Style = .plain, partition: [PartitionValue] = [], column: [String] = []) {
        self.table = table
        self.style = style
        self.partition = partition
        self.column = column
    }
}
