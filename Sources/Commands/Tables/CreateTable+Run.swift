import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension CreateTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        if try exists(in: context) { return CommandResult() }
        let table = try definition(in: context, columns: columns)
        try TableCreation.create(table, in: context)
        return CommandResult()
    }

    /// Tells whether the table is there and may be; fails when it is there and may not.
    func exists(in context: any CommandContext) throws -> Bool {
        guard try context.find(name) != nil else { return false }
        if ifNotExists { return true }
        throw HoneyError(
            .semantic, "TABLE_EXISTS", "table already exists: \(name)", sqlState: "42S01", at: name.position)
    }

    /// The table as the metastore is to know it.
    func definition(in context: any FileCommandContext, columns: [TableColumn]) throws -> Table {
        let (databaseName, tableName) = context.qualified(name)
        let database = try context.requireDatabase(databaseName)
        let isExternal = isExternal || parameters["EXTERNAL"]?.uppercased() == "TRUE"
        let choice = try StorageChoice(storage, in: context, isManaged: !isExternal)
        var descriptor = StorageDescriptor(
            columns: columns,
            location: try TableCreation.location(location, of: tableName, database: database, in: context).description,
            inputFormat: choice.inputFormat, outputFormat: choice.outputFormat, serde: choice.serde)
        let given = try context.columns(of: descriptor, tableParameters: parameters)
        let keys: [TableColumn]
        (descriptor.columns, keys) = try ColumnChecks.checked(given ?? columns, partitionKeys)
        var parameters = parameters
        if let comment { parameters["comment"] = comment }
        if let bucketing { try bucketing.apply(to: &descriptor, &parameters) }
        return TableCreation.table(
            tableName, databaseName, isExternal: isExternal, descriptor, keys: keys, parameters: parameters, in: context
        )
    }
}

extension BucketingClause {
    /// Enters the buckets into a descriptor and, when sorted by the bucket columns, a mark of Hive's.
    func apply(to storage: inout StorageDescriptor, _ parameters: inout [String: String]) throws {
        guard count > 0, count <= Int(Int32.max) else {
            throw HoneyError(.semantic, "BUCKET_COUNT", "number of buckets must be positive: \(count)")
        }
        for column in columns + sortKeys.map(\.column) { _ = try ColumnChecks.index(of: column, in: storage.columns) }
        storage.bucketCount = count
        storage.bucketColumns = columns
        storage.sortColumns = sortKeys.map { SortColumn($0.column, isAscending: $0.isAscending) }
        if !sortKeys.isEmpty, sortKeys.map(\.column).starts(with: columns) {
            parameters["SORTBUCKETCOLSPREFIX"] = "TRUE"
        }
    }
}

/// What all ways to create a table share.
enum TableCreation {
    static func location(
        _ text: String?, of table: String, database: Database, in context: any FileCommandContext
    ) throws -> FileLocation {
        if let text { return try context.location(of: text, isLocal: false) }
        return try FileLocation(stored: database.location).appending(table)
    }

    static func table(
        _ name: String, _ database: String, isExternal: Bool, _ storage: StorageDescriptor, keys: [TableColumn],
        parameters: [String: String], in context: any CommandContext
    ) -> Table {
        var parameters = parameters
        if isExternal { parameters["EXTERNAL"] = "TRUE" }
        parameters["transient_lastDdlTime"] = String(context.nowSeconds)
        return Table(
            database: database, name: name, kind: isExternal ? .external : .managed, owner: context.session.user,
            createdSeconds: context.nowSeconds, storage: storage, partitionKeys: keys, parameters: parameters)
    }

    static func create(_ table: Table, in context: any FileCommandContext) throws {
        let location = try FileLocation(stored: table.storage.location)
        try context.fileSystems.serving(location).makeDirectory(location)
        _ = try context.metastore.create(table)
    }
}
