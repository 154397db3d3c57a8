public import HoneyPlan

/// `drop database [if exists] … [cascade]`
public struct DropDatabase: Command {
    public var name: String
    public var ifExists: Bool
    public var isCascade: Bool

    public init(name: String, ifExists: Bool = false, isCascade: Bool = false) {
        self.name = name
        self.ifExists = ifExists
        self.isCascade = isCascade
    }
}
