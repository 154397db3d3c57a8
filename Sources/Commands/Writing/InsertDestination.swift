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
    /// The static partition, when it is there.
    let partition: Partition?

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
        try requireDynamicAllowed(context.session.settings)
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

    /// How rows are to be written: as the static partition is stored, or the table.
    var storage: StorageDescriptor {
        var storage = partition?.storage ?? table.storage
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
