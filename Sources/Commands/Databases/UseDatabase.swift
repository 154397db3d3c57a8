public import HoneyPlan

/// `use …`
public struct UseDatabase: Command {
    public var name: String

    public init(name: String) {
        self.name = name
    }
}
