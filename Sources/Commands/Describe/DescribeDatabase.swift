public import HoneyPlan

/// `describe database [extended] d`
public struct DescribeDatabase: Command {
    public var name: String
    public var isExtended: Bool

    public init(name: String, isExtended: Bool = false) {
        self.name = name
        self.isExtended = isExtended
    }
}
