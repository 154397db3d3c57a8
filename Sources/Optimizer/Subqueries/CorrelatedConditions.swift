import HoneyCore
import HoneyPlan

/// Pulls conditions that use outer columns up out of a subquery's plan, where the nodes above them allow it.
///
/// For every outer row, the rows of the plan are the rows of the result for which the conditions hold.
struct CorrelatedConditions {
    let outer: Set<ColumnID>
    let context: OptimizationContext

    typealias Pulled = (plan: LogicalPlan, conditions: [Expression])

    /// nil when something other than a condition is correlated, or a node in between needs all rows at once.
    func pulled(from plan: LogicalPlan) -> Pulled? {
        guard isCorrelated(plan) else { return (plan, []) }
        switch plan {
        case .filter(let filter):
            guard let (input, conditions) = pulled(from: filter.input) else { return nil }
            let own = filter.predicate.conjuncts
            return (input.filtered(by: own.filter { !isCorrelated($0) }), conditions + own.filter(isCorrelated))
        case .project(let project): return pulled(from: project)
        case .join(let join): return pulled(from: join)
        case .aggregate(var aggregate):
            guard !aggregate.groups.isEmpty, aggregate.groupingSets == nil,
                !plan.expressions.contains(where: isCorrelated),
                let (input, conditions) = pulled(from: aggregate.input)
            else { return nil }
            aggregate.input = input
            return grouped(&aggregate, by: conditions).map { (.aggregate(aggregate), $0) }
        case .sort(let sort) where sort.limit == nil: return pulled(from: sort.input)
        default: return nil
        }
    }

    /// The columns that the conditions need pass the projection.
    private func pulled(from project: Project) -> Pulled? {
        guard !project.outputs.contains(where: { isCorrelated($0.expression) }),
            let (input, conditions) = pulled(from: project.input)
        else { return nil }
        var result = project
        result.input = input
        let needed = conditions.flatMap(\.columnsInOrder).withoutDuplicates.filter { !outer.contains($0.id) }
        let present = Set(project.outputs.map(\.id))
        // Columns of still farther queries are not the input's to pass.
        let available = input.outputIDs
        for column in needed where !present.contains(column.id) && available.contains(column.id) {
            result.outputs.append(NamedExpression(id: column.id, name: column.name, .column(column)))
        }
        return (.project(result), conditions)
    }

    private func pulled(from join: Join) -> Pulled? {
        let own = join.condition?.conjuncts ?? []
        var result = join
        switch join.kind {
        case .inner:
            guard let left = pulled(from: join.left), let right = pulled(from: join.right) else { return nil }
            result.left = left.plan
            result.right = right.plan
            result.condition = Expression.conjunction(own.filter { !isCorrelated($0) })
            return (.join(result), left.conditions + right.conditions + own.filter(isCorrelated))
        case .left, .semi, .anti, .nullAwareAnti, .mark:
            guard !isCorrelated(join.right), !own.contains(where: isCorrelated),
                let left = pulled(from: join.left)
            else { return nil }
            result.left = left.plan
            return (.join(result), left.conditions)
        case .right, .full, .single:
            return nil
        }
    }

    /// Groups also by the inner sides of `inner = outer` conditions, which then compare the new group columns;
    /// nil when a condition has another form. Rows that fail a condition are in other groups.
    func grouped(_ aggregate: inout Aggregate, by conditions: [Expression]) -> [Expression]? {
        var result: [Expression] = []
        var keys: [Expression: ColumnReference] = [:]
        for condition in conditions {
            guard case .call(var call) = condition, call.arguments.count == 2,
                call.function == Expression.Operator.equal || call.function == Expression.Operator.identical,
                let position = call.arguments.firstIndex(where: { $0.referencedColumns.isDisjoint(with: outer) }),
                call.arguments[1 - position].referencedColumns.isSubset(of: outer)
            else { return nil }
            let key = call.arguments[position]
            let column = keys[key] ?? context.newColumn(key.columnReference?.name ?? "key", key.type)
            if keys[key] == nil {
                keys[key] = column
                aggregate.groups.append(NamedExpression(id: column.id, name: column.name, key))
            }
            call.arguments[position] = .column(column)
            result.append(.call(call))
        }
        return result
    }

    private func isCorrelated(_ plan: LogicalPlan) -> Bool { !plan.outerColumns.isDisjoint(with: outer) }
    private func isCorrelated(_ expression: Expression) -> Bool {
        !expression.referencedColumns.isDisjoint(with: outer)
    }
}
