import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension ShowTableExtended {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let database = try context.requireDatabase(self.database ?? context.session.currentDatabase).name
        var lines: [String] = []
        for name in try context.metastore.tables(in: database) where pattern.matches(name) {
            guard let table = try context.metastore.table(name, in: database) else { continue }
            lines += try describe(table, in: context)
        }
        return .rows(["tab_name"], lines.map { [$0] })
    }

    private func describe(_ table: Table, in context: any FileCommandContext) throws -> [String] {
        var storage = table.storage
        var places = [table.storage.location]
        if table.isPartitioned {
            let partitions = try table.matching(partition, among: try context.metastore.partitions(of: table))
            places = partitions.map(\.storage.location)
            if !partition.isEmpty, let first = partitions.first { storage = first.storage }
        }
        let files = try table.kind == .view ? [] : places.flatMap { try self.files(at: $0, in: context) }
        let sizes = files.map(\.size)
        let changed = files.map(\.modifiedMilliseconds).max() ?? table.createdSeconds * 1000
        return [
            "tableName:\(table.name)", "owner:\(table.owner)", "location:\(storage.location)",
            "inputformat:\(storage.inputFormat)", "outputformat:\(storage.outputFormat)",
            "columns:struct columns { \(ShowTableExtended.fields(table.storage.columns))}",
            "partitioned:\(table.isPartitioned)",
            table.isPartitioned
                ? "partitionColumns:struct partition_columns { \(ShowTableExtended.fields(table.partitionKeys))}"
                : "partitionColumns:",
            "totalNumberFiles:\(files.count)", "totalFileSize:\(sizes.reduce(0, +))",
            "maxFileSize:\(sizes.max() ?? 0)", "minFileSize:\(sizes.min() ?? 0)", "lastAccessTime:\(changed)",
            "lastUpdateTime:\(changed)", "",
        ]
    }

    private func files(at location: String, in context: any FileCommandContext) throws -> [FileStatus] {
        let location = try FileLocation(stored: location)
        let fileSystem = try context.fileSystems.serving(location)
        guard try fileSystem.status(location)?.isDirectory == true else { return [] }
        return try fileSystem.list(location).filter { !$0.isDirectory && !$0.location.isHidden }
    }

    /// Columns in the old Thrift spelling that Hive keeps here.
    private static func fields(_ columns: [TableColumn]) -> String {
        columns.map { "\(thrift($0.type)) \($0.name)" }.joined(separator: ", ")
    }

    private static func thrift(_ type: DataType) -> String {
        switch type {
        case .boolean: "bool"
        case .tinyint: "byte"
        case .smallint: "i16"
        case .int: "i32"
        case .bigint: "i64"
        case .array(let element): "list<\(thrift(element))>"
        case .map(let key, let value): "map<\(thrift(key)),\(thrift(value))>"
        default: type.name
        }
    }
}
