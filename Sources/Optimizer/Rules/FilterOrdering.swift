import HoneyCore
import HoneyPlan

/// Orders a scan's and a filter's conditions: what costs little and drops much comes first.
///
/// With conditions of cost c and kept fraction s, ascending c / (1 − s) does the least work.
struct FilterOrdering: Rule {
    let name = "filter ordering"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        plan.rewritten { node in
            switch node {
            case .scan(var scan) where scan.filters.count > 1:
                scan.filters = ordered(scan.filters, context.estimator.profile(of: node).columns)
                return .scan(scan)
            case .filter(var filter):
                let conditions = ordered(
                    filter.predicate.conjuncts, context.estimator.profile(of: filter.input).columns)
                filter.predicate = Expression.conjunction(conditions)!
                return .filter(filter)
            default: return node
            }
        }
    }

    private func ordered(_ conditions: [Expression], _ columns: [ColumnID: ColumnProfile]) -> [Expression] {
        let selectivity = Selectivity(columns: columns)
        let ranked = conditions.enumerated().map { position, condition in
            (rank: condition.cost / max(0.01, 1 - selectivity.of(condition)), position: position, condition: condition)
        }
        return ranked.sorted { ($0.rank, $0.position) < ($1.rank, $1.position) }.map(\.condition)
    }
}

extension Expression {
    /// Roughly the nanoseconds that computing it for a row takes.
    var cost: Double {
        switch self {
        case .literal: 0
        case .column(let column): column.type.comparisonCost
        case .subquery: 1000
        case .cast(let operand, let type): operand.cost + (type.isText || operand.type.isText ? 40 : 2)
        case .call(let call):
            call.arguments.reduce(Expression.callCosts[call.function] ?? 20) { $0 + $1.cost }
        }
    }

    private static let callCosts: [String: Double] = [
        Operator.and: 0.5, Operator.or: 0.5, Operator.not: 0.5, Operator.equal: 0.5, Operator.notEqual: 0.5,
        Operator.less: 0.5, Operator.lessOrEqual: 0.5, Operator.greater: 0.5, Operator.greaterOrEqual: 0.5,
        Operator.identical: 1, Operator.isNull: 0.2, Operator.isNotNull: 0.2, Operator.isIn: 5, Operator.like: 30,
        "rlike": 300, "+": 0.5, "-": 0.5, "*": 0.5, "/": 5, "%": 5,
    ]
}

extension DataType {
    fileprivate var comparisonCost: Double {
        switch physical {
        case .bool, .int8, .int16, .int32, .int64, .float, .double: 0.3
        case .int128: 2
        case .bytes: 6
        case .list, .structure: 100
        }
    }
}
