public import HoneyCatalog
public import HoneyCore
public import HoneyPlan

/// What an INSERT writes to, as written: a table, perhaps a partition, perhaps some columns.
public struct InsertTarget: Sendable {
    /// A partition key of `partition (ds = 'x', hr)`; without a value it is dynamic.
    public struct PartitionKey: Hashable, Sendable {
        public var name: String
        public var isStatic: Bool
        public var position: SourcePosition

        public init(_ name: String, isStatic: Bool, position: SourcePosition) {
            self.name = name
            self.isStatic = isStatic
            self.position = position
        }
    }

    public var table: Table
    /// The partition clause; empty for none, which makes every partition key of the table dynamic.
    public var partition: [PartitionKey]
    /// The columns that the query's columns are for, in order; empty for all.
    public var columns: [String]
    public var position: SourcePosition

    public init(
        table: Table, partition: [PartitionKey] = [], columns: [String] = [], position: SourcePosition
    ) {
        self.table = table
        self.partition = partition
        self.columns = columns
        self.position = position
    }

    /// The table's partition keys that rows have to give, in the table's order.
    public var dynamicPartitionKeys: [TableColumn] {
        let fixed = Set(partition.filter(\.isStatic).map { $0.name.lowercased() })
        return table.partitionKeys.filter { !fixed.contains($0.name.lowercased()) }
    }
}

extension Binder {
    /// Binds the query of an INSERT: the output is the table's stored columns, then the dynamic partition keys, each of
    /// the table's type. The query's columns go to the target's by position; columns not listed are null. A nested
    /// value is converted element by element.
    public func bind(_ query: QuerySyntax, into target: InsertTarget) throws -> LogicalPlan {
        guard target.table.kind != .view else {
            throw HoneyError.semantic(
                "NOT_A_TABLE", "cannot insert into a view: \(target.table.qualifiedName)", at: target.position)
        }
        let targets = target.table.storage.columns + (try checkedDynamicKeys(of: target))
        let sources = try sources(of: target, among: targets)
        let plan = try bindQuery(query)
        let output = plan.output
        let wanted = target.columns.isEmpty ? targets.count : sources.compactMap { $0 }.count
        guard output.count == wanted else {
            let what =
                target.columns.isEmpty
                ? "table has \(counted(wanted, "column"))" : "column list asks for \(counted(wanted, "column"))"
            throw HoneyError.semantic(
                "COLUMN_COUNT_MISMATCH", "\(what), query gives \(output.count)", at: query.position)
        }
        let outputs = try zip(targets, sources).map { column, source in
            guard let source else {
                return session.makeOutput(column.name, .literal(.null, column.type))
            }
            let value = output[source]
            guard session.canCast(value.type, to: column.type) else {
                throw HoneyError.semantic(
                    "TYPE_MISMATCH",
                    "column \(column.name) of type \(column.type) cannot take a value of type \(value.type)",
                    at: query.position)
            }
            return session.makeOutput(column.name, Expression.column(value).converted(to: column.type))
        }
        return VirtualColumns.dropUnused(in: .project(Project(input: plan, outputs: outputs)))
    }

    private func checkedDynamicKeys(of target: InsertTarget) throws -> [TableColumn] {
        let names = target.table.partitionKeys.map { $0.name.lowercased() }
        var seen: Set<String> = []
        for key in target.partition {
            let name = key.name.lowercased()
            guard names.contains(name) else {
                throw HoneyError.semantic(
                    "PARTITION_COLUMN_NOT_FOUND",
                    "no such partition column: \(name)" + SpellingSuggestion.hint(for: name, in: names),
                    at: key.position)
            }
            guard seen.insert(name).inserted else {
                throw HoneyError.semantic(
                    "DUPLICATE_NAME", "partition column is named twice: \(name)", at: key.position)
            }
        }
        if !target.partition.isEmpty, let missing = names.first(where: { !seen.contains($0) }) {
            throw HoneyError.semantic(
                "PARTITION_INCOMPLETE", "partition clause lacks a partition column: \(missing)", at: target.position)
        }
        let dynamic = target.dynamicPartitionKeys
        if let first = dynamic.first, let start = names.firstIndex(of: first.name.lowercased()) {
            for key in target.partition where key.isStatic {
                if let index = names.firstIndex(of: key.name.lowercased()), index > start {
                    throw HoneyError.semantic(
                        "PARTITION_ORDER",
                        "dynamic partition column cannot come before a static one: \(first.name) before \(key.name)",
                        at: key.position)
                }
            }
        }
        return dynamic
    }

    /// For each target column the query's column that fills it; nil where the column list leaves it out.
    private func sources(of target: InsertTarget, among targets: [TableColumn]) throws -> [Int?] {
        guard !target.columns.isEmpty else { return targets.indices.map { $0 } }
        let names = targets.map { $0.name.lowercased() }
        var listed: [String] = []
        for column in target.columns.map({ $0.lowercased() }) {
            guard names.contains(column) else {
                throw HoneyError.noSuchColumn(column, among: names, at: target.position)
            }
            guard !listed.contains(column) else {
                throw HoneyError.semantic("DUPLICATE_NAME", "column is listed twice: \(column)", at: target.position)
            }
            listed.append(column)
        }
        // Dynamic ones of the partition clause that the list leaves out are the query's last columns.
        let dynamic = target.partition.filter { !$0.isStatic }.map { $0.name.lowercased() }
        listed += names.filter { dynamic.contains($0) && !listed.contains($0) }
        return names.map { listed.firstIndex(of: $0) }
    }
}
