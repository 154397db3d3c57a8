import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension AlterTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.require(self.table)
        guard (table.kind == .view) == isView else {
            throw HoneyError(
                .semantic, isView ? "NOT_A_VIEW" : "NOT_A_TABLE",
                isView ? "not a view: \(self.table)" : "not a table: \(self.table)", at: self.table.position)
        }
        if case .rename(let target) = change {
            try rename(table, to: target, in: context)
        } else {
            try context.commit([table.commitKey]) { draft in
                var altered = try context.require(self.table)
                try apply(to: &altered, &draft, in: context)
                altered.noteChange(in: context)
                draft.changes.append(.alterTable(name: table.name, database: table.database, altered))
            }
        }
        return CommandResult()
    }

    private func apply(to table: inout Table, _ draft: inout CommitDraft, in context: any FileCommandContext) throws {
        switch change {
        case .rename: break
        case .addColumns(let columns, let cascade):
            let new = columns.map { TableColumn($0.name.lowercased(), $0.type, comment: $0.comment) }
            try set(table.storage.columns + new, of: &table)
            if cascade { try changePartitions(of: table, &draft, in: context) { $0 + new } }
        case .replaceColumns(let columns, let cascade):
            for (old, new) in zip(table.storage.columns, columns) {
                try ColumnChecks.requireChangeable(new.name, from: old.type, to: new.type, context.session.settings)
            }
            try set(columns, of: &table)
            let replaced = table.storage.columns
            if cascade { try changePartitions(of: table, &draft, in: context) { _ in replaced } }
        case .changeColumn(let name, let column, let position, let cascade):
            let settings = context.session.settings
            let replaced = try AlterTable.changed(table.storage.columns, name, to: column, position, settings)
            try set(replaced, of: &table)
            if cascade {
                try changePartitions(of: table, &draft, in: context) {
                    try AlterTable.changed($0, name, to: column, position, settings)
                }
            }
        case .setProperties(let properties):
            table.parameters.merge(properties) { $1 }
            if let external = properties["EXTERNAL"] {
                table.kind = external.uppercased() == "TRUE" ? .external : .managed
            }
        case .unsetProperties(let keys, let ifExists):
            for key in keys where table.parameters.removeValue(forKey: key) == nil && !ifExists {
                throw HoneyError(
                    .semantic, "PROPERTY_NOT_FOUND",
                    "no such table property: \(key)\(SpellingSuggestion.hint(for: key, in: table.parameters.keys))")
            }
        case .storage(let change):
            try change.apply(to: &table.storage, &table.parameters, of: table.qualifiedName, in: context)
            if case .bucketing(let clause) = change { try noteBuckets(clause != nil, of: &table, in: context) }
        }
    }

    /// Marks a table whose files were there before its buckets: their names tell nothing.
    private func noteBuckets(_ hasBuckets: Bool, of table: inout Table, in context: any FileCommandContext) throws {
        table.parameters[Table.unprovenBuckets] = nil
        guard hasBuckets, !table.isPartitioned else { return }
        let root = try FileLocation(stored: table.storage.location)
        let fileSystem = try context.fileSystems.serving(root)
        guard try fileSystem.status(root)?.isDirectory == true else { return }
        if try fileSystem.list(root).contains(where: { !$0.location.isHidden }) {
            table.parameters[Table.unprovenBuckets] = "true"
        }
    }

    private func set(_ columns: [TableColumn], of table: inout Table) throws {
        let checked = try ColumnChecks.checked(columns, table.partitionKeys).columns
        try ColumnChecks.requireBucketsKept(table.storage, checked)
        table.storage.columns = checked
    }

    private func changePartitions(
        of table: Table, _ draft: inout CommitDraft, in context: any FileCommandContext,
        _ change: ([TableColumn]) throws -> [TableColumn]
    ) throws {
        guard table.isPartitioned else { return }
        for var partition in try context.metastore.partitions(of: table) {
            partition.storage.columns = try change(partition.storage.columns)
            draft.changes.append(.alterPartition(partition, table))
        }
    }

    static func changed(
        _ columns: [TableColumn], _ name: String, to column: TableColumn, _ position: ColumnPosition?,
        _ settings: Settings
    ) throws -> [TableColumn] {
        var columns = columns
        let index = try ColumnChecks.index(of: name, in: columns)
        var new = TableColumn(column.name.lowercased(), column.type, comment: column.comment)
        if new.comment == nil { new.comment = columns[index].comment }
        try ColumnChecks.requireChangeable(name, from: columns[index].type, to: new.type, settings)
        columns.remove(at: index)
        switch position {
        case nil: columns.insert(new, at: index)
        case .first: columns.insert(new, at: 0)
        case .after(let other): columns.insert(new, at: try ColumnChecks.index(of: other, in: columns) + 1)
        }
        return columns
    }

    /// Renames a table; a managed one that lies where its name says takes its directory along.
    private func rename(_ table: Table, to target: TableName, in context: any FileCommandContext) throws {
        let database = try context.requireDatabase(target.database ?? table.database)
        if try context.metastore.table(target.name, in: database.name) != nil {
            throw HoneyError(
                .semantic, "TABLE_EXISTS", "table already exists: \(target)", sqlState: "42S01", at: target.position)
        }
        let oldDatabase = try context.requireDatabase(table.database)
        let root = try table.kind == .view ? nil : FileLocation(stored: table.storage.location)
        let usual = try FileLocation(stored: oldDatabase.location).appending(table.name)
        var area: StagingArea?
        var newRoot: FileLocation?
        if table.kind == .managed, let root, root == usual, try context.fileSystems.serving(root).status(root) != nil {
            let goal = try FileLocation(stored: database.location).appending(target.name)
            if try context.fileSystems.serving(goal).status(goal) != nil {
                throw HoneyError(
                    .environment, "FILE_EXISTS", "the table's new directory is there already",
                    file: FilePosition(goal.description))
            }
            area = try StagingArea.make(in: root.parent, context)
            newRoot = goal
        }
        try context.commit([table.commitKey], area: area) { draft in
            var altered = try context.require(TableName(database: table.database, table.name))
            altered.name = target.name
            altered.database = database.name
            if let root, let newRoot {
                altered.storage.location = newRoot.description
                try draft.move(root, to: newRoot)
            }
            altered.noteChange(in: context)
            draft.changes = [.alterTable(name: table.name, database: table.database, altered)]
        }
    }
}

