import HoneyCore
import HoneyPlan

/// π(π r) is one π; σ(σ r) is one σ; a π that gives its input's columns as they are is none.
struct ProjectMerging: Rule {
    let name = "project merging"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        plan.rewritten { node in
            switch node {
            case .filter(let filter): return filter.input.filtered(by: filter.predicate.conjuncts)
            case .project(let project): return merged(project, context)
            default: return node
            }
        }
    }

    private func merged(_ project: Project, _ context: OptimizationContext) -> LogicalPlan {
        var result = project
        if case .project(let inner) = project.input {
            let outputs = Dictionary(inner.outputs.map { ($0.id, $0.expression) }) { first, _ in first }
            if canInline(outputs, into: project, context) {
                result.input = inner.input
                result.outputs = project.outputs.map {
                    NamedExpression(id: $0.id, name: $0.name, $0.expression.substituting(outputs))
                }
            }
        }
        let isIdentity =
            result.input.output == result.outputs.map(\.reference)
            && result.outputs.allSatisfy { $0.expression.columnReference?.id == $0.id }
        return isIdentity ? result.input : .project(result)
    }

    /// Nothing is computed twice that was computed once, and nothing moves that differs from time to time.
    private func canInline(
        _ outputs: [ColumnID: Expression], into project: Project, _ context: OptimizationContext
    ) -> Bool {
        var uses: [ColumnID: Int] = [:]
        func count(_ expression: Expression) {
            if let column = expression.columnReference { uses[column.id, default: 0] += 1 }
            for child in expression.children { count(child) }
        }
        for output in project.outputs { count(output.expression) }
        return outputs.allSatisfy { id, expression in
            expression.operationCount == 0
                || (uses[id, default: 0] <= 1 && context.isDeterministic(expression))
        }
    }
}
