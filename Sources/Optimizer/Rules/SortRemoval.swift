import HoneyCore
import HoneyPlan

/// Drops orders that nothing sees: below aggregates, joins, unions, and other sorts.
struct SortRemoval: Rule {
    let name = "sort removal"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        visited(plan, isOrderSeen: true)
    }

    private func visited(_ plan: LogicalPlan, isOrderSeen: Bool) -> LogicalPlan {
        switch plan {
        case .sort(let sort) where sort.limit == nil && !isOrderSeen: return visited(sort.input, isOrderSeen: false)
        // Equal keys come in no particular order.
        case .sort: return plan.mapChildren { visited($0, isOrderSeen: false) }
        case .filter, .project: return plan.mapChildren { visited($0, isOrderSeen: isOrderSeen) }
        // A limit's rows are the first in its input's order.
        case .limit, .write: return plan.mapChildren { visited($0, isOrderSeen: true) }
        case .aggregate(let aggregate):
            let sees = aggregate.aggregates.contains { !$0.call.ignoresOrder }
            return plan.mapChildren { visited($0, isOrderSeen: sees) }
        case .scan, .values, .join, .union: return plan.mapChildren { visited($0, isOrderSeen: false) }
        }
    }
}

extension AggregateCall {
    /// Tells that the rows' order does not show in the result, as it does in a collected list.
    fileprivate var ignoresOrder: Bool {
        ["count", "sum", "avg", "min", "max", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp"]
            .contains(function)
    }
}
