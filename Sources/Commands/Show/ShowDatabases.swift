public import HoneyPlan

/// `show databases [like 'pattern']`
public struct ShowDatabases: Command {
    public var pattern: NamePattern?

    public init(pattern: NamePattern? = nil) {
        self.pattern = pattern
    }
}
