import HoneyCatalog
import HoneyCore

/// Definitions in one line, as Hive prints its Thrift structures.
enum ThriftText {
    static func text(_ table: Table) -> String {
        "Table(tableName:\(table.name), dbName:\(table.database), owner:\(table.owner), "
            + "createTime:\(table.createdSeconds), lastAccessTime:\(table.lastAccessedSeconds), retention:0, "
            + "sd:\(text(table.storage, table.partitionKeys)), partitionKeys:\(text(table.partitionKeys)), "
            + "parameters:\(text(table.parameters)), viewOriginalText:\(table.viewOriginalText ?? "null"), "
            + "viewExpandedText:\(table.viewExpandedText ?? "null"), tableType:\(table.kind.rawValue), "
            + "rewriteEnabled:false)"
    }

    static func text(_ partition: Partition, of table: Table) -> String {
        "Partition(values:[\(partition.values.joined(separator: ", "))], dbName:\(table.database), "
            + "tableName:\(table.name), createTime:\(partition.createdSeconds), "
            + "lastAccessTime:\(partition.lastAccessedSeconds), sd:\(text(partition.storage, table.partitionKeys)), "
            + "parameters:\(text(partition.parameters)))"
    }

    static func text(_ columns: [SortColumn]) -> String {
        "[" + columns.map { "Order(col:\($0.name), order:\($0.isAscending ? 1 : 0))" }.joined(separator: ", ") + "]"
    }

    private static func text(_ storage: StorageDescriptor, _ keys: [TableColumn]) -> String {
        "StorageDescriptor(cols:\(text(storage.columns + keys)), location:\(orNull(storage.location)), "
            + "inputFormat:\(storage.inputFormat), outputFormat:\(storage.outputFormat), "
            + "compressed:\(storage.isCompressed), numBuckets:\(storage.bucketCount), "
            + "serdeInfo:SerDeInfo(name:\(storage.serde.name ?? "null"), "
            + "serializationLib:\(orNull(storage.serde.library)), parameters:\(text(storage.serde.properties))), "
            + "bucketCols:[\(storage.bucketColumns.joined(separator: ", "))], sortCols:\(text(storage.sortColumns)), "
            + "parameters:\(text(storage.parameters)), skewedInfo:SkewedInfo(skewedColNames:[], skewedColValues:[], "
            + "skewedColValueLocationMaps:{}), storedAsSubDirectories:false)"
    }

    private static func text(_ columns: [TableColumn]) -> String {
        "["
            + columns.map { "FieldSchema(name:\($0.name), type:\($0.type.name), comment:\($0.comment ?? "null"))" }
            .joined(separator: ", ") + "]"
    }

    private static func text(_ parameters: [String: String]) -> String {
        "{" + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") + "}"
    }

    private static func orNull(_ text: String) -> String { text.isEmpty ? "null" : text }
}
