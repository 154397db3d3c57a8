import HoneyCore
import HoneyPlan

/// Conditions at a join, by the inputs whose columns they use.
private struct Sides {
    var left: [Expression] = []
    var right: [Expression] = []
    /// Both inputs, or none.
    var both: [Expression] = []

    init(_ conditions: [Expression], _ leftIDs: Set<ColumnID>, _ rightIDs: Set<ColumnID>) {
        for condition in conditions {
            let used = condition.referencedColumns
            if !used.isEmpty && used.isSubset(of: leftIDs) {
                left.append(condition)
            } else if !used.isEmpty && used.isSubset(of: rightIDs) {
                right.append(condition)
            } else {
                both.append(condition)
            }
        }
    }
}

extension Pushdown {
    func pushed(_ conditions: [Expression], into join: Join, _ rejected: Set<ColumnID>) -> LogicalPlan {
        var join = join
        join.kind = join.kind.reduced(
            rejectsLeft: !rejected.isDisjoint(with: join.left.outputIDs),
            rejectsRight: !rejected.isDisjoint(with: join.right.outputIDs))
        switch join.kind {
        case .inner: return inner(conditions, join, rejected)
        case .right: return outer(conditions, join, rejected, preservesLeft: false)
        case .left, .single, .anti, .nullAwareAnti, .mark: return outer(conditions, join, rejected, preservesLeft: true)
        case .semi: return semi(conditions, join, rejected)
        case .full:
            return LogicalPlan.join(rebuilt(join, left: [], right: [], join.ownConditions, [], [])).filtered(
                by: conditions)
        }
    }

    /// σc (l ⋈d r): all of c ∧ d alike.
    private func inner(_ conditions: [Expression], _ join: Join, _ rejected: Set<ColumnID>) -> LogicalPlan {
        let own = join.ownConditions
        let stable = (conditions + own.filter(context.isDeterministic)).withoutDuplicates
        let known = stable + inferences(from: stable, join)
        if known.contains(where: \.isNeverTrue) { return .empty(join.output) }
        let sides = Sides(known, join.left.outputIDs, join.right.outputIDs)
        let rejected = known.reduce(into: rejected) { $0.formUnion($1.rejectedNulls) }
        let rest = sides.both + own.filter { !context.isDeterministic($0) }
        return .join(rebuilt(join, left: sides.left, right: sides.right, rest, rejected, rejected))
    }

    /// σc (l ⋉d r): c and what d says of l go left.
    private func semi(_ conditions: [Expression], _ join: Join, _ rejected: Set<ColumnID>) -> LogicalPlan {
        let known = conditions + join.ownConditions
        let sides = Sides(known + inferences(from: known, join), join.left.outputIDs, join.right.outputIDs)
        let nulls = known.reduce(into: rejected) { $0.formUnion($1.rejectedNulls) }
        return .join(rebuilt(join, left: sides.left, right: sides.right, sides.both, nulls, nulls))
    }

    /// σc (l ⟕d r), and the other joins that keep rows of one side for which d fails: c goes to that side,
    /// what d says of the other side goes there.
    private func outer(
        _ conditions: [Expression], _ join: Join, _ rejected: Set<ColumnID>, preservesLeft: Bool
    ) -> LogicalPlan {
        let left = join.left.outputIDs
        let right = join.right.outputIDs
        let above = Sides(conditions, left, right)
        let preserved = preservesLeft ? above.left : above.right
        let padded = preservesLeft ? above.right : above.left
        // Where null differs from false, a row of the other side may only go when its condition is never null.
        let isThreeValued = join.kind == .nullAwareAnti || join.markColumn != nil
        let own = Sides(join.ownConditions, left, right)
        let learned = isThreeValued ? [] : inferences(from: preserved + join.ownConditions, join)
        let other = (preservesLeft ? own.right : own.left).filter { !isThreeValued || $0.isNeverNull }
        let passing = other + Sides(learned, left, right)[keepingLeft: !preservesLeft]
        let staying = join.ownConditions.filter { !other.contains($0) }
        let otherNulls =
            isThreeValued ? [] : join.ownConditions.reduce(into: Set<ColumnID>()) { $0.formUnion($1.rejectedNulls) }
        let result = rebuilt(
            join, left: preservesLeft ? preserved : passing, right: preservesLeft ? passing : preserved, staying,
            preservesLeft ? rejected : otherNulls, preservesLeft ? otherNulls : rejected)
        return LogicalPlan.join(result).filtered(by: padded + above.both)
    }

