// Commands is what a statement that is not a query does: definitions, reports, and writes with their commits.
// In come names, types, properties and plans, out go reports and changed tables; it knows no syntax and no operator.

public import HoneyCatalog
public import HoneyFiles
public import HoneyPlan

/// What commands need that touch files.
public protocol FileCommandContext: CommandContext {
    var fileSystems: FileSystems { get }
    /// The directory under which databases and managed tables lie.
    var warehouse: FileLocation { get }
    /// Where commits are recorded.
    var commits: any CommitLog { get }
    /// The columns that a new table's format or SerDe gives it instead of those declared (of which there may be none);
    /// nil when they are as declared.
    func columns(of storage: StorageDescriptor, tableParameters: [String: String]) throws -> [TableColumn]?
}

extension FileCommandContext {
    public func columns(of storage: StorageDescriptor, tableParameters: [String: String]) throws -> [TableColumn]? {
        nil
    }
}
