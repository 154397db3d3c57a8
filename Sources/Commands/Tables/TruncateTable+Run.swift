import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension TruncateTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        guard table.kind == .managed else {
            throw HoneyError(
                .semantic, "TABLE_NOT_MANAGED", "an external table cannot be truncated: \(self.table)",
                at: self.table.position)
        }
        let root = try FileLocation(stored: table.storage.location)
        try context.commit([table.commitKey], area: try StagingArea.make(in: root, context)) { draft in
            var table = try context.requireStored(self.table)
            if table.isPartitioned {
                for var partition in try table.matching(partition, among: try context.metastore.partitions(of: table)) {
                    try empty(partition.storage.location, &draft, in: context)
                    WrittenStatistics.empty.replace(in: &partition.parameters)
                    draft.changes.append(.alterPartition(partition, table))
                }
            } else {
                _ = try table.someValues(partition)
                try empty(table.storage.location, &draft, in: context)
                WrittenStatistics.empty.replace(in: &table.parameters)
                table.noteChange(in: context)
                draft.changes = [.alterTable(name: table.name, database: table.database, table)]
            }
        }
        return CommandResult()
    }

    private func empty(_ location: String, _ draft: inout CommitDraft, in context: any FileCommandContext) throws {
        let location = try FileLocation(stored: location)
        try draft.removeVisible(in: location, try context.fileSystems.serving(location))
    }
}
