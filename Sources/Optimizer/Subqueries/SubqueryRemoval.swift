import HoneyCore
import HoneyPlan

/// Turns every query inside an expression into a join with the node's input.
///
/// | query | as a whole condition | inside a larger expression |
/// |---|---|---|
/// | exists, in | semi join | mark join, its mark in the query's place |
/// | not exists | anti join | mark join, negated |
/// | not in | null-aware anti join | mark join, negated |
/// | scalar | – | its column, after a cross join (one row), a left join (grouped by what correlates) or a single join |
///
/// A correlated query is first made to stand alone: `CorrelatedConditions` pulls its correlated conditions up into the
/// join where that suffices, else `DependentJoin` computes it for every distinct combination of outer values.
struct SubqueryRemoval: Rule {
    let name = "subquery removal"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        guard plan.containsSubquery else { return plan }
        let result = try Unnesting(context: context).unnested(plan)
        guard !result.containsSubquery else { throw HoneyError.unexpected("a subquery was left in the plan") }
        guard result.outerColumns.isEmpty else {
            throw HoneyError.unexpected("a correlated column was left in the plan")
        }
        return result
    }
}

/// Rewrites nodes whose expressions have subqueries, inputs first.
struct Unnesting {
    let context: OptimizationContext

    func unnested(_ plan: LogicalPlan) throws -> LogicalPlan {
        let node = try plan.mapChildren(unnested)
        guard node.expressions.contains(where: \.containsSubquery) else { return node }
        switch node {
        case .filter(let filter): return try unnested(filter.predicate.conjuncts, over: filter.input)
        case .join(let join): return try unnested(join)
        case .values(let values): return try unnested(values)
        case .project(var project):
            for index in project.outputs.indices {
                project.outputs[index].expression = try replaced(project.outputs[index].expression, &project.input)
            }
            return .project(project)
        case .aggregate(var aggregate):
            for index in aggregate.groups.indices {
                aggregate.groups[index].expression = try replaced(aggregate.groups[index].expression, &aggregate.input)
            }
            for index in aggregate.aggregates.indices {
                aggregate.aggregates[index].call.arguments = try aggregate.aggregates[index].call.arguments.map {
                    try replaced($0, &aggregate.input)
                }
            }
            return .aggregate(aggregate)
        case .sort(var sort):
            let output = sort.input.output
            for index in sort.keys.indices {
                sort.keys[index].expression = try replaced(sort.keys[index].expression, &sort.input)
            }
            return LogicalPlan.sort(sort).arranged(as: output)
        case .scan, .limit, .union, .write: throw HoneyError.unexpected("a subquery where none can be")
        }
    }

    /// σ conditions (input): plain conditions first, then semi and anti joins, and what needs marks or values last.
    private func unnested(_ conditions: [Expression], over input: LogicalPlan) throws -> LogicalPlan {
        var source = input.filtered(by: conditions.filter { !$0.containsSubquery })
        var others: [Expression] = []
        for condition in conditions where condition.containsSubquery {
            if case .subquery(let subquery) = condition.withNegationInside, subquery.form != .scalar {
                source = try reduced(source, by: subquery)
            } else {
                others.append(condition)
            }
        }
        for condition in others {
            let replacement = try replaced(condition, &source)
            source = source.filtered(by: [replacement])
        }
        return source.arranged(as: input.output)
    }

    /// A join whose condition has subqueries: an inner join filters after joining; an outer one may have them on one side.
    private func unnested(_ join: Join) throws -> LogicalPlan {
        let conditions = join.condition?.conjuncts ?? []
        var bare = join
        bare.condition = Expression.conjunction(conditions.filter { !$0.containsSubquery })
        if join.kind == .inner {
            return try unnested(conditions.filter(\.containsSubquery), over: .join(bare))
        }
        let left = join.left.outputIDs
        let right = join.right.outputIDs
        for condition in conditions where condition.containsSubquery {
            let used = condition.referencedColumns
            let replacement: Expression
            if used.isDisjoint(with: left) {
                replacement = try replaced(condition, &bare.right)
            } else if used.isDisjoint(with: right) {
                replacement = try replaced(condition, &bare.left)
            } else {
                throw HoneyError(
                    .semantic, "SUBQUERY_NOT_SUPPORTED",
                    "a subquery in the condition of an outer join may use columns of one side only")
            }
            bare.condition = Expression.conjunction((bare.condition?.conjuncts ?? []) + [replacement])
        }
        return LogicalPlan.join(bare).arranged(as: join.output)
    }

    /// Each row of literals with subqueries becomes a projection of one row without columns.
    private func unnested(_ values: Values) throws -> LogicalPlan {
        let rows = try values.rows.map { row in
            var source = LogicalPlan.values(Values(columns: [], rows: [[]]))
            let outputs = try zip(values.columns, row).map { column, expression in
                NamedExpression(
                    id: values.rows.count == 1 ? column.id : context.ids.make(), name: column.name,
                    try replaced(expression, &source))
            }
            return LogicalPlan.project(Project(input: source, outputs: outputs))
        }
        return rows.count == 1 ? rows[0] : .union(Union(inputs: rows, columns: values.columns))
    }

