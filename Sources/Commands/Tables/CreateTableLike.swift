public import HoneyPlan

/// `create [external] table [if not exists] t like source …`
public struct CreateTableLike: Command {
    public var name: TableName
    public var source: TableName
    public var ifNotExists: Bool
    public var isExternal: Bool
    public var storage: StorageClause
    public var location: String?
    public var parameters: [String: String]

    public init(
        name: TableName, source: TableName, ifNotExists: Bool = false, isExternal: Bool = false,
        storage: StorageClause = StorageClause(), location: String? = nil, parameters: [String: String] = [:]
    ) {
        self.name = name
        self.source = source
        self.ifNotExists = ifNotExists
        self.isExternal = isExternal
        self.storage = storage
        self.location = location
        self.parameters = parameters
    }
}
