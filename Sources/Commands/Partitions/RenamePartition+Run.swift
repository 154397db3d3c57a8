import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension RenamePartition {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        let root = try FileLocation(stored: table.storage.location)
        let area = table.kind == .managed ? try StagingArea.make(in: root, context) : nil
        try context.commit([table.commitKey], area: area) { draft in
            let table = try context.requireStored(self.table)
            let old = try table.partitionValues(from)
            let new = try table.partitionValues(to)
            draft.changes = [.renamePartition(old, to: new, table)]
            guard area != nil, old != new, var partition = try context.metastore.partition(old, of: table),
                partition.storage.location == (try table.usualLocation(ofPartition: old))
            else { return }
            let source = try FileLocation(stored: partition.storage.location)
            let target = try FileLocation(stored: try table.usualLocation(ofPartition: new))
            let fileSystem = try context.fileSystems.serving(source)
            if try fileSystem.status(target) != nil {
                throw HoneyError(
                    .environment, "FILE_EXISTS", "the partition's new directory is there already",
                    file: FilePosition(target.description))
            }
            partition.values = new
            partition.storage.location = target.description
            draft.changes.append(.alterPartition(partition, table))
            if try fileSystem.status(source) != nil { try draft.move(source, to: target) }
        }
        return CommandResult()
    }
}
