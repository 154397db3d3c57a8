public import HoneyPlan

/// `alter table t …`
public struct AlterTable: Command {
    public var table: TableName
    public var change: Change
    /// `alter view`
    public var isView: Bool

    public init(table: TableName, change: Change, isView: Bool = false) {
        self.table = table
        self.change = change
        self.isView = isView
    }
}
