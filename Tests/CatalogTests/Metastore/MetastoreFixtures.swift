import Foundation
import HoneyCatalog
import HoneyCore

/// A directory that goes when the last user does.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "/honey-catalog-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension StorageDescriptor {
    static func text(_ columns: [TableColumn], at location: String) -> StorageDescriptor {
        StorageDescriptor(
            columns: columns, location: location, inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
            outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde: SerDeInfo(
                library: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                properties: ["serialization.format": ",", "field.delim": ","]))
    }
}

extension Table {
    static func flights(_ name: String = "flights", database: String = "default") -> Table {
        var storage = StorageDescriptor.text(
            [
                TableColumn("carrier", .string, comment: "who"), TableColumn("delay", .int),
                TableColumn("fare", .decimal(precision: 10, scale: 2)),
                TableColumn("legs", .array(.structure([Field("from", .string), Field("to", .string)]))),
            ], at: "file:/warehouse/\(name)")
        storage.bucketCount = 4
        storage.bucketColumns = ["carrier"]
        storage.sortColumns = [SortColumn("delay", isAscending: false), SortColumn("carrier", isAscending: true)]
        storage.parameters = ["sd": "1"]
        return Table(
            database: database, name: name, owner: "bee", createdSeconds: 1_700_000_000, storage: storage,
            partitionKeys: [TableColumn("year", .int), TableColumn("city", .string, comment: "where")],
            parameters: ["comment": "all flights", "k": ""])
    }

    func partition(_ values: String...) -> Partition {
        var storage = storage
        storage.location += "/" + PartitionName.name(keys: partitionKeys.map(\.name), values: values)
        return Partition(values: values, createdSeconds: 5, storage: storage, parameters: ["p": values[0]])
    }
}

func errorOf(_ body: () throws -> Void) -> HoneyError? {
    do {
        try body()
        return nil
    } catch { return error as? HoneyError }
}
