import HoneyCore
import HoneyPlan

/// Moves conditions as far down as they keep their meaning, into scans where they get that far.
///
/// | over | passes |
/// |---|---|
/// | filter, sort without limit, union | everything |
/// | project | what uses outputs that give the same value each time, with the outputs' expressions put in |
/// | aggregate | what uses groups only |
/// | inner join | everything: one side's conditions to that side, others into the join |
/// | left, single, semi, anti, mark join | the left side's conditions |
/// | left join (right, full alike) | becomes inner where a condition above rejects the rows it would pad with nulls |
///
/// Joins also teach conditions: with `a = b`, what holds for a holds for b; and `(p(a) ∧ …) ∨ (q(a) ∧ …)` implies
/// `p(a) ∨ q(a)`.
struct PredicatePushdown: Rule {
    let name = "predicate pushdown"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        Pushdown(context: context).pushed([], into: plan, rejected: [])
    }
}

struct Pushdown {
    let context: OptimizationContext

    /// The rows of `plan` for which the conditions hold. Rows with a null in a `rejected` column are dropped above.
    func pushed(_ conditions: [Expression], into plan: LogicalPlan, rejected: Set<ColumnID>) -> LogicalPlan {
        if conditions.contains(where: \.isNeverTrue) { return .empty(plan.output) }
        let rejected = conditions.reduce(into: rejected) { $0.formUnion($1.rejectedNulls) }
        switch plan {
        case .scan(var scan):
            scan.filters = (scan.filters + conditions).withoutDuplicates
            return .scan(scan)
        case .values: return plan.filtered(by: conditions)
        case .filter(let filter):
            let own = filter.predicate.conjuncts
            let stable = own.filter(context.isDeterministic)
            return pushed((stable + conditions).withoutDuplicates, into: filter.input, rejected: rejected)
                .filtered(by: own.filter { !context.isDeterministic($0) })
        case .project(let project): return pushed(conditions, into: project, rejected)
        case .aggregate(let aggregate): return pushed(conditions, into: aggregate, rejected)
        case .join(let join): return pushed(conditions, into: join, rejected)
        case .sort(var sort) where sort.limit == nil:
            sort.input = pushed(conditions, into: sort.input, rejected: rejected)
            return .sort(sort)
        case .union(let union): return pushed(conditions, into: union, rejected)
        case .sort, .limit, .write:
            // Which rows these nodes see may not change.
            return plan.mapChildren { pushed([], into: $0, rejected: []) }.filtered(by: conditions)
        }
    }

    private func pushed(
        _ conditions: [Expression], into project: Project, _ rejected: Set<ColumnID>
    ) -> LogicalPlan {
        let outputs = Dictionary(project.outputs.map { ($0.id, $0.expression) }) { first, _ in first }
        let unstable = Set(project.outputs.filter { !context.isDeterministic($0.expression) }.map(\.id))
        let passing = conditions.filter { $0.referencedColumns.isDisjoint(with: unstable) }
        var result = project
        result.input = pushed(
            passing.map { simplified($0.substituting(outputs)) }, into: project.input,
            rejected: rejected.nulling(through: outputs))
        return LogicalPlan.project(result)
            .filtered(by: conditions.filter { !$0.referencedColumns.isDisjoint(with: unstable) })
    }

    private func pushed(
        _ conditions: [Expression], into aggregate: Aggregate, _ rejected: Set<ColumnID>
    ) -> LogicalPlan {
        var groups: [ColumnID: Expression] = [:]
        if aggregate.groupingSets == nil {
            for group in aggregate.groups where context.isDeterministic(group.expression) {
                groups[group.id] = group.expression
            }
        }
        let passes = { (condition: Expression) in
            let used = condition.referencedColumns
            return !used.isEmpty && used.isSubset(of: groups.keys)
        }
        var result = aggregate
        result.input = pushed(
            conditions.filter(passes).map { simplified($0.substituting(groups)) }, into: aggregate.input,
            rejected: rejected.nulling(through: groups))
        return LogicalPlan.aggregate(result).filtered(by: conditions.filter { !passes($0) })
    }

    private func pushed(_ conditions: [Expression], into union: Union, _ rejected: Set<ColumnID>) -> LogicalPlan {
        var result = union
        result.inputs = union.inputs.map { input in
            let columns = Dictionary(
                zip(union.columns, input.output).map { ($0.id, Expression.column($1)) },
                uniquingKeysWith: { first, _ in first })
            return pushed(
                conditions.map { $0.substituting(columns) }, into: input, rejected: rejected.nulling(through: columns))
        }
        return .union(result)
    }

    func simplified(_ condition: Expression) -> Expression {
        ExpressionSimplifier(context: context).simplifiedCondition(condition)
    }
}

extension Set<ColumnID> {
    /// Columns below a projection whose nulls make one of these columns null.
    fileprivate func nulling(through outputs: [ColumnID: Expression]) -> Set<ColumnID> {
        reduce(into: []) { result, id in if let expression = outputs[id] { result.formUnion(expression.nullingColumns) }
        }
    }
}
