public import HoneyCatalog
public import HoneyPlan

/// `show tables [in db] ['pattern']`, `show views …`
public struct ShowTables: Command {
    public var database: String?
    public var pattern: NamePattern?
    /// Only tables of this kind; nil for all.
    public var kind: Table.Kind?

    public init(database: String? = nil, pattern: NamePattern? = nil, kind: Table.Kind? = nil) {
        self.database = database
        self.pattern = pattern
        self.kind = kind
    }
}
