import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyPlan

/// Where an INSERT's rows go: a table, one static partition, or partitions by dynamic keys.
struct InsertDestination {
    let table: Table
    /// The leading partition keys' values.
    let staticValues: [String]
    let dynamicKeys: [TableColumn]
    private let isOverwrite: Bool
    /// The static partition, when it is there.
    let partition: Partition?
    /// The partitions that are there of an INSERT with dynamic keys that does not replace them.
    private(set) var known: [Partition] = []

    init(_ insert: TableInsert, in context: any FileCommandContext) throws {
        table = try context.requireStored(insert.table)
        let given = try table.someValues(insert.partition)
        guard table.isPartitioned || insert.partition.isEmpty else {
            throw HoneyError(.semantic, "NOT_PARTITIONED", "table is not partitioned: \(insert.table)")
        }
        dynamicKeys = table.partitionKeys.filter { given[$0.name] == nil }
        let leading = table.partitionKeys.prefix { given[$0.name] != nil }
        guard leading.count == given.count else {
            throw HoneyError(
                .semantic, "PARTITION_ORDER",
                "dynamic partition keys must come after static ones: \(dynamicKeys.map(\.name).joined(separator: ", "))"
            )
        }
        staticValues = leading.compactMap { given[$0.name] }
        let isStatic = table.isPartitioned && dynamicKeys.isEmpty
        partition = isStatic ? try context.metastore.partition(staticValues, of: table) : nil
        isOverwrite = insert.isOverwrite
        try requireDynamicAllowed(context.session.settings)
        guard !dynamicKeys.isEmpty, !insert.isOverwrite else { return }
        let fixed = staticValues
        known = try context.metastore.partitions(of: table).filter { $0.values.starts(with: fixed) }
    }

    private func requireDynamicAllowed(_ settings: Settings) throws {
        guard !dynamicKeys.isEmpty else { return }
        if settings["hive.exec.dynamic.partition"]?.lowercased() == "false" {
            throw HoneyError(
                .semantic, "DYNAMIC_PARTITION_DISABLED",
                "dynamic partitions are disabled; set hive.exec.dynamic.partition=true or give values for all of: "
                    + table.partitionKeys.map(\.name).joined(separator: ", "))
        }
        let isStrict = settings["hive.exec.dynamic.partition.mode"]?.lowercased() != "nonstrict"
        if isStrict, staticValues.isEmpty {
            throw HoneyError(
                .semantic, "DYNAMIC_PARTITION_STRICT_MODE",
                "dynamic partition strict mode requires at least one static partition column. "
                    + "To turn this off set hive.exec.dynamic.partition.mode=nonstrict")
        }
    }

    /// How rows are to be written, unless a partition is known by `otherStorage`: as those that they come to are stored, or
    /// as the table, when they replace them or there are none.
    var storage: StorageDescriptor {
        isOverwrite ? table.storage : partition.map { storage(of: $0) } ?? table.storage
    }

    /// The partitions by dynamic keys that are stored otherwise than the table.
    var otherStorage: [String: StorageDescriptor] {
        var others: [String: StorageDescriptor] = [:]
        for partition in known {
            let storage = storage(of: partition)
            guard !storage.isWritten(as: table.storage) else { continue }
            let name = PartitionName.name(
                keys: dynamicKeys.map(\.name), values: Array(partition.values.dropFirst(staticValues.count)))
            others[name] = storage
        }
        return others
    }

    private func storage(of partition: Partition) -> StorageDescriptor {
        var storage = partition.storage
        storage.columns = table.storage.columns
        return storage
    }

    /// Where the staging area goes: beside the files.
    func stagingRoot() throws -> FileLocation {
        let root = try FileLocation(stored: table.storage.location)
        guard let partition else { return root }
        let location = try FileLocation(stored: partition.storage.location)
        return location.path.hasPrefix(root.path + "/") && location.scheme == root.scheme ? root : location
    }

    /// The values of the partition that a file reported as `key=value/…` belongs to.
    func values(ofDynamic name: String) throws -> [String] {
        guard let parts = PartitionName.parse(name), parts.map(\.key) == dynamicKeys.map(\.name) else {
            throw HoneyError.unexpected("write reported a partition of other keys: \(name)")
        }
        return staticValues + parts.map(\.value)
    }
}

extension StorageDescriptor {
    /// Tells whether files of the one serve as files of the other, which has the same columns.
    func isWritten(as other: StorageDescriptor) -> Bool {
        outputFormat == other.outputFormat && serde.library == other.serde.library
            && serde.properties == other.serde.properties && bucketCount == other.bucketCount
            && bucketColumns == other.bucketColumns && sortColumns == other.sortColumns
    }
}