    private func rebuilt(
        _ join: Join, left: [Expression], right: [Expression], _ rest: [Expression],
        _ leftNulls: Set<ColumnID>, _ rightNulls: Set<ColumnID>
    ) -> Join {
        var result = join
        result.left = pushed(
            left.withoutDuplicates, into: join.left, rejected: leftNulls.intersection(join.left.outputIDs))
        result.right = pushed(
            right.withoutDuplicates, into: join.right, rejected: rightNulls.intersection(join.right.outputIDs))
        result.condition = Expression.conjunction(rest.withoutDuplicates)
        return result
    }

    /// What follows from conditions that all hold: by equality of columns, and for single sides by disjunctions.
    private func inferences(from conditions: [Expression], _ join: Join) -> [Expression] {
        let known = Set(conditions)
        let equal = ColumnEquivalence(conditions)
        var result: [Expression] = []
        for condition in conditions where condition.isTransferable {
            let used = condition.columnsInOrder
            guard used.count == 1 else { continue }
            for other in equal.others(of: used[0]) {
                result.append(condition.substituting([used[0].id: .column(other)]))
            }
        }
        for condition in conditions where condition.disjuncts.count > 1 && context.isDeterministic(condition) {
            for side in [join.left.outputIDs, join.right.outputIDs] {
                guard !condition.referencedColumns.isSubset(of: side),
                    let implied = condition.implied(over: side)
                else { continue }
                result += simplified(implied).conjuncts
            }
        }
        return result.withoutDuplicates.filter { !known.contains($0) && !$0.isTrueLiteral }
    }
}

extension Sides {
    fileprivate subscript(keepingLeft keepsLeft: Bool) -> [Expression] { keepsLeft ? left : right }
}

extension Join {
    var ownConditions: [Expression] { condition?.conjuncts ?? [] }
}

extension Join.Kind {
    /// The join that is left when rows padded with nulls on a side are dropped anyway.
    fileprivate func reduced(rejectsLeft: Bool, rejectsRight: Bool) -> Join.Kind {
        switch self {
        case .left where rejectsRight: .inner
        case .right where rejectsLeft: .inner
        case .full where rejectsLeft && rejectsRight: .inner
        case .full where rejectsLeft: .left
        case .full where rejectsRight: .right
        default: self
        }
    }
}

extension Expression {
    /// A comparison of one column with literals, of a type whose equal values are the same.
    fileprivate var isTransferable: Bool {
        guard let column = columnsInOrder.first, column.type.hasOneFormEach else { return false }
        if let comparison = Comparison(self) {
            return comparison.left.columnReference != nil && comparison.right.literalValue != nil
        }
        guard case .call(let call) = self, let tested = call.arguments.first, tested.columnReference != nil else {
            return false
        }
        return [Operator.isIn, Operator.like].contains(call.function)
            && call.arguments.dropFirst().allSatisfy { $0.literalValue != nil }
    }

    /// What a disjunction says of some columns: the disjunction of each branch's conjuncts over them alone.
    fileprivate func implied(over columns: Set<ColumnID>) -> Expression? {
        var branches: [Expression] = []
        for branch in disjuncts {
            let own = branch.conjuncts.filter {
                let used = $0.referencedColumns
                return !used.isEmpty && used.isSubset(of: columns)
            }
            guard let condition = Expression.conjunction(own) else { return nil }
            branches.append(condition)
        }
        return Expression.disjunction(branches.withoutDuplicates)
    }
}

extension DataType {
    /// Tells that values which compare equal are the same in every respect.
    var hasOneFormEach: Bool {
        switch self {
        case .float, .double, .char, .array, .map, .structure, .union: false
        default: true
        }
    }
}
