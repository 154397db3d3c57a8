import HoneyCore
import HoneyPlan

/// Simplifies every expression; conditions that keep rows may take null for false.
struct ExpressionSimplification: Rule {
    let name = "expression simplification"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        let simplifier = ExpressionSimplifier(context: context)
        return plan.rewritten { node in
            switch node {
            case .filter(let filter):
                let condition = simplifier.simplifiedCondition(filter.predicate)
                return filter.input.filtered(by: condition.conjuncts.filter { !$0.isTrueLiteral })
            case .scan(var scan):
                scan.filters =
                    scan.filters.flatMap { simplifier.simplifiedCondition($0).conjuncts }
                    .filter { !$0.isTrueLiteral }.withoutDuplicates
                return .scan(scan)
            case .join(var join):
                join.condition = join.condition.flatMap { condition in
                    // These joins tell null from false.
                    let isThreeValued = join.kind == .nullAwareAnti || join.markColumn != nil
                    let result =
                        isThreeValued ? simplifier.simplified(condition) : simplifier.simplifiedCondition(condition)
                    return Expression.conjunction(result.conjuncts.filter { !$0.isTrueLiteral })
                }
                return .join(join)
            default:
                return node.mapExpressions(simplifier.simplified)
            }
        }
    }
}

extension Join {
    /// The column of a mark join.
    var markColumn: ColumnReference? { if case .mark(let column) = kind { column } else { nil } }
}
