public import HoneyPlan

/// `show tblproperties t [('key')]`
public struct ShowTableProperties: Command {
    public var table: TableName
    public var key: String?

    public init(table: TableName, key: String? = nil) {
        self.table = table
        self.key = key
    }
}
