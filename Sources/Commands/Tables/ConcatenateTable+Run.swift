import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension ConcatenateTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        guard table.isPartitioned == !partition.isEmpty else {
            throw HoneyError(
                .semantic, "PARTITION_VALUES",
                table.isPartitioned
                    ? "a partitioned table's files are merged partition by partition: name one of \(self.table)"
                    : "table is not partitioned: \(self.table)", at: self.table.position)
        }
        guard table.isPartitioned else {
            try merge(table, nil, in: context)
            return CommandResult()
        }
        let chosen = try table.matching(partition, among: try context.metastore.partitions(of: table))
        guard !chosen.isEmpty else {
            throw HoneyError(.semantic, "PARTITION_NOT_FOUND", "no such partition: \(table.qualifiedName)")
        }
        for one in chosen { try merge(table, one, in: context) }
        return CommandResult()
    }

    /// Bytes of files that are merged into one; what is more is written by several threads, a file each.
    private static func targetBytes(_ settings: Settings) -> Int {
        settings["hive.merge.size.per.task"].flatMap { Int($0) } ?? 256_000_000
    }

    /// Writes one directory's rows anew, and puts the new files in the place of all old ones at once.
    private func merge(_ table: Table, _ partition: Partition?, in context: any FileCommandContext) throws {
        let storage = partition?.storage ?? table.storage
        guard storage.bucketCount <= 0 else {
            throw HoneyError(
                .semantic, "BUCKETED_TABLE", "a bucketed table's files cannot be merged: \(self.table)",
                at: self.table.position)
        }
        let directory = try FileLocation(stored: storage.location)
        let fileSystem = try context.fileSystems.serving(directory)
        let version = try context.commits.version(of: table.commitKey)
        let old = try files(in: directory, fileSystem)
        let bytes = old.reduce(0) { $0 + $1.size }
        let isOne = bytes <= Self.targetBytes(context.session.settings)
        guard old.count > 1 else { return }
        let area = try StagingArea.make(in: directory, context)
        let write: StagedWrite
        do {
            var target = storage
            target.location = area.location.appending("rows").description
            let parameters = table.parameters.merging(partition?.parameters ?? [:]) { $1 }
            write = try StagedWrite(
                ConcatenateTable.rows(of: storage, table, parameters),
                to: WriteTarget(
                    tableName: table.qualifiedName, storage: target, tableParameters: parameters,
                    settings: context.session.settings.all,
                    gathersRows: isOne), in: context)
        } catch {
            area.discard()
            throw error
        }
        guard write.files.count < old.count else { return area.discard() }
        try context.commit([table.commitKey], area: area) { draft in
            // Rows that came or went since were not read; nothing may happen to them.
            guard try context.commits.version(of: table.commitKey) == version,
                try Self.areSame(try files(in: directory, fileSystem), old)
            else {
                throw HoneyError(
                    .environment, "TABLE_CHANGED",
                    "table was changed while its files were merged (do it again): \(table.qualifiedName)")
            }
            try draft.removeVisible(in: directory, fileSystem)
            for file in write.files { try draft.add(file.location, to: directory, fileSystem) }
            try note(write.statistics(), table, partition, &draft, in: context)
        }
    }

    /// Tells whether files are those of before; that they were read meanwhile does not matter.
    private static func areSame(_ new: [FileStatus], _ old: [FileStatus]) -> Bool {
        new.elementsEqual(old) {
            $0.location == $1.location && $0.size == $1.size && $0.modifiedMilliseconds == $1.modifiedMilliseconds
        }
    }

    private func note(
        _ statistics: WrittenStatistics, _ table: Table, _ partition: Partition?, _ draft: inout CommitDraft,
        in context: any FileCommandContext
    ) throws {
        if var partition {
            statistics.replace(in: &partition.parameters)
            draft.changes = [.alterPartition(partition, table)]
        } else {
            var table = table
            statistics.replace(in: &table.parameters)
            draft.changes = [.alterTable(name: table.name, database: table.database, table)]
        }
    }

    /// The files of a directory that scans see; fails when there are directories among them.
    private func files(in directory: FileLocation, _ fileSystem: any FileSystem) throws -> [FileStatus] {
        guard try fileSystem.status(directory)?.isDirectory == true else { return [] }
        let entries = try fileSystem.list(directory).filter { !$0.location.isHidden }
        if let folder = entries.first(where: \.isDirectory) {
            throw HoneyError(
                .environment, "NOT_A_FILE", "a directory lies among the files to be merged",
                file: FilePosition(folder.location.description))
        }
        return entries
    }

    /// Reads one directory as a table of its own, with the columns and types that its files have.
    private static func rows(
        of storage: StorageDescriptor, _ table: Table, _ parameters: [String: String]
    ) -> LogicalPlan {
        var source = table
        source.storage = storage
        source.partitionKeys = []
        source.parameters = parameters
        let columns = storage.columns.enumerated().map { index, column in
            ScanColumn(
                ColumnReference(id: ColumnID(index + 1), name: column.name, type: column.type),
                source: .table(index: index))
        }
        return .scan(Scan(table: source, alias: table.name, columns: columns))
    }
}
