public import HoneyPlan

/// `insert overwrite [local] directory '…' [row format …] [stored as …] select …`
public struct InsertIntoDirectory: QueryingCommand {
    public var path: String
    public var isLocal: Bool
    public var storage: StorageClause
    public var query: LogicalPlan

    public init(path: String, isLocal: Bool = false, storage: StorageClause = StorageClause(), query: LogicalPlan) {
        self.path = path
        self.isLocal = isLocal
        self.storage = storage
        self.query = query
    }
}
