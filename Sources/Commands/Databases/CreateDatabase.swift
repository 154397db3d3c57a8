public import HoneyPlan

/// `create database [if not exists] …`
public struct CreateDatabase: Command {
    public var name: String
    public var ifNotExists: Bool
    public var comment: String?
    public var location: String?
    /// `with dbproperties`
    public var parameters: [String: String]

    public init(
        name: String, ifNotExists: Bool = false, comment: String? = nil, location: String? = nil,
        parameters: [String: String] = [:]
    ) {
        self.name = name
        self.ifNotExists = ifNotExists
        self.comment = comment
        self.location = location
        self.parameters = parameters
    }
}
