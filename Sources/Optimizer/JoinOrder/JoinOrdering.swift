import HoneyCore
import HoneyPlan

/// Orders joins so that little is built, probed and passed on; the right side of each is the one to build from.
struct JoinOrdering: Rule {
    let name = "join ordering"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        ordered(plan, context.estimator)
    }

    private func ordered(_ plan: LogicalPlan, _ estimator: CardinalityEstimator) -> LogicalPlan {
        guard case .join(let join) = plan, plan.isJoinTree else { return plan.mapChildren { ordered($0, estimator) } }
        let graph = JoinGraph(join) { ordered($0, estimator) }
        // A set of nodes has 64 bits; a query of more relations keeps the order it is written in.
        guard graph.relations.count + graph.dependents.count <= 64 else {
            return plan.mapChildren { ordered($0, estimator) }
        }
        let best = JoinEnumeration(graph, estimator: estimator).best()
        let output = plan.output
        if output == best.output { return best }
        return .project(
            Project(
                input: best,
                outputs: output.map {
                    NamedExpression(id: $0.id, name: $0.name, graph.aliases[$0.id] ?? .column($0))
                }))
    }
}

/// Puts the smaller side of an outer join on the right, where it is built from: l ⟕ r = r ⟖ l.
struct OuterJoinOrientation: Rule {
    let name = "outer join orientation"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        plan.rewritten { node in
            guard case .join(let join) = node, let kind = join.kind.mirrored,
                context.estimator.rows(of: join.left) < context.estimator.rows(of: join.right)
            else { return node }
            let turned = Join(left: join.right, right: join.left, kind: kind, condition: join.condition)
            return LogicalPlan.join(turned).arranged(as: join.output)
        }
    }
}

extension Join.Kind {
    /// The outer join that does the same with its sides exchanged.
    fileprivate var mirrored: Join.Kind? {
        switch self {
        case .left: .right
        case .right: .left
        case .full: .full
        case .inner, .semi, .anti, .nullAwareAnti, .single, .mark: nil
        }
    }
}
