public import HoneyPlan

/// `alter database …`
public struct AlterDatabase: Command {
    public var name: String
    public var change: Change

    public init(name: String, change: Change) {
        self.name = name
        self.change = change
    }
}