extension Table {
    /// Notes who changed it and when, as Hive does.
    mutating func noteChange(in context: any CommandContext) {
        parameters["last_modified_by"] = context.session.user
        parameters["last_modified_time"] = String(context.nowSeconds)
        parameters["transient_lastDdlTime"] = String(context.nowSeconds)
    }
}

extension StorageChange {
    /// Changes a table's or one of its partitions' storage; fails where Hive does not allow it.
    func apply(
        to storage: inout StorageDescriptor, _ parameters: inout [String: String], of table: String,
        in context: any FileCommandContext
    ) throws {
        switch self {
        case .location(let text): storage.location = try context.location(of: text, isLocal: false).description
        case .serde(let name, let properties):
            if let orc = fixedFormat(in: context), storage.serde.library == orc.serde, name != orc.serde {
                throw HoneyError(
                    .semantic, "CANNOT_CHANGE_SERDE",
                    "Changing SerDe (from OrcSerde) is not supported for table \(table). "
                        + "File format may be incompatible")
            }
            storage.serde.library = name
            storage.serde.properties.merge(properties) { $1 }
        case .serdeProperties(let properties): storage.serde.properties.merge(properties) { $1 }
        case .fileFormat(let format):
            let files = try StorageChoice.files(format, in: context)
            if let orc = fixedFormat(in: context), storage.inputFormat == orc.inputFormat,
                files.input != orc.inputFormat
            {
                throw HoneyError(
                    .semantic, "CANNOT_CHANGE_FILEFORMAT",
                    "Changing file format (from ORC) is not supported for table \(table)")
            }
            storage.inputFormat = files.input
            storage.outputFormat = files.output
            if try mayChangeSerDe(format, of: storage, in: context) { storage.serde.library = files.serde }
        case .bucketing(let clause):
            storage.bucketCount = -1
            storage.bucketColumns = []
            storage.sortColumns = []
            parameters["SORTBUCKETCOLSPREFIX"] = nil
            try clause?.apply(to: &storage, &parameters)
        }
    }

    /// ORC: as in Hive, its tables and partitions stay ORC while schema evolution is on, as it is unless told otherwise.
    private func fixedFormat(in context: any FileCommandContext) -> FormatCatalog.Entry? {
        let evolves = context.session.settings["hive.exec.schema.evolution"]?.lowercased() != "false"
        return evolves ? context.formats.entry("ORC") : nil
    }

    /// A format brings its SerDe, unless the table has one of its own that is no format's.
    private func mayChangeSerDe(
        _ format: FileFormatClause, of storage: StorageDescriptor, in context: any FileCommandContext
    ) throws -> Bool {
        if case .classes(_, _, let serde) = format { return serde != nil }
        let usual = Set(context.formats.entries.map(\.serde))
        return usual.contains(storage.serde.library)
            || storage.serde.library == context.session.settings["hive.default.rcfile.serde"]
    }
}
