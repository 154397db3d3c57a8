import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension InsertIntoDirectory {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let directory = try context.location(of: path, isLocal: isLocal)
        let fileSystem = try context.fileSystems.serving(directory)
        var seen: Set<String> = []
        let columns = query.output.enumerated().map { index, column in
            let name = column.name.lowercased()
            return TableColumn(
                seen.insert(name).inserted ? name : "_c\(index)", column.type == .void ? .string : column.type)
        }
        let choice = try StorageChoice(directoryStorage, in: context, isManaged: false)
        let area = try StagingArea.make(in: directory, context)
        let write: StagedWrite
        do {
            let storage = StorageDescriptor(
                columns: columns, location: area.location.appending("rows").description,
                inputFormat: choice.inputFormat, outputFormat: choice.outputFormat, serde: choice.serde)
            write = try StagedWrite(
                query, to: WriteTarget(storage: storage, settings: context.session.settings.all), in: context)
        } catch {
            area.discard()
            throw error
        }
        try context.commit(["directory:\(directory)"], area: area) { draft in
            try draft.removeVisible(in: directory, fileSystem)
            for file in write.files { try draft.add(file.location, to: directory, fileSystem) }
        }
        return CommandResult()
    }

    /// Directories get text unless something else is asked for, whatever tables get.
    private var directoryStorage: StorageClause {
        StorageClause(rowFormat: storage.rowFormat, fileFormat: storage.fileFormat ?? .keyword("TEXTFILE"))
    }
}
