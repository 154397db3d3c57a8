import HoneyCatalog
import HoneyCore
public import HoneyPlan

extension ShowDatabases {
    public func run(in context: any CommandContext) throws -> CommandResult {
        .names("database_name", try context.metastore.databases(), pattern)
    }
}

extension ShowTables {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let database = try context.requireDatabase(self.database ?? context.session.currentDatabase).name
        var names = try context.metastore.tables(in: database)
        if let kind { names = try names.filter { try context.metastore.table($0, in: database)?.kind == kind } }
        return .names("tab_name", names, pattern)
    }
}

extension ShowColumns {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let names = try context.require(table).columns.map(\.name)
        return .rows(["field"], names.filter { pattern?.matches($0) ?? true }.map { [Padding.field($0)] })
    }
}

extension ShowFunctions {
    public func run(in context: any CommandContext) throws -> CommandResult {
        .names("tab_name", context.functions.names, pattern)
    }
}

extension ShowPartitions {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let table = try context.require(self.table)
        guard table.isPartitioned else {
            throw HoneyError(
                .semantic, "NOT_PARTITIONED", "table is not partitioned: \(self.table)", at: self.table.position)
        }
        let partitions = try table.matching(partition, among: try context.metastore.partitions(of: table))
        return .rows(["partition"], partitions.map { [table.partitionName($0.values)] })
    }
}

extension ShowTableProperties {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let table = try context.require(self.table)
        let names = ["prpt_name", "prpt_value"]
        guard let key else {
            return .rows(names, table.parameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        }
        let value = table.parameters[key] ?? "Table \(table.qualifiedName) does not have property: \(key)"
        return .rows(names, [[value, " "]])
    }
}

extension CommandResult {
    /// A report of one column of names, those that match.
    fileprivate static func names(_ column: String, _ names: [String], _ pattern: NamePattern?) -> CommandResult {
        rows([column], names.filter { pattern?.matches($0) ?? true }.map { [$0] })
    }
}

/// Hive's reports fill columns to 20 characters.
enum Padding {
    static func field(_ text: String, width: Int = 20) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
