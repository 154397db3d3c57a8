import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension LoadData {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        guard table.storage.bucketCount <= 0 || context.session.settings["hive.strict.checks.bucketing"] == "false"
        else {
            throw HoneyError(
                .semantic, "BUCKETED_TABLE",
                "files cannot be loaded into a bucketed table, since their rows may be of any bucket (insert from another "
                    + "table, or set hive.strict.checks.bucketing=false): \(self.table)", at: self.table.position)
        }
        let values = try table.isPartitioned || !partition.isEmpty ? table.partitionValues(partition) : []
        let sources = try sourceFiles(in: context)
        let root = try FileLocation(stored: table.storage.location)
        let existing = table.isPartitioned ? try context.metastore.partition(values, of: table) : nil
        try checkFormat(of: sources, existing?.storage ?? table.storage, in: context)
        let place = try FileLocation(
            stored: existing?.storage.location
                ?? (table.isPartitioned
                    ? table.usualLocation(ofPartition: values) : root.description))
        let area = try StagingArea.make(in: existing == nil ? root : place, context)
        var staged: [FileLocation?] = []
        do {
            for (index, source) in sources.enumerated() {
                staged.append(try stage(source, number: index, for: place, in: area, context))
            }
        } catch {
            area.discard()
            throw error
        }
        let bytes = sources.reduce(0) { $0 + $1.size }
        let statistics = WrittenStatistics(files: sources.count, rows: bytes == 0 ? 0 : nil, bytes: bytes)
        let fileSystem = area.fileSystem
        try context.commit([table.commitKey], area: area) { draft in
            var current = try context.requireStored(self.table)
            guard current.id == table.id, current.storage.location == table.storage.location else {
                throw HoneyError(
                    .environment, "TABLE_CHANGED", "table was changed while files were loaded: \(self.table)")
            }
            if isOverwrite { try draft.removeVisible(in: place, fileSystem) }
            for (source, copy) in zip(sources, staged) {
                if let copy {
                    try draft.add(copy, to: place, fileSystem, named: source.location.name)
                } else {
                    try draft.take(source.location, to: place, fileSystem)
                }
            }
            let isThere = try fileSystem.status(place) != nil
            let replaces = try isOverwrite || !isThere || fileSystem.list(place).allSatisfy(\.location.isHidden)
            if current.isPartitioned {
                try enter(values, place, statistics, replaces, &draft, of: current, in: context)
            } else {
                statistics.enter(&current.parameters, replacing: replaces)
                current.parameters["transient_lastDdlTime"] = String(context.nowSeconds)
                draft.changes = [.alterTable(name: current.name, database: current.database, current)]
            }
        }
        // Files that had to be copied from another file system go last: twice is better than never.
        if !isLocal {
            for (source, copy) in zip(sources, staged) where copy != nil {
                try context.fileSystems.serving(source.location).delete(source.location, recursive: false)
            }
        }
        return CommandResult()
    }

    private func enter(
        _ values: [String], _ place: FileLocation, _ statistics: WrittenStatistics, _ replaces: Bool,
        _ draft: inout CommitDraft, of table: Table, in context: any FileCommandContext
    ) throws {
        if var partition = try context.metastore.partition(values, of: table) {
            statistics.enter(&partition.parameters, replacing: replaces)
            partition.parameters["transient_lastDdlTime"] = String(context.nowSeconds)
            draft.changes = [.alterPartition(partition, table)]
        } else {
            var new = table.newPartition(values, at: place.description, in: context)
            statistics.enter(&new.parameters, replacing: replaces)
            draft.changes = [.addPartitions([new], table, ifNotExists: true)]
        }
    }

    /// Copies a file into the staging area; nil when it can be moved there instead.
    private func stage(
        _ source: FileStatus, number: Int, for place: FileLocation, in area: StagingArea,
        _ context: any FileCommandContext
    ) throws -> FileLocation? {
        if !isLocal, source.location.scheme == place.scheme, source.location.authority == place.authority { return nil }
        let copy = area.location.appending("rows").appending(String(number))
        try context.fileSystems.serving(source.location).copy(source.location, to: copy, on: area.fileSystem)
        return copy
    }

    /// The files that the path names: itself, a directory's, or what matches `*` and `?`.
    private func sourceFiles(in context: any FileCommandContext) throws -> [FileStatus] {
        let location = try context.location(of: path, isLocal: isLocal)
        let fileSystem = try context.fileSystems.serving(location)
        let found = try PathPattern.expand(location, fileSystem)
        guard !found.isEmpty else {
            throw HoneyError(
                .semantic, "FILE_NOT_FOUND", "no files to load: \(path)", file: FilePosition(location.description))
        }
        var files: [FileStatus] = []
        for status in found {
            guard status.isDirectory else {
                files.append(status)
                continue
            }
            let entries = try fileSystem.list(status.location).filter { !$0.location.isHidden }
            if let directory = entries.first(where: \.isDirectory) {
                throw HoneyError(
                    .semantic, "NOT_A_FILE", "a directory to load holds another directory",
                    file: FilePosition(directory.location.description))
            }
            files += entries
        }
        return files
    }

    /// Refuses files that begin otherwise than the table's format demands; text may be anything.
    private func checkFormat(
        of sources: [FileStatus], _ storage: StorageDescriptor, in context: any FileCommandContext
    ) throws {
        let marks: [[UInt8]]
        switch storage.inputFormat {
        case "org.apache.hadoop.mapred.SequenceFileInputFormat": marks = [Array("SEQ".utf8)]
        case "org.apache.hadoop.hive.ql.io.RCFileInputFormat": marks = [Array("RCF".utf8), Array("SEQ".utf8)]
        default: return
        }
        for source in sources where source.size > 0 {
            let file = try context.fileSystems.serving(source.location).open(source.location)
            let start = try [UInt8](unsafeUninitializedCapacity: 3) { buffer, count in
                count = try file.read(at: 0, count: 3, into: buffer.baseAddress!)
            }
            guard marks.contains(start) else {
                throw HoneyError(
                    .data, "WRONG_FORMAT", "file is not of the table's format",
                    file: FilePosition(source.location.description, offset: 0))
            }
        }
    }
}
