import HoneyCore
import HoneyPlan

extension Unnesting {
    /// Joins a subquery's plan to the rows it is asked for; `tested` are compared with its columns one by one.
    func joined(
        _ source: LogicalPlan, _ plan: LogicalPlan, tested: [Expression], kind: Join.Kind
    ) throws -> LogicalPlan {
        let outer = source.outputIDs
        let comparisons = zip(tested, plan.output).map { Expression.equal($0, .column($1)) }
        var right = plan
        var conditions: [Expression] = []
        if !plan.outerColumns.isDisjoint(with: outer) {
            if let pulled = CorrelatedConditions(outer: outer, context: context).pulled(from: plan) {
                right = pulled.plan
                conditions = pulled.conditions
                if kind.tellsNullFromFalse { conditions = conditions.map { $0.neverNull(&right, outer: outer) } }
            } else {
                (right, conditions) = try DependentJoin(source: source, context: context).resolved(plan)
            }
        }
        return .join(
            Join(
                left: source, right: right, kind: kind,
                condition: Expression.conjunction((conditions + comparisons).withoutDuplicates)))
    }

    /// Joins a scalar subquery's plan to the rows it is asked for and returns its value.
    func value(of plan: LogicalPlan, joinedTo source: inout LogicalPlan) throws -> Expression {
        let outer = source.outputIDs
        guard let column = plan.output.first else { throw HoneyError.unexpected("a scalar subquery without a column") }
        if plan.outerColumns.isDisjoint(with: outer) {
            let kind = plan.isOneRow ? Join.Kind.inner : plan.isAtMostOneRow ? .left : .single
            source = .join(Join(left: source, right: plan, kind: kind, condition: nil))
            return .column(column)
        }
        if let value = aggregateValue(of: plan, .column(column), joinedTo: &source) { return value }
        if let pulled = CorrelatedConditions(outer: outer, context: context).pulled(from: plan) {
            source = .join(
                Join(
                    left: source, right: pulled.plan, kind: .single,
                    condition: Expression.conjunction(pulled.conditions)))
            return .column(column)
        }
        let (right, conditions) = try DependentJoin(source: source, context: context).resolved(plan)
        source = .join(
            Join(
                left: source, right: right, kind: plan.isAtMostOneRow ? .left : .single,
                condition: Expression.conjunction(conditions)))
        return .column(column)
    }

    /// An aggregate over rows that equal something outside becomes groups by what is equal, left-joined on it:
    /// π(γ∅(σ a = outer (r))) is found in r's groups by a. Projections are computed after the join, so that they
    /// see what the aggregates give for no rows.
    private func aggregateValue(
        of plan: LogicalPlan, _ result: Expression, joinedTo source: inout LogicalPlan
    ) -> Expression? {
        let outer = source.outputIDs
        switch plan {
        case .sort(let sort) where sort.limit == nil:
            return aggregateValue(of: sort.input, result, joinedTo: &source)
        case .project(let project):
            let outputs = Dictionary(project.outputs.map { ($0.id, $0.expression) }) { first, _ in first }
            return aggregateValue(of: project.input, result.substituting(outputs), joinedTo: &source)
        case .aggregate(var aggregate) where aggregate.groups.isEmpty && aggregate.groupingSets == nil:
            let arguments = aggregate.aggregates.flatMap(\.call.arguments)
            guard arguments.allSatisfy({ $0.referencedColumns.isDisjoint(with: outer) }) else { return nil }
            let correlated = CorrelatedConditions(outer: outer, context: context)
            guard let pulled = correlated.pulled(from: aggregate.input) else { return nil }
            aggregate.input = pulled.plan
            guard let conditions = correlated.grouped(&aggregate, by: pulled.conditions) else { return nil }
            source = .join(
                Join(
                    left: source, right: .aggregate(aggregate), kind: .left,
                    condition: Expression.conjunction(conditions)))
            return result.substituting(context.valuesForNoRows(of: aggregate))
        default:
            return nil
        }
    }
}

extension OptimizationContext {
    /// What to read instead of an aggregate's columns where an outer join found no group: what a group of no rows has.
    func valuesForNoRows(of aggregate: Aggregate) -> [ColumnID: Expression] {
        var result: [ColumnID: Expression] = [:]
        for item in aggregate.aggregates {
            let value = evaluator.valueForNoRows(of: item.call)
            if value != .null { result[item.id] = .coalesce(.column(item.reference), value) }
        }
        return result
    }
}

extension Join.Kind {
    /// Tells whether a condition that is null makes a difference.
    fileprivate var tellsNullFromFalse: Bool {
        switch self {
        case .nullAwareAnti, .mark: true
        default: false
        }
    }
}

extension Expression {
    /// A condition of the same truth that is false where this is null: `inner = outer` becomes `inner <=> outer`
    /// over the rows whose inner side is not null, which a hash join can still use.
    fileprivate func neverNull(_ right: inout LogicalPlan, outer: Set<ColumnID>) -> Expression {
        if arguments(of: Operator.identical) != nil { return self }
        if let sides = equalitySides {
            for (inner, other) in [sides, (sides.1, sides.0)]
            where inner.referencedColumns.isDisjoint(with: outer) && other.referencedColumns.isSubset(of: outer) {
                right = right.filtered(by: [.isNotNull(inner)])
                return .identical(other, inner)
            }
        }
        return .coalesce(self, .boolean(false))
    }
}
