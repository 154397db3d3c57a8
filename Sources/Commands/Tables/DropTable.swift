public import HoneyPlan

/// `drop table [if exists] t`; a managed table's files go too.
public struct DropTable: Command {
    public var name: TableName
    public var ifExists: Bool
    /// `drop view`
    public var dropsView: Bool

    public init(name: TableName, ifExists: Bool = false, dropsView: Bool = false) {
        self.name = name
        self.ifExists = ifExists
        self.dropsView = dropsView
    }
}
