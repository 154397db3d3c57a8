public import HoneyPlan

/// `show columns in t`
public struct ShowColumns: Command {
    public var table: TableName
    public var pattern: NamePattern?

    public init(table: TableName, pattern: NamePattern? = nil) {
        self.table = table
        self.pattern = pattern
    }
}
