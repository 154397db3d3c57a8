import HoneyCore
import HoneyPlan

/// Drops columns that nothing uses: from scans, projections, aggregates; and, by a projection, from what a join gives,
/// and from what enters a join, a sort or a union, where rows are kept or copied.
struct ColumnPruning: Rule {
    let name = "column pruning"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        pruned(plan, to: plan.outputIDs).arranged(as: plan.output)
    }

    /// The plan with at least the columns `needed`, in their old order; perhaps with more where dropping costs more.
    private func pruned(_ plan: LogicalPlan, to needed: Set<ColumnID>) -> LogicalPlan {
        switch plan {
        case .scan(var scan):
            let used = scan.filters.reduce(into: needed) { $0.formUnion($1.referencedColumns) }
            scan.columns = scan.columns.filter { used.contains($0.reference.id) }
            return .scan(scan)
        case .values(var values):
            let kept = values.columns.indices.filter { needed.contains(values.columns[$0].id) }
            values.columns = kept.map { values.columns[$0] }
            values.rows = values.rows.map { row in kept.map { row[$0] } }
            return .values(values)
        case .filter(var filter):
            filter.input = pruned(filter.input, to: needed.union(filter.predicate.referencedColumns))
            return .filter(filter)
        case .project(var project):
            project.outputs = project.outputs.filter { needed.contains($0.id) }
            project.input = pruned(project.input, to: used(by: project.outputs.map(\.expression)))
            return .project(project)
        case .aggregate(let aggregate): return pruned(aggregate, to: needed)
        case .join(let join): return pruned(join, to: needed)
        case .sort(var sort):
            let used = needed.union(used(by: sort.keys.map(\.expression)))
            sort.input = exactly(pruned(sort.input, to: used), used)
            return .sort(sort)
        case .limit(var limit):
            limit.input = pruned(limit.input, to: needed)
            return .limit(limit)
        case .union(var union):
            let kept = union.columns.indices.filter { needed.contains(union.columns[$0].id) }
            union.inputs = union.inputs.map { input in
                let columns = kept.map { input.output[$0] }
                return pruned(input, to: Set(columns.map(\.id))).arranged(as: columns)
            }
            union.columns = kept.map { union.columns[$0] }
            return .union(union)
        case .write(var write):
            let columns = write.input.output
            write.input = pruned(write.input, to: Set(columns.map(\.id))).arranged(as: columns)
            return .write(write)
        }
    }

    private func pruned(_ aggregate: Aggregate, to needed: Set<ColumnID>) -> LogicalPlan {
        var result = aggregate
        result.aggregates = aggregate.aggregates.filter { needed.contains($0.id) }
        if let column = aggregate.groupingID, !needed.contains(column.id) { result.groupingID = nil }
        // One row, whatever the input is.
        if result.groups.isEmpty && result.aggregates.isEmpty && result.groupingSets == nil && result.groupingID == nil
        {
            return .values(Values(columns: [], rows: [[]]))
        }
        let used = used(by: result.groups.map(\.expression) + result.aggregates.flatMap(\.call.arguments))
        result.input = pruned(aggregate.input, to: used)
        return .aggregate(result)
    }

    private func pruned(_ join: Join, to needed: Set<ColumnID>) -> LogicalPlan {
        var result = join
        let used = needed.union(join.condition?.referencedColumns ?? [])
        result.left = exactly(pruned(join.left, to: used), used)
        result.right = exactly(pruned(join.right, to: used), used)
        return exactly(.join(result), needed)
    }

    private func exactly(_ plan: LogicalPlan, _ needed: Set<ColumnID>) -> LogicalPlan {
        let kept = plan.output.filter { needed.contains($0.id) }
        return plan.arranged(as: kept)
    }

    private func used(by expressions: [Expression]) -> Set<ColumnID> {
        expressions.reduce(into: []) { $0.formUnion($1.referencedColumns) }
    }
}
