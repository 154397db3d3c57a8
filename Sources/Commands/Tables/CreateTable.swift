public import HoneyCatalog
public import HoneyPlan

/// `create [external] table [if not exists] t (…) …`
public struct CreateTable: Command {
    public var name: TableName
    public var ifNotExists: Bool
    public var isExternal: Bool
    public var columns: [TableColumn]
    public var partitionKeys: [TableColumn]
    public var comment: String?
    public var bucketing: BucketingClause?
    public var storage: StorageClause
    public var location: String?
    /// `tblproperties`
    public var parameters: [String: String]

    public init(
        name: TableName, ifNotExists: Bool = false, isExternal: Bool = false, columns: [TableColumn],
        partitionKeys: [TableColumn] = [], comment: String? = nil, bucketing: BucketingClause? = nil,
        storage: StorageClause = StorageClause(), location: String? = nil, parameters: [String: String] = [:]
    ) {
        self.name = name
        self.ifNotExists = ifNotExists
        self.isExternal = isExternal
        self.columns = columns
        self.partitionKeys = partitionKeys
        self.comment = comment
        self.bucketing = bucketing
        self.storage = storage
        self.location = location
        self.parameters = parameters
    }
}
