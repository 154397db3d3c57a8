import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyPlan

/// How the directories below a table and the metastore's partitions differ.
struct PartitionCheck {
    /// What to do about directories that cannot be partitions (`hive.msck.path.validation`).
    enum Validation: String {
        /// Fail.
        case `throw`
        /// Leave them out, and partitions with special characters in their names too.
        case skip
        /// Leave them out.
        case ignore
    }

    /// A directory at the depth of a partition that is none in the metastore.
    struct Found {
        var values: [String]
        /// Its path below the table, as it is written there.
        var name: String
        var location: FileLocation
    }

    let table: Table
    let validation: Validation
    /// By name.
    private(set) var found: [Found] = []
    /// Partitions whose directory is not there.
    private(set) var missing: [Partition] = []

    /// Looks at the partitions with the given values.
    init(_ table: Table, _ given: [PartitionValue], in context: any FileCommandContext) throws {
        self.table = table
        let setting = context.session.settings["hive.msck.path.validation"]?.lowercased() ?? ""
        validation = Validation(rawValue: setting) ?? .throw
        let wanted = try table.someValues(given)
        let known = try context.metastore.partitions(of: table)
        let root = try FileLocation(stored: table.storage.location)
        let places = Set(known.map(\.storage.location))
        let names = Set(known.map(\.values))
        for partition in try table.matching(given, among: known) {
            let location = try FileLocation(stored: partition.storage.location)
            if try context.fileSystems.serving(location).status(location) == nil { missing.append(partition) }
        }
        try descend(into: root, [], "", wanted, try context.fileSystems.serving(root)) { candidate in
            if !places.contains(candidate.location.description), !names.contains(candidate.values) {
                found.append(candidate)
            }
        }
        found.sort { $0.name < $1.name }
    }

    /// Walks the directories of the keys after `values`.
    private func descend(
        into directory: FileLocation, _ values: [String], _ name: String, _ wanted: [String: String],
        _ fileSystem: any FileSystem, _ body: (Found) -> Void
    ) throws {
        if values.count == table.partitionKeys.count {
            return body(Found(values: values, name: name, location: directory))
        }
        let key = table.partitionKeys[values.count]
        let entries = try fileSystem.list(directory).filter { !$0.location.isHidden }
        if entries.isEmpty, !values.isEmpty {
            try refuse(directory, "a partition's directory lacks that of key \(key.name)")
        }
        for entry in entries {
            guard entry.isDirectory else {
                try refuse(entry.location, "a file lies where directories of partitions should be")
                continue
            }
            guard let part = PartitionName.parse(entry.location.name)?.first, part.key.lowercased() == key.name,
                !part.value.isEmpty
            else {
                try refuse(entry.location, "a directory is not named as one of partition key \(key.name)")
                continue
            }
            if let value = wanted[key.name], !Table.equal(value, part.value, key.type) { continue }
            let path = name.isEmpty ? entry.location.name : name + "/" + entry.location.name
            try descend(into: entry.location, values + [part.value], path, wanted, fileSystem, body)
        }
    }

    private func refuse(_ location: FileLocation, _ message: String) throws {
        guard validation == .throw else { return }
        throw HoneyError(
            .environment, "INVALID_PARTITION_PATH",
            "\(message) (set hive.msck.path.validation=skip to leave it out)",
            file: FilePosition(location.description))
    }

    /// What Hive says about the differences.
    var lines: [String] {
        func line(_ title: String, _ names: [String]) -> [String] {
            names.isEmpty
                ? [] : [([title + ":"] + names.sorted().map { "\(table.name):\($0)" }).joined(separator: "\t")]
        }
        return line("Partitions not in metastore", found.map(\.name))
            + line("Partitions missing from filesystem", missing.map { table.partitionName($0.values) })
    }
}
