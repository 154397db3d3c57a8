public import HoneyPlan

/// `show create database d`
public struct ShowCreateDatabase: Command {
    public var name: String

    public init(name: String) {
        self.name = name
    }
}
