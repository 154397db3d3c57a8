public import HoneyPlan

/// `show create table t`
public struct ShowCreateTable: Command {
    public var table: TableName

    public init(table: TableName) {
        self.table = table
    }
}
