import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension DropTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        guard let table = try find(in: context) else { return CommandResult() }
        guard (table.kind == .view) == dropsView else {
            throw HoneyError(
                .semantic, dropsView ? "NOT_A_VIEW" : "NOT_A_TABLE",
                dropsView ? "not a view: \(name) (use drop table)" : "not a table: \(name) (use drop view)",
                at: name.position)
        }
        try TableDropping.drop(table, in: context)
        return CommandResult()
    }

    private func find(in context: any CommandContext) throws -> Table? {
        if ifExists {
            guard try context.metastore.database(context.qualified(name).database) != nil else { return nil }
            return try context.find(name)
        }
        return try context.require(name)
    }
}

/// Drops a table and, if it is managed, its files, as a whole.
enum TableDropping {
    static func drop(_ table: Table, in context: any FileCommandContext) throws {
        var area: StagingArea?
        let directories = try ownDirectories(of: table, in: context)
        if let first = directories.first { area = try StagingArea.make(in: first.parent, context) }
        try context.commit([table.commitKey], area: area) { draft in
            guard let current = try context.metastore.table(table.name, in: table.database), current.id == table.id
            else {
                throw HoneyError(.semantic, "TABLE_NOT_FOUND", "table is gone meanwhile: \(table.qualifiedName)")
            }
            draft.changes = [.dropTable(name: table.name, database: table.database)]
            for directory in try ownDirectories(of: current, in: context) { try draft.remove(directory) }
        }
    }

    /// The directory that goes with a managed table; partitions that lie elsewhere stay where they are.
    static func ownDirectories(of table: Table, in context: any FileCommandContext) throws -> [FileLocation] {
        guard table.kind == .managed else { return [] }
        let root = try FileLocation(stored: table.storage.location)
        let fileSystem = try context.fileSystems.serving(root)
        guard root.path != "/", try fileSystem.status(root) != nil else { return [] }
        return [root]
    }
}
