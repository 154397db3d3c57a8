import HoneyCore
import HoneyPlan

/// Leaves out duplicate removal where there are no duplicates, and DISTINCT where duplicates change nothing.
struct DistinctElimination: Rule {
    let name = "distinct elimination"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        plan.rewritten { node in
            guard case .aggregate(var aggregate) = node else { return node }
            for index in aggregate.aggregates.indices where aggregate.aggregates[index].call.isDistinct {
                if context.ignoresDuplicates(aggregate.aggregates[index].call) {
                    aggregate.aggregates[index].call.isDistinct = false
                }
            }
            // γ over what is unique by the same columns only renames them.
            if aggregate.isDistinctOnly, let unique = aggregate.input.uniqueColumns,
                aggregate.groups.allSatisfy({ context.isDeterministic($0.expression) }),
                unique.isSubset(of: aggregate.groups.compactMap { $0.expression.columnReference?.id })
            {
                return .project(Project(input: aggregate.input, outputs: aggregate.groups))
            }
            return .aggregate(aggregate)
        }
    }
}

extension OptimizationContext {
    fileprivate func ignoresDuplicates(_ call: AggregateCall) -> Bool {
        let arguments = call.arguments.map { Argument(type: $0.type, constant: $0.literalValue) }
        return (try? functions.aggregate(call.function)?.resolve(arguments, isDistinct: true))?.ignoresDuplicates
            ?? false
    }
}

extension LogicalPlan {
    /// Columns whose values together occur once only; nil when none are known.
    var uniqueColumns: Set<ColumnID>? {
        switch self {
        case .aggregate(let aggregate) where aggregate.groupingSets == nil: return Set(aggregate.groups.map(\.id))
        case .filter(let filter): return filter.input.uniqueColumns
        case .sort(let sort): return sort.input.uniqueColumns
        case .limit(let limit): return limit.input.uniqueColumns
        case .project(let project):
            guard let unique = project.input.uniqueColumns else { return nil }
            var renamed: [ColumnID: ColumnID] = [:]
            for output in project.outputs {
                if let column = output.expression.columnReference { renamed[column.id] = output.id }
            }
            let result = unique.compactMap { renamed[$0] }
            return result.count == unique.count ? Set(result) : nil
        case .join(let join):
            switch join.kind {
            case .semi, .anti, .nullAwareAnti, .mark, .single: return join.left.uniqueColumns
            default: return nil
            }
        case .scan, .values, .aggregate, .union, .write: return nil
        }
    }
}
