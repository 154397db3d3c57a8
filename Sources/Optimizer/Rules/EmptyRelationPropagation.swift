import HoneyCore
import HoneyPlan

/// What is known to have no rows is not computed: ∅ ⋈ r = ∅, ∅ ∪ r = r, σfalse r = ∅, …
struct EmptyRelationPropagation: Rule {
    let name = "empty relation propagation"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        plan.rewritten { node in
            switch node {
            case .scan(let scan) where scan.filters.contains(where: \.isNeverTrue) || scan.partitions?.isEmpty == true:
                return .empty(node.output)
            case .filter(let filter) where filter.predicate.conjuncts.contains(where: \.isNeverTrue):
                return .empty(node.output)
            case .limit(let limit) where limit.count == 0: return .empty(node.output)
            case .filter, .project, .sort, .limit:
                return node.children[0].isEmptyRelation ? .empty(node.output) : node
            case .aggregate(let aggregate) where !aggregate.groups.isEmpty && aggregate.groupingSets == nil:
                return aggregate.input.isEmptyRelation ? .empty(node.output) : node
            case .join(let join): return reduced(join)
            case .union(let union): return reduced(union)
            case .scan, .values, .aggregate, .write: return node
            }
        }
    }

    private func reduced(_ join: Join) -> LogicalPlan {
        let node = LogicalPlan.join(join)
        let isNever = join.ownConditions.contains(where: \.isNeverTrue)
        let left = join.left.isEmptyRelation
        let right = join.right.isEmptyRelation || isNever
        switch join.kind {
        case .inner: return left || right ? .empty(node.output) : node
        case .semi: return left || right ? .empty(node.output) : node
        case .anti: return left ? .empty(node.output) : right ? join.left : node
        case .nullAwareAnti: return left ? .empty(node.output) : join.right.isEmptyRelation ? join.left : node
        case .left, .single:
            return left ? .empty(node.output) : right ? join.left.padded(with: join.right.output, node.output) : node
        case .right:
            if join.right.isEmptyRelation { return .empty(node.output) }
            return left || isNever ? join.right.padded(with: join.left.output, node.output) : node
        case .full: return left && right && join.right.isEmptyRelation ? .empty(node.output) : node
        case .mark(let column):
            if left { return .empty(node.output) }
            guard join.right.isEmptyRelation else { return node }
            let outputs = join.left.output.map { NamedExpression(id: $0.id, name: $0.name, .column($0)) }
            return .project(
                Project(
                    input: join.left,
                    outputs: outputs + [NamedExpression(id: column.id, name: column.name, .boolean(false))]))
        }
    }

    private func reduced(_ union: Union) -> LogicalPlan {
        let inputs = union.inputs.filter { !$0.isEmptyRelation }
        if inputs.isEmpty { return .empty(union.columns) }
        if inputs.count > 1 { return .union(Union(inputs: inputs, columns: union.columns)) }
        let outputs = zip(union.columns, inputs[0].output).map { column, source in
            NamedExpression(id: column.id, name: column.name, .column(source))
        }
        return .project(Project(input: inputs[0], outputs: outputs))
    }
}

extension LogicalPlan {
    /// The rows with nulls for the columns that an outer join found nothing for.
    fileprivate func padded(with missing: [ColumnReference], _ output: [ColumnReference]) -> LogicalPlan {
        let nulls = Set(missing.map(\.id))
        return .project(
            Project(
                input: self,
                outputs: output.map {
                    NamedExpression(
                        id: $0.id, name: $0.name, nulls.contains($0.id) ? .null($0.type) : .column($0))
                }))
    }
}