    /// The expression with its subqueries replaced by columns that `source` is widened with.
    private func replaced(_ expression: Expression, _ source: inout LogicalPlan) throws -> Expression {
        guard case .subquery(var subquery) = expression else {
            guard expression.containsSubquery else { return expression }
            return try expression.mapChildren { try replaced($0, &source) }
        }
        switch subquery.form {
        case .scalar:
            return try value(of: standalone(subquery.plan), joinedTo: &source)
        case .exists(let isNegated):
            let mark = try mark(tested: [], standalone(subquery.plan), joinedTo: &source)
            return isNegated ? .not(mark) : mark
        case .membership(let tested, let isNegated):
            let plain = try tested.map { try replaced($0, &source) }
            subquery.form = .membership(tested: plain, isNegated: isNegated)
            let mark = try mark(tested: plain, standalone(subquery.plan), joinedTo: &source)
            return isNegated ? .not(mark) : mark
        }
    }

    /// The subquery's plan with columns of its own and its own subqueries removed.
    func standalone(_ plan: LogicalPlan) throws -> LogicalPlan {
        try unnested(plan.renumbered(in: context).plan)
    }

    /// The rows of `source` for which an EXISTS or IN holds.
    private func reduced(_ source: LogicalPlan, by subquery: Subquery) throws -> LogicalPlan {
        var source = source
        let output = source.output
        let plan = try standalone(subquery.plan)
        switch subquery.form {
        case .exists(let isNegated):
            if let holds = plan.isKnownToExist {
                return holds != isNegated ? source : .empty(output)
            }
            source = try joined(source, plan.forExistence, tested: [], kind: isNegated ? .anti : .semi)
        case .membership(let tested, let isNegated):
            let plain = try tested.map { try replaced($0, &source) }
            source = try joined(source, plan.forMembership, tested: plain, kind: isNegated ? .nullAwareAnti : .semi)
        case .scalar: throw HoneyError.unexpected("a scalar subquery as a condition")
        }
        return source.arranged(as: output)
    }

    private func mark(
        tested: [Expression], _ plan: LogicalPlan, joinedTo source: inout LogicalPlan
    ) throws -> Expression {
        if tested.isEmpty, let holds = plan.isKnownToExist { return .boolean(holds) }
        let column = context.newColumn(tested.isEmpty ? "exists" : "in", .boolean)
        source = try joined(
            source, tested.isEmpty ? plan.forExistence : plan.forMembership, tested: tested, kind: .mark(column))
        // A condition that is null for some row leaves IN unknown, but EXISTS false.
        return tested.isEmpty ? .coalesce(.column(column), .boolean(false)) : .column(column)
    }
}

extension Expression {
    /// `not exists` for `not (exists …)`, and so on.
    fileprivate var withNegationInside: Expression {
        guard let operand = arguments(of: Operator.not)?.first,
            case .subquery(var subquery) = operand.withNegationInside
        else { return self }
        switch subquery.form {
        case .exists(let isNegated): subquery.form = .exists(isNegated: !isNegated)
        case .membership(let tested, let isNegated): subquery.form = .membership(tested: tested, isNegated: !isNegated)
        case .scalar: return self
        }
        return .subquery(subquery)
    }
}

extension LogicalPlan {
    /// Whether the plan has rows, when its shape tells.
    fileprivate var isKnownToExist: Bool? {
        if case .limit(let limit) = self, limit.count == 0 { return false }
        if case .sort(let sort) = self, sort.limit == 0 { return false }
        return isOneRow ? true : nil
    }

    /// The same plan as far as having rows goes: without projections, orders, limits and duplicate removal.
    fileprivate var forExistence: LogicalPlan {
        switch self {
        case .project(let project): return project.input.forExistence
        case .sort(let sort) where (sort.limit ?? 1) > 0: return sort.input.forExistence
        case .limit(let limit) where limit.offset == 0 && (limit.count ?? 1) > 0: return limit.input.forExistence
        case .aggregate(let aggregate) where !aggregate.groups.isEmpty && aggregate.groupingSets == nil:
            return aggregate.input.forExistence
        default: return self
        }
    }

    /// The same plan as a set: without orders and duplicate removal.
    fileprivate var forMembership: LogicalPlan {
        switch self {
        case .sort(let sort) where sort.limit == nil: return sort.input.forMembership
        case .aggregate(let aggregate) where aggregate.isDistinctOnly:
            return .project(Project(input: aggregate.input.forMembershipInput, outputs: aggregate.groups))
        default: return self
        }
    }

    private var forMembershipInput: LogicalPlan {
        if case .sort(let sort) = self, sort.limit == nil { return sort.input }
        return self
    }
}

extension Aggregate {
    /// Tells that the node only removes duplicates.
    var isDistinctOnly: Bool { aggregates.isEmpty && groupingSets == nil && groupingID == nil && !groups.isEmpty }
}
