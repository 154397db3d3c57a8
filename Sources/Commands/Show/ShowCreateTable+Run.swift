import HoneyCatalog
import HoneyCore
public import HoneyPlan

extension ShowCreateTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let table = try context.require(self.table)
        let name = self.table.database == nil ? "`\(table.name)`" : "`\(table.database)`.`\(table.name)`"
        return .rows(["createtab_stmt"], TableDefinitionText(table, name: name).lines.map { [$0] })
    }
}

extension ShowCreateDatabase {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let database = try context.requireDatabase(name)
        var lines = ["CREATE DATABASE `\(database.name)`"]
        if !database.comment.isEmpty { lines += ["COMMENT", "  '\(HiveText.quoted(database.comment))'"] }
        lines += ["LOCATION", "  '\(HiveText.quoted(database.location))'"]
        if !database.parameters.isEmpty {
            lines += ["WITH DBPROPERTIES ("] + TableDefinitionText.properties(database.parameters)
        }
        return .rows(["createdb_stmt"], lines.map { [$0] })
    }
}

/// A table's definition as Hive's SHOW CREATE TABLE lays it out, trailing spaces included.
struct TableDefinitionText {
    private(set) var lines: [String] = []

    init(_ table: Table, name: String) {
        if table.kind == .view {
            lines = ["CREATE VIEW \(name) AS \(table.viewExpandedText ?? "")"]
            return
        }
        lines = ["CREATE \(table.kind == .external ? "EXTERNAL " : "")TABLE \(name)("]
        appendColumns(table.storage.columns)
        if let comment = table.parameters["comment"] { lines.append("COMMENT '\(HiveText.quoted(comment))'") }
        if table.isPartitioned {
            lines.append("PARTITIONED BY ( ")
            appendColumns(table.partitionKeys)
        }
        appendBuckets(table.storage)
        appendStorage(table.storage)
        lines += ["LOCATION", "  '\(HiveText.quoted(table.storage.location))'"]
        let shown = table.parameters.filter { !TableDefinitionText.hidden.contains($0.key) }
        if !shown.isEmpty { lines += ["TBLPROPERTIES ("] + TableDefinitionText.properties(shown) }
    }

    /// Properties that the rest of the statement says, or that tell of the files.
    private static let hidden: Set<String> = [
        "comment", "EXTERNAL", "SORTBUCKETCOLSPREFIX", "numFiles", "numPartitions", "numRows", "totalSize",
        "rawDataSize",
        "COLUMN_STATS_ACCURATE",
    ]

    private mutating func appendColumns(_ columns: [TableColumn]) {
        for (index, column) in columns.enumerated() {
            let comment = column.comment.map { " COMMENT '\(HiveText.quoted($0))'" } ?? ""
            let end = index == columns.count - 1 ? ")" : ", "
            lines.append("  `\(column.name)` \(column.type.name)\(comment)\(end)")
        }
    }

    private mutating func appendBuckets(_ storage: StorageDescriptor) {
        guard !storage.bucketColumns.isEmpty else { return }
        lines.append("CLUSTERED BY ( ")
        appendList(storage.bucketColumns)
        if !storage.sortColumns.isEmpty {
            lines.append("SORTED BY ( ")
            appendList(storage.sortColumns.map { "\($0.name) \($0.isAscending ? "ASC" : "DESC")" })
        }
        lines.append("INTO \(storage.bucketCount) BUCKETS")
    }

    private mutating func appendList(_ items: [String]) {
        for (index, item) in items.enumerated() { lines.append("  \(item)\(index == items.count - 1 ? ") " : ", ")") }
    }

    private mutating func appendStorage(_ storage: StorageDescriptor) {
        lines += ["ROW FORMAT SERDE ", "  '\(HiveText.quoted(storage.serde.library))' "]
        let properties = storage.serde.properties.filter { $0.key != "serialization.format" || $0.value != "1" }
        if !properties.isEmpty {
            lines.append("WITH SERDEPROPERTIES ( ")
            var rows = TableDefinitionText.properties(properties)
            rows[rows.count - 1] += " "
            lines += rows
        }
        lines += ["STORED AS INPUTFORMAT ", "  '\(HiveText.quoted(storage.inputFormat))' "]
        lines += ["OUTPUTFORMAT ", "  '\(HiveText.quoted(storage.outputFormat))'"]
    }

    /// `'key'='value'` a line, in order, closed.
    static func properties(_ properties: [String: String]) -> [String] {
        let sorted = properties.sorted { $0.key < $1.key }
        return sorted.enumerated().map { index, property in
            let value = HiveText.quoted(HiveText.javaEscaped(property.value))
            return "  '\(HiveText.quoted(property.key))'='\(value)'\(index == sorted.count - 1 ? ")" : ", ")"
        }
    }
}

/// Texts as Hive writes them in reports.
enum HiveText {
    /// For between single quotes of a statement.
    static func quoted(_ text: String) -> String {
        text.replacing("'", with: "\\'").replacing(";", with: "\\;")
    }

    /// With the escapes of a Java literal; what is not ASCII becomes `\uXXXX`.
    static func javaEscaped(_ text: String) -> String {
        var escaped = ""
        for unit in text.utf16 {
            switch unit {
            case 0x22: escaped += "\\\""
            case 0x5C: escaped += "\\\\"
            case 0x08: escaped += "\\b"
            case 0x09: escaped += "\\t"
            case 0x0A: escaped += "\\n"
            case 0x0C: escaped += "\\f"
            case 0x0D: escaped += "\\r"
            case 0x20..<0x7F: escaped.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16, uppercase: true)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }
}
