public import HoneyPlan

/// `show functions ['pattern']`
public struct ShowFunctions: Command {
    public var pattern: NamePattern?

    public init(pattern: NamePattern? = nil) {
        self.pattern = pattern
    }
}
