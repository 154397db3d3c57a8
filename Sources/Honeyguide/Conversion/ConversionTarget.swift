import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import HoneyStorage

/// Where converted rows go: the table as scans will know it. A table of the metastore is made when all its files are there.
struct ConversionTarget {
    var place: Conversion.Place
    var table: Table
    /// In the order of the source's partitions.
    var partitions: [Partition]
    var root: FileLocation
    /// Whether the metastore has the table already, from a run that was stopped or had ended.
    private(set) var isThere = false

    /// Chooses the target's place and storage; fails with `TABLE_EXISTS` for a table that no conversion made.
    init(
        of conversion: Conversion, _ source: ConversionSource, _ format: any FileFormat, _ codec: ConversionCodec,
        in context: SessionContext
    ) throws {
        let keyword = format.keyword.lowercased()
        place =
            conversion.target
            ?? {
                switch conversion.source {
                case .table(let name): .table(TableName(database: name.database, "\(name.name)_\(keyword)"))
                case .directory(let location): .directory(location.parent.appending("\(location.name)_\(keyword)"))
                }
            }()
        var storage = StorageDescriptor(
            columns: source.table.storage.columns, location: "", inputFormat: format.inputFormats[0],
            outputFormat: format.outputFormats[0],
            serde: SerDeInfo(
                library: conversion.targetSerDe ?? format.defaultSerDe, properties: ["serialization.format": "1"]))
        storage.bucketCount = source.table.storage.bucketCount
        storage.bucketColumns = source.table.storage.bucketColumns
        storage.sortColumns = source.table.storage.sortColumns
        var parameters = codec.tableParameters
        parameters["comment"] = source.table.parameters["comment"]
        switch place {
        case .directory(let location):
            root = location
            table = Table(database: "", name: location.name, kind: .external, storage: storage)
        case .table(let name):
            let database = name.database ?? context.session.currentDatabase.lowercased()
            guard let found = try context.metastore.database(database) else {
                throw HoneyError(.semantic, "DATABASE_NOT_FOUND", "no such database: \(database)")
            }
            guard let location = FileLocation(found.location) else {
                throw HoneyError(.data, "BAD_LOCATION", "not a location: \(found.location)")
            }
            root = location.appending(name.name)
            table = Table(database: database, name: name.name, storage: storage)
            if let existing = try context.metastore.table(name.name, in: database) {
                let journal = root.appending(ConversionJournal.name)
                guard FileLocation(existing.storage.location) == root,
                    try context.fileSystems.serving(journal).status(journal) != nil
                else {
                    throw HoneyError(
                        .semantic, "TABLE_EXISTS", "table already exists (choose another one with --into): \(name)",
                        sqlState: "42S01")
                }
                isThere = true
            }
        }
        table.storage.location = root.description
        table.partitionKeys = source.table.partitionKeys
        table.parameters = parameters
        let (whole, top) = (table, root)
        partitions = source.partitions.map { partition in
            var storage = whole.storage
            let name = PartitionName.name(keys: whole.partitionKeys.map(\.name), values: partition.values)
            storage.location = top.appending(name).description
            return Partition(values: partition.values, storage: storage)
        }
        try refuseNesting(in: source)
    }

    /// Refuses to write among what is read.
    private func refuseNesting(in source: ConversionSource) throws {
        for file in source.files {
            let inside = file.status.location.description
            if inside.hasPrefix(root.description + "/") || inside == root.description {
                throw HoneyError(
                    .semantic, "TARGET_IN_SOURCE", "target holds files of the source (choose another one with --into)",
                    file: FilePosition(root.description))
            }
        }
        if let location = FileLocation(source.table.storage.location),
            root.description.hasPrefix(location.description + "/")
        {
            throw HoneyError(
                .semantic, "TARGET_IN_SOURCE", "target lies in the source (choose another one with --into)",
                file: FilePosition(root.description))
        }
    }

    /// Makes the table and its partitions known to the metastore, as far as they are not.
    func register(in context: SessionContext) throws {
        guard case .table(let name) = place else { return }
        let storage = table.storage
        if !isThere {
            let bucketing =
                storage.bucketCount > 0
                ? BucketingClause(
                    columns: storage.bucketColumns,
                    sortKeys: storage.sortColumns.map { .init($0.name, isAscending: $0.isAscending) },
                    count: storage.bucketCount) : nil
            _ = try CreateTable(
                name: name, columns: storage.columns, partitionKeys: table.partitionKeys, bucketing: bucketing,
                storage: StorageClause(
                    fileFormat: .classes(
                        input: storage.inputFormat, output: storage.outputFormat, serde: storage.serde.library)),
                location: root.description, parameters: table.parameters
            ).run(in: context)
        }
        guard !partitions.isEmpty else { return }
        let new = partitions.map { partition in
            NewPartition(
                values: zip(table.partitionKeys, partition.values).map { PartitionValue($0.name, $1) },
                location: partition.storage.location)
        }
        _ = try AddPartitions(table: name, partitions: new, ifNotExists: true).run(in: context)
    }
}
