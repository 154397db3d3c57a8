import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension DropPartitions {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        guard table.isPartitioned else {
            throw HoneyError(
                .semantic, "NOT_PARTITIONED", "table is not partitioned: \(self.table)", at: self.table.position)
        }
        let isManaged = table.kind == .managed
        let root = try FileLocation(stored: table.storage.location)
        var emptied: [FileLocation] = []
        try context.commit([table.commitKey], area: isManaged ? try StagingArea.make(in: root, context) : nil) {
            draft in
            let table = try context.requireStored(self.table)
            let dropped = try chosen(of: table, in: context)
            draft.changes = [.dropPartitions(dropped.map(\.values), table)]
            emptied = []
            for partition in isManaged ? dropped : [] {
                let location = try FileLocation(stored: partition.storage.location)
                let fileSystem = try context.fileSystems.serving(location)
                guard location != root, try fileSystem.status(location) != nil else { continue }
                try draft.remove(location)
                if location.path.hasPrefix(root.path + "/") { emptied.append(location.parent) }
            }
        }
        removeEmpty(emptied, below: root, in: context)
        return CommandResult()
    }

    private func chosen(of table: Table, in context: any FileCommandContext) throws -> [Partition] {
        let all = try context.metastore.partitions(of: table)
        var chosen: [Partition] = []
        var names: Set<[String]> = []
        for conditions in partitions {
            let matching = try all.filter { partition in
                try conditions.allSatisfy { try $0.matches(partition, of: table) }
            }
            if matching.isEmpty, !ifExists {
                let text = conditions.map { "\($0.key)\($0.comparison.rawValue)'\($0.value)'" }.joined(separator: ", ")
                throw HoneyError(
                    .semantic, "PARTITION_NOT_FOUND", "no such partition: \(table.qualifiedName) (\(text))")
            }
            for partition in matching where names.insert(partition.values).inserted { chosen.append(partition) }
        }
        return chosen
    }

    /// Removes directories of outer keys that hold nothing any more; whether it succeeds does not matter.
    private func removeEmpty(
        _ directories: [FileLocation], below root: FileLocation, in context: any FileCommandContext
    ) {
        for start in Set(directories) {
            var directory = start
            while directory != root, directory.path.hasPrefix(root.path + "/") {
                guard (try? context.fileSystems.serving(directory).delete(directory, recursive: false)) == true else {
                    break
                }
                directory = directory.parent
            }
        }
    }
}
