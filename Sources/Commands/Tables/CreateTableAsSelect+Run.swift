import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension CreateTableAsSelect {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        if try definition.exists(in: context) { return CommandResult() }
        let columns = query.output.map { TableColumn($0.name.lowercased(), $0.type == .void ? .string : $0.type) }
        var table = try definition.definition(in: context, columns: columns)
        let root = try FileLocation(stored: table.storage.location)
        let fileSystem = try context.fileSystems.serving(root)
        if try fileSystem.status(root) != nil, try !fileSystem.list(root).allSatisfy(\.location.isHidden) {
            throw HoneyError(
                .environment, "LOCATION_NOT_EMPTY", "the new table's directory holds files already",
                file: FilePosition(root.description))
        }
        let area = try StagingArea.make(in: root.parent, context)
        let write: StagedWrite
        do {
            var storage = table.storage
            storage.location = area.location.appending("rows").description
            write = try StagedWrite(
                query,
                to: WriteTarget(
                    tableName: table.qualifiedName, storage: storage, tableParameters: table.parameters,
                    settings: context.session.settings.all),
                in: context)
            try fileSystem.makeDirectory(root)
        } catch {
            area.discard()
            throw error
        }
        write.statistics().replace(in: &table.parameters)
        try context.commit([Table.newCommitKey(table.name, in: table.database)], area: area) { draft in
            for file in write.files { try draft.add(file.location, to: root, fileSystem) }
            draft.changes = [.createTable(table)]
        }
        return CommandResult()
    }
}
