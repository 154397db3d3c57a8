import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension InsertIntoTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        var written: [WrittenInsert] = []
        do {
            for insert in inserts {
                if let one = try WrittenInsert(insert, in: context) { written.append(one) }
            }
        } catch {
            for one in written { one.area.discard() }
            throw error
        }
        guard let first = written.first else { return CommandResult() }
        var keys: [String] = []
        for one in written where !keys.contains(one.destination.table.commitKey) {
            keys.append(one.destination.table.commitKey)
        }
        try context.commit(keys, area: first.area, others: written.dropFirst().map(\.area)) { draft in
            for one in written {
                draft.area = one.area
                try one.enter(into: &draft, in: context)
            }
        }
        return CommandResult()
    }
}

/// One target of an INSERT with its rows in staged files.
struct WrittenInsert {
    let insert: TableInsert
    let destination: InsertDestination
    let area: StagingArea
    let write: StagedWrite

    /// Runs the query; nil when there is nothing to do since the partition is there.
    init?(_ insert: TableInsert, in context: any FileCommandContext) throws {
        self.insert = insert
        destination = try InsertDestination(insert, in: context)
        if insert.ifNotExists, destination.partition != nil { return nil }
        area = try StagingArea.make(in: try destination.stagingRoot(), context)
        do {
            var storage = destination.storage
            storage.location = area.location.appending("rows").description
            let target = WriteTarget(
                tableName: destination.table.qualifiedName, storage: storage,
                tableParameters: destination.table.parameters, dynamicPartitionKeys: destination.dynamicKeys,
                otherStorage: destination.otherStorage, settings: context.session.settings.all)
            write = try StagedWrite(insert.query, to: target, in: context)
            try requireFewPartitions(context.session.settings)
        } catch {
            area.discard()
            throw error
        }
    }

    private func requireFewPartitions(_ settings: Settings) throws {
        let count = Set(write.files.map(\.partition)).count
        let limit = settings["hive.exec.max.dynamic.partitions"].flatMap { Int($0) } ?? 1000
        guard destination.dynamicKeys.isEmpty || count <= limit else {
            throw HoneyError(
                .semantic, "TOO_MANY_PARTITIONS",
                "more dynamic partitions than hive.exec.max.dynamic.partitions allows: \(count) of at most \(limit)")
        }
    }

    /// Says what the commit is to do, by the definitions and files there are now.
    func enter(into draft: inout CommitDraft, in context: any FileCommandContext) throws {
        let table = try context.requireStored(insert.table)
        guard table.id == destination.table.id, table.storage.location == destination.table.storage.location,
            table.partitionKeys == destination.table.partitionKeys,
            table.storage.columns == destination.table.storage.columns,
            table.isPartitioned || table.storage.isWritten(as: destination.storage)
        else {
            throw HoneyError(
                .environment, "TABLE_CHANGED",
                "table was changed while rows were written for it: \(table.qualifiedName)")
        }
        if table.isPartitioned {
            try enterPartitions(of: table, &draft, in: context)
        } else {
            try enterTable(table, &draft, in: context)
        }
    }

    private func enterTable(_ table: Table, _ draft: inout CommitDraft, in context: any FileCommandContext) throws {
        var table = draft.latest(table)
        let place = try FileLocation(stored: table.storage.location)
        let wasEmpty = try put(write.files, into: place, &draft, in: context)
        write.statistics().enter(&table.parameters, replacing: insert.isOverwrite || wasEmpty)
        table.parameters["transient_lastDdlTime"] = String(context.nowSeconds)
        draft.changes.append(.alterTable(name: table.name, database: table.database, table))
    }

    private func enterPartitions(of table: Table, _ draft: inout CommitDraft, in context: any FileCommandContext) throws
    {
        var groups: [(values: [String], name: String?)] = []
        if destination.dynamicKeys.isEmpty {
            groups = [(destination.staticValues, nil)]
        } else {
            for name in Set(write.files.map(\.partition)).sorted() {
                groups.append((try destination.values(ofDynamic: name), name))
            }
        }
        let others = destination.otherStorage
        for (values, name) in groups {
            let written = name.flatMap { others[$0] } ?? destination.storage
            let files = name == nil ? write.files : write.files.filter { $0.partition == name }
            let statistics = write.statistics(ofPartition: name)
            if let existing = try context.metastore.partition(values, of: table) {
                try enter(files, statistics, as: written, existing, of: table, &draft, in: context)
            } else {
                guard written.isWritten(as: table.storage) else { throw changed(table, values) }
                var new = table.newPartition(values, at: try table.usualLocation(ofPartition: values), in: context)
                statistics.replace(in: &new.parameters)
                // A directory without a partition may hold files; an overwrite replaces those too.
                let wasEmpty = try put(files, into: try FileLocation(stored: new.storage.location), &draft, in: context)
                if !wasEmpty, !insert.isOverwrite { new.parameters["numRows"] = nil }
                draft.changes.append(.addPartitions([new], table, ifNotExists: true))
            }
        }
    }

    private func enter(
        _ files: [StagedWrite.File], _ statistics: WrittenStatistics, as written: StorageDescriptor,
        _ existing: Partition, of table: Table, _ draft: inout CommitDraft, in context: any FileCommandContext
    ) throws {
        var partition = existing
        var wanted = written
        wanted.location = existing.storage.location
        guard insert.isOverwrite || existing.storage.isWritten(as: wanted) else {
            throw changed(table, existing.values)
        }
        // Columns added to the table since read as null from the partition's older files.
        let old = existing.storage.columns
        if insert.isOverwrite || table.storage.columns.starts(with: old) { partition.storage = wanted }
        let wasEmpty = try put(files, into: try FileLocation(stored: existing.storage.location), &draft, in: context)
        statistics.enter(&partition.parameters, replacing: insert.isOverwrite || wasEmpty)
        partition.parameters["transient_lastDdlTime"] = String(context.nowSeconds)
        draft.changes.append(.alterPartition(partition, table))
    }

    private func changed(_ table: Table, _ values: [String]) -> HoneyError {
        HoneyError(
            .environment, "TABLE_CHANGED",
            "partition was changed while rows were written for it (insert them again): "
                + "\(table.qualifiedName) \(table.partitionName(values))")
    }

    /// Puts files into a directory, in place of what is there when overwriting; tells whether nothing was there.
    private func put(
        _ files: [StagedWrite.File], into directory: FileLocation, _ draft: inout CommitDraft,
        in context: any FileCommandContext
    ) throws -> Bool {
        let fileSystem = try context.fileSystems.serving(directory)
        if insert.isOverwrite { try draft.removeVisible(in: directory, fileSystem) }
        for file in files { try draft.add(file.location, to: directory, fileSystem) }
        guard try fileSystem.status(directory)?.isDirectory == true else { return true }
        return try fileSystem.list(directory).allSatisfy(\.location.isHidden)
    }
}

extension WrittenStatistics {
    func enter(_ parameters: inout [String: String], replacing: Bool) {
        if replacing { replace(in: &parameters) } else { add(to: &parameters) }
    }
}
