import HoneyCatalog
import HoneyCore
public import HoneyPlan

extension DescribeTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let table = try context.require(self.table)
        if !column.isEmpty { return try DescribedColumn(column, of: table).report(style, in: context) }
        var described: Partition?
        if !partition.isEmpty {
            let values = try table.partitionValues(partition)
            guard let found = try context.metastore.partition(values, of: table) else {
                throw HoneyError(
                    .semantic, "PARTITION_NOT_FOUND",
                    "no such partition: \(table.qualifiedName) \(table.partitionName(values))", at: self.table.position)
            }
            described = found
        }
        var report = DescriptionRows()
        let columns = described?.storage.columns ?? table.storage.columns
        switch style {
        case .plain, .extended:
            report.append(columns + table.partitionKeys)
            report.appendPartitionKeys(table.partitionKeys)
            if style == .extended {
                report.appendBlank()
                report.rows.append(
                    described.map { ["Detailed Partition Information", ThriftText.text($0, of: table), ""] }
                        ?? ["Detailed Table Information", ThriftText.text(table), ""])
            }
        case .formatted:
            report.appendColumnHeader()
            report.append(columns)
            report.appendPartitionKeys(table.partitionKeys)
            report.appendBlank()
            if let described {
                report.appendDetails(of: described, in: table, timeZone: context.session.values.timeZone)
            } else {
                report.appendDetails(of: table, timeZone: context.session.values.timeZone)
            }
            report.appendStorage(described?.storage ?? table.storage, isView: table.kind == .view)
            if table.kind == .view { report.appendView(table) }
        }
        return .rows(["col_name", "data_type", "comment"], report.rows)
    }
}

/// The rows of a description, filled and separated as Hive does.
struct DescriptionRows {
    var rows: [[String?]] = []

    mutating func appendBlank() { rows.append(["", " ", " "]) }
    mutating func appendTitle(_ text: String) { rows.append([text, " ", " "]) }

    mutating func appendColumnHeader() {
        rows.append(["# " + Padding.field("col_name"), Padding.field("data_type"), Padding.field("comment")])
        appendBlank()
    }

    mutating func append(_ columns: [TableColumn]) {
        for column in columns {
            rows.append([
                Padding.field(column.name), Padding.field(column.type.name), Padding.field(column.comment ?? ""),
            ])
        }
    }

    mutating func appendPartitionKeys(_ keys: [TableColumn]) {
        guard !keys.isEmpty else { return }
        appendBlank()
        appendTitle("# Partition Information")
        appendColumnHeader()
        append(keys)
    }

    private mutating func append(_ name: String, _ value: String) {
        rows.append([Padding.field(name), Padding.field(value), " "])
    }

    private mutating func append(_ title: String, _ parameters: [String: String]) {
        guard !parameters.isEmpty else { return }
        appendTitle(title)
        for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
            rows.append(["", Padding.field(key), Padding.field(HiveText.javaEscaped(value))])
        }
    }

    mutating func appendDetails(of table: Table, timeZone: String) {
        appendTitle("# Detailed Table Information")
        append("Database:", table.database)
        append("Owner:", table.owner)
        append("CreateTime:", JavaDate.text(table.createdSeconds, timeZone: timeZone))
        append("LastAccessTime:", accessed(table.lastAccessedSeconds, timeZone))
        append("Retention:", "0")
        if table.kind != .view { append("Location:", table.storage.location) }
        append("Table Type:", table.kind.rawValue)
        append("Table Parameters:", table.parameters)
    }

    mutating func appendDetails(of partition: Partition, in table: Table, timeZone: String) {
        appendTitle("# Detailed Partition Information")
        append("Partition Value:", "[\(partition.values.joined(separator: ", "))]")
        append("Database:", table.database)
        append("Table:", table.name)
        append("CreateTime:", JavaDate.text(partition.createdSeconds, timeZone: timeZone))
        append("LastAccessTime:", accessed(partition.lastAccessedSeconds, timeZone))
        append("Location:", partition.storage.location)
        append("Partition Parameters:", partition.parameters)
    }

    private func accessed(_ seconds: Int, _ timeZone: String) -> String {
        seconds == 0 ? "UNKNOWN" : JavaDate.text(seconds, timeZone: timeZone)
    }

    mutating func appendStorage(_ storage: StorageDescriptor, isView: Bool) {
        appendBlank()
        appendTitle("# Storage Information")
        append("SerDe Library:", isView ? "null" : storage.serde.library)
        append("InputFormat:", storage.inputFormat)
        append("OutputFormat:", storage.outputFormat)
        append("Compressed:", storage.isCompressed ? "Yes" : "No")
        append("Num Buckets:", String(storage.bucketCount))
        append("Bucket Columns:", "[\(storage.bucketColumns.joined(separator: ", "))]")
        append("Sort Columns:", ThriftText.text(storage.sortColumns))
        append("Storage Desc Params:", storage.serde.properties)
    }

    mutating func appendView(_ view: Table) {
        appendBlank()
        appendTitle("# View Information")
        append("View Original Text:", view.viewOriginalText ?? "")
        append("View Expanded Text:", view.viewExpandedText ?? "")
        append("View Rewrite Enabled:", "No")
    }
}
