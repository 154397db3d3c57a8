public import HoneyPlan

/// `describe function [extended] f`
public struct DescribeFunction: Command {
    public var name: String
    public var isExtended: Bool

    public init(name: String, isExtended: Bool = false) {
        self.name = name
        self.isExtended = isExtended
    }
}
