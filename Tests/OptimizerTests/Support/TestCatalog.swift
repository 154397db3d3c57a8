import HoneyCatalog
import HoneyCore
import HoneyOptimizer
import HoneyPlan

/// Tables with their rows, as metastore and as statistics.
struct TestCatalog: Metastore, StatisticsProvider {
    var rows: [String: [[Value]]] = [:]
    var partitions: [String: [Partition]] = [:]
    /// Sizes told instead of the number of rows.
    var sizes: [String: Double] = [:]

    func statistics(of table: Table, partitions: [Partition]?) throws -> TableStatistics {
        TableStatistics(rowCount: sizes[table.name] ?? rows[table.name].map { Double($0.count) })
    }

    var optimizer: Optimizer {
        Optimizer(
            functions: TestFunctions.catalog,
            session: SessionValues(nowNanoseconds: 0, timeZone: "UTC", user: "bee", database: "default"),
            statistics: self, metastore: self)
    }

    func partitions(of table: Table) throws -> [Partition] { partitions[table.name] ?? [] }
    func statistics(of table: Table) throws -> TableStatistics { try statistics(of: table, partitions: nil) }

    func databases() throws -> [String] { [] }
    func database(_ name: String) throws -> Database? { nil }
    func create(_ database: Database) throws { throw HoneyError.unexpected("read only") }
    func alter(_ database: Database) throws { throw HoneyError.unexpected("read only") }
    func dropDatabase(_ name: String, cascade: Bool) throws { throw HoneyError.unexpected("read only") }
    func tables(in database: String) throws -> [String] { [] }
    func table(_ name: String, in database: String) throws -> Table? { nil }
    func create(_ table: Table) throws -> Table { throw HoneyError.unexpected("read only") }
    func alter(_ name: String, in database: String, to table: Table) throws { throw HoneyError.unexpected("read only") }
    func dropTable(_ name: String, in database: String) throws { throw HoneyError.unexpected("read only") }
    func partition(_ values: [String], of table: Table) throws -> Partition? { nil }
    func add(_ partitions: [Partition], to table: Table, ifNotExists: Bool) throws {
        throw HoneyError.unexpected("read only")
    }
    func alter(_ partition: Partition, of table: Table) throws { throw HoneyError.unexpected("read only") }
    func rename(_ partition: [String], to values: [String], of table: Table) throws {
        throw HoneyError.unexpected("read only")
    }
    func dropPartitions(_ values: [[String]], of table: Table) throws { throw HoneyError.unexpected("read only") }
    func setStatistics(_ statistics: TableStatistics, of table: Table) throws {
        throw HoneyError.unexpected("read only")
    }
}

/// Makes plans by hand, with fresh columns.
final class PlanMaker {
    let ids = ColumnIDGenerator()

    static func table(_ name: String, _ columns: [(String, DataType)], keys: [(String, DataType)] = []) -> Table {
        Table(
            database: "default", name: name,
            storage: StorageDescriptor(
                columns: columns.map { TableColumn($0.0, $0.1) }, location: "", inputFormat: "", outputFormat: "",
                serde: SerDeInfo(library: "")),
            partitionKeys: keys.map { TableColumn($0.0, $0.1) })
    }

    func scan(_ table: Table) -> LogicalPlan {
        .scan(
            Scan(
                table: table, alias: table.name,
                columns: table.columns.enumerated().map { index, column in
                    ScanColumn(
                        ColumnReference(id: ids.make(), name: column.name, type: column.type),
                        source: .table(index: index))
                }))
    }

    /// A scan of a table of integers.
    func scan(_ name: String, _ columns: String...) -> LogicalPlan {
        scan(PlanMaker.table(name, columns.map { ($0, .int) }))
    }

    func named(_ name: String, _ expression: Expression) -> NamedExpression {
        NamedExpression(id: ids.make(), name: name, expression)
    }

    func aggregate(
        _ input: LogicalPlan, by groups: [Expression] = [], _ calls: [AggregateCall]
    ) -> LogicalPlan {
        .aggregate(
            Aggregate(
                input: input, groups: groups.map { named("g", $0) },
                aggregates: calls.map { NamedAggregate(id: ids.make(), name: $0.function, $0) }))
    }

    func project(_ input: LogicalPlan, _ expressions: Expression...) -> LogicalPlan {
        .project(Project(input: input, outputs: expressions.map { named("p", $0) }))
    }
}

extension LogicalPlan {
    subscript(_ position: Int) -> Expression { .column(output[position]) }
    func filtered(_ condition: Expression) -> LogicalPlan { .filter(Filter(input: self, predicate: condition)) }

    func joined(_ kind: Join.Kind = .inner, _ right: LogicalPlan, _ condition: Expression? = nil) -> LogicalPlan {
        .join(Join(left: self, right: right, kind: kind, condition: condition))
    }

    /// Every node, top down.
    var nodes: [LogicalPlan] { [self] + children.flatMap(\.nodes) }
    var joins: [Join] { nodes.compactMap { if case .join(let join) = $0 { join } else { nil } } }
    var scans: [Scan] { nodes.compactMap { if case .scan(let scan) = $0 { scan } else { nil } } }
    func scan(of table: String) -> Scan? { scans.first { $0.table.name == table } }
}

extension Expression {
    static func op(_ name: String, _ arguments: Expression..., type: DataType = .boolean) -> Expression {
        .call(Call(name, arguments, type: type))
    }
    static func int(_ value: Int) -> Expression { .literal(.integer(Int64(value)), .int) }
    static func exists(_ plan: LogicalPlan, not isNegated: Bool = false) -> Expression {
        .subquery(Subquery(form: .exists(isNegated: isNegated), plan: plan, type: .boolean))
    }
    static func membership(_ tested: Expression..., of plan: LogicalPlan, not isNegated: Bool = false) -> Expression {
        .subquery(Subquery(form: .membership(tested: tested, isNegated: isNegated), plan: plan, type: .boolean))
    }
    static func scalar(_ plan: LogicalPlan) -> Expression {
        .subquery(Subquery(form: .scalar, plan: plan, type: plan.output[0].type))
    }
}
