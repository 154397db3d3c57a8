import HoneyCore
import HoneyPlan

/// A sort under a limit keeps the first rows only; limits pass projections and reach a union's inputs.
struct LimitPushdown: Rule {
    let name = "limit pushdown"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        guard case .limit(let limit) = plan else { return try plan.mapChildren { try apply($0, in: context) } }
        return try pushed(limit).mapChildren { try apply($0, in: context) }
    }

    private func pushed(_ limit: Limit) -> LogicalPlan {
        guard let count = limit.count else { return .limit(limit) }
        let (last, overflow) = count.addingReportingOverflow(limit.offset)
        guard !overflow else { return .limit(limit) }
        var result = limit
        switch limit.input {
        case .sort(var sort):
            sort.limit = min(sort.limit ?? last, last)
            if limit.offset == 0 { return .sort(sort) }
            result.input = .sort(sort)
            return .limit(result)
        case .project(var project):
            result.input = project.input
            project.input = pushed(result)
            return .project(project)
        case .union(var union):
            union.inputs = union.inputs.map { input in
                if case .limit(let inner) = input, inner.offset == 0, (inner.count ?? .max) <= last { return input }
                return .limit(Limit(input: input, count: last))
            }
            result.input = .union(union)
            return .limit(result)
        case .limit(let inner):
            // The first `count` after `offset` of what the inner limit leaves.
            let (offset, overflow) = inner.offset.addingReportingOverflow(limit.offset)
            guard !overflow else { return .limit(limit) }
            let rest = inner.count.map { max(0, $0 - limit.offset) }
            return pushed(Limit(input: inner.input, count: min(count, rest ?? count), offset: offset))
        default: return .limit(limit)
        }
    }
}
