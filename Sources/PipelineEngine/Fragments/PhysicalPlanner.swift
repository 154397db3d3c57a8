import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyPlan

/// Chooses operators and exchanges for an optimized logical plan; only columns that someone needs are carried on.
struct PhysicalPlanner {
    /// A plan and whether its rows are spread over several instances.
    struct Planned {
        var plan: PhysicalPlan
        var isSpread: Bool
    }

    let context: QueryContext
    private let ids: ColumnIDGenerator
    private let nodeIDs = NodeIDGenerator()

    private final class NodeIDGenerator {
        var next = 0
    }

    /// Plans the query whose root is `root`.
    static func plan(_ root: LogicalPlan, in context: QueryContext) throws -> PhysicalPlan {
        let planner = PhysicalPlanner(
            context: context, ids: ColumnIDGenerator(startingAt: root.highestColumnNumber + 1))
        let output = root.output
        var planned = planner.gathered(try planner.plan(root, needed: Set(output.map(\.id))))
        if planned.plan.output != output {
            planned.plan = planner.node(
                output,
                .project(planned.plan, output.map { NamedExpression(id: $0.id, name: $0.name, .column($0)) }),
                rows: planned.plan.estimatedRows)
        }
        return planned.plan
    }

    func node(_ output: [ColumnReference], _ node: PhysicalPlan.Node, rows: Double? = nil) -> PhysicalPlan {
        defer { nodeIDs.next += 1 }
        return PhysicalPlan(id: nodeIDs.next, output: output, estimatedRows: rows, node)
    }

    func makeColumn(_ name: String, _ type: DataType) -> ColumnReference {
        ColumnReference(id: ids.make(), name: name, type: type)
    }

    func exchange(_ plan: PhysicalPlan, _ exchange: Exchange) -> PhysicalPlan {
        node(plan.output, .exchange(plan, exchange), rows: plan.estimatedRows)
    }

    /// All rows in one instance.
    func gathered(_ planned: Planned) -> Planned {
        planned.isSpread ? Planned(plan: exchange(planned.plan, .gather), isSpread: false) : planned
    }

    func plan(_ logical: LogicalPlan, needed: Set<ColumnID>) throws -> Planned {
        switch logical {
        case .scan(let scan): return planScan(scan, needed)
        case .values(let values):
            return Planned(
                plan: node(values.columns, .values(rows: values.rows), rows: Double(values.rows.count)), isSpread: false
            )
        case .filter(let filter):
            let input = try plan(filter.input, needed: needed.union(filter.predicate.referencedColumns))
            return Planned(
                plan: node(input.plan.output, .filter(input.plan, predicate: filter.predicate)),
                isSpread: input.isSpread)
        case .project(let project):
            let outputs = project.outputs.filter { needed.contains($0.id) }
            let used = outputs.reduce(into: Set<ColumnID>()) { $0.formUnion($1.expression.referencedColumns) }
            let input = try plan(project.input, needed: used)
            return Planned(
                plan: node(outputs.map(\.reference), .project(input.plan, outputs), rows: input.plan.estimatedRows),
                isSpread: input.isSpread)
        case .aggregate(let aggregate): return try planAggregate(aggregate, needed)
        case .join(let join): return try planJoin(join, needed)
        case .sort(let sort): return try planSort(sort, needed)
        case .limit(let limit): return try planLimit(limit, needed)
        case .union(let union): return try planUnion(union, needed)
        case .write(let write): return try planWrite(write)
        }
    }

    private func planScan(_ scan: Scan, _ needed: Set<ColumnID>) -> Planned {
        let used = scan.filters.reduce(into: Set<ColumnID>()) { $0.formUnion($1.referencedColumns) }
        let columns = scan.columns.filter { needed.contains($0.reference.id) }
        let filterColumns = scan.columns.filter {
            !needed.contains($0.reference.id) && used.contains($0.reference.id)
        }
        let rows = scan.table.parameters["numRows"].flatMap(Double.init).flatMap { $0 > 0 ? $0 : nil }
        let physical = PhysicalScan(
            table: scan.table, alias: scan.alias, columns: columns, filterColumns: filterColumns, filters: scan.filters,
            predicates: ScanPredicates.derive(scan), bucketPredicates: ScanPredicates.deriveBuckets(scan),
            partitions: scan.partitions)
        return Planned(
            plan: node(columns.map(\.reference), .scan(physical), rows: rows), isSpread: context.threads > 1)
    }

    private func planSort(_ sort: Sort, _ needed: Set<ColumnID>) throws -> Planned {
        let used = sort.keys.reduce(into: needed) { $0.formUnion($1.expression.referencedColumns) }
        let input = try plan(sort.input, needed: used)
        let output = input.plan.output
        let sorted = node(output, .sort(input.plan, keys: sort.keys, limit: sort.limit))
        guard input.isSpread else { return Planned(plan: sorted, isSpread: false) }
        var plan = exchange(sorted, .mergeGather(keys: sort.keys))
        if let limit = sort.limit { plan = node(output, .limit(plan, count: limit, offset: 0), rows: Double(limit)) }
        return Planned(plan: plan, isSpread: false)
    }

    private func planLimit(_ limit: Limit, _ needed: Set<ColumnID>) throws -> Planned {
        var input = try plan(limit.input, needed: needed)
        if input.isSpread {
            if let count = limit.count {
                let (sum, overflows) = count.addingReportingOverflow(max(limit.offset, 0))
                if !overflows { input.plan = node(input.plan.output, .limit(input.plan, count: sum, offset: 0)) }
            }
            input = gathered(input)
        }
        return Planned(
            plan: node(
                input.plan.output, .limit(input.plan, count: limit.count, offset: limit.offset),
                rows: limit.count.map(Double.init)),
            isSpread: false)
    }

    private func planUnion(_ union: Union, _ needed: Set<ColumnID>) throws -> Planned {
        let positions = union.columns.indices.filter { needed.contains(union.columns[$0].id) }
        let columns = positions.map { union.columns[$0] }
        let inputs = try union.inputs.map { input -> PhysicalPlan in
            let sources = positions.map { input.output[$0] }
            let planned = try plan(input, needed: Set(sources.map(\.id)))
            let aligned = node(
                columns,
                .project(
                    planned.plan,
                    zip(columns, sources).map { NamedExpression(id: $0.id, name: $0.name, .column($1)) }))
            return exchange(aligned, .pass)
        }
        return Planned(plan: node(columns, .union(inputs)), isSpread: context.threads > 1)
    }
}

extension LogicalPlan {
    /// The highest column number that occurs anywhere in the tree.
    var highestColumnNumber: Int {
        var highest = 0
        func see(_ id: ColumnID) { highest = max(highest, id.number) }
        for column in output { see(column.id) }
        for expression in expressions { for id in expression.referencedColumns { see(id) } }
        for child in children { highest = max(highest, child.highestColumnNumber) }
        return highest
    }
}
