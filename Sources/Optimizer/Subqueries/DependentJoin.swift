import HoneyCore
import HoneyPlan

/// Computes a correlated plan for all outer rows at once, whatever its shape.
///
/// After Neumann and Kemper, "Unnesting Arbitrary Queries": the domain D is the set of distinct combinations of the outer
/// values that the plan uses. D moves down the plan to where the values are used; every node between carries D's columns
/// along, so that the result holds the plan's rows for each member of D, to be joined with the outer rows null-safely.
struct DependentJoin {
    /// The outer rows.
    let source: LogicalPlan
    let context: OptimizationContext

    /// A plan together with the columns in which it carries the domain.
    private typealias Carried = (plan: LogicalPlan, domain: [ColumnID: ColumnReference])

    /// The uncorrelated plan, which has the columns of `plan` and more, and the conditions that tell an outer row's rows.
    func resolved(_ plan: LogicalPlan) throws -> (plan: LogicalPlan, conditions: [Expression]) {
        let used = plan.outerColumns
        let columns = source.output.filter { used.contains($0.id) }.withoutDuplicates
        let result = try Pushing(
            source: source.domainSource(of: Set(columns.map(\.id))), columns: columns, context: context
        ).carried(plan)
        return (result.plan, columns.map { .identical(.column($0), .column(result.domain[$0.id]!)) })
    }

    private struct Pushing {
        let source: LogicalPlan
        /// The outer columns used.
        let columns: [ColumnReference]
        let context: OptimizationContext

        /// The plan's rows for every member of the domain.
        func carried(_ plan: LogicalPlan) throws -> Carried {
            guard isCorrelated(plan) else { return crossed(plan) }
            switch plan {
            case .filter(let filter):
                let input = try carried(filter.input)
                return (
                    .filter(Filter(input: input.plan, predicate: replaced(filter.predicate, input.domain))),
                    input.domain
                )
            case .project(var project):
                let input = try carried(project.input)
                project.input = input.plan
                project.outputs = project.outputs.map {
                    NamedExpression(id: $0.id, name: $0.name, replaced($0.expression, input.domain))
                }
                project.outputs += columns.map { outer in
                    let column = input.domain[outer.id]!
                    return NamedExpression(id: column.id, name: column.name, .column(column))
                }
                return (.project(project), input.domain)
            case .aggregate(let aggregate): return try carried(aggregate)
            case .join(let join): return try carried(join)
            case .sort(let sort) where sort.limit == nil: return try carried(sort.input)
            case .union(let union): return try carried(union)
            case .values(let values): return try carried(values)
            case .sort, .limit:
                throw HoneyError(
                    .semantic, "SUBQUERY_NOT_SUPPORTED", "a correlated subquery with a limit is not supported here")
            case .scan, .write: throw HoneyError.unexpected("a correlated node that cannot be")
            }
        }

        private func isCorrelated(_ plan: LogicalPlan) -> Bool {
            !plan.outerColumns.isDisjoint(with: columns.map(\.id))
        }

        private func isCorrelated(_ expression: Expression?) -> Bool {
            expression.map { !$0.referencedColumns.isDisjoint(with: columns.map(\.id)) } ?? false
        }

        private func replaced(_ expression: Expression, _ domain: [ColumnID: ColumnReference]) -> Expression {
            expression.substituting(domain.mapValues { .column($0) })
        }

        /// D × plan.
        private func crossed(_ plan: LogicalPlan) -> Carried {
            let domain = domainCopy()
            return (.join(Join(left: domain.plan, right: plan, kind: .inner, condition: nil)), domain.domain)
        }

        /// The distinct combinations of outer values, with columns of its own.
        private func domainCopy() -> Carried {
            let copy = source.renumbered(in: context)
            var domain: [ColumnID: ColumnReference] = [:]
            let groups = columns.map { outer in
                let column = context.newColumn(outer.name, outer.type)
                domain[outer.id] = column
                return NamedExpression(id: column.id, name: column.name, .column(copy.columns[outer.id] ?? outer))
            }
            return (.aggregate(Aggregate(input: copy.plan, groups: groups, aggregates: [])), domain)
        }

        /// Groups by the domain too. Without groups of its own, a member of the domain without rows still has a result:
        /// D ⟕ γ, with what the aggregates give for no rows.
        private func carried(_ aggregate: Aggregate) throws -> Carried {
            guard aggregate.groupingSets == nil else {
                throw HoneyError(
                    .semantic, "SUBQUERY_NOT_SUPPORTED", "a correlated subquery with grouping sets is not supported")
            }
            let input = try carried(aggregate.input)
            var result = aggregate
            result.input = input.plan
            for index in result.groups.indices {
                result.groups[index].expression = replaced(result.groups[index].expression, input.domain)
            }
            for index in result.aggregates.indices {
                result.aggregates[index].call.arguments = result.aggregates[index].call.arguments.map {
                    replaced($0, input.domain)
                }
            }
            var domain: [ColumnID: ColumnReference] = [:]
            for outer in columns {
                let column = context.newColumn(outer.name, outer.type)
                domain[outer.id] = column
                result.groups.append(
                    NamedExpression(id: column.id, name: column.name, .column(input.domain[outer.id]!)))
            }
            if !aggregate.groups.isEmpty { return (.aggregate(result), domain) }
            return withEmptyGroups(result, domain)
        }

        private func withEmptyGroups(_ aggregate: Aggregate, _ domain: [ColumnID: ColumnReference]) -> Carried {
            var aggregate = aggregate
            let defaults = context.valuesForNoRows(of: aggregate)
            var outputs: [NamedExpression] = []
            // The results keep their identities; the aggregates below get new ones.
            for index in aggregate.aggregates.indices {
                let original = aggregate.aggregates[index].reference
                let renamed = context.newColumn(original.name, original.type)
                aggregate.aggregates[index].id = renamed.id
                let value = (defaults[original.id] ?? .column(original)).substituting([original.id: .column(renamed)])
                outputs.append(NamedExpression(id: original.id, name: original.name, value))
            }
            let all = domainCopy()
            outputs += columns.map { outer in
                let column = all.domain[outer.id]!
                return NamedExpression(id: column.id, name: column.name, .column(column))
            }
            let conditions = columns.map { outer in
                Expression.identical(.column(all.domain[outer.id]!), .column(domain[outer.id]!))
            }
            let join = Join(
                left: all.plan, right: .aggregate(aggregate), kind: .left,
                condition: Expression.conjunction(conditions))
            return (.project(Project(input: .join(join), outputs: outputs)), all.domain)
        }

        /// The domain goes to the correlated side, or to both, which then must agree on it.
        private func carried(_ join: Join) throws -> Carried {
            let left = isCorrelated(join.left)
            let right = isCorrelated(join.right)
            switch join.kind {
            case .inner:
                if left && !right || !left && !right { return try carried(join, left: true, right: false) }
                return try carried(join, left: left, right: true)
            case .left, .semi, .anti, .nullAwareAnti, .single, .mark:
                return try carried(join, left: true, right: right)
            case .right:
                return try carried(join, left: left, right: true)
            case .full:
                return try carried(join, left: true, right: true)
            }
        }

        private func carried(_ join: Join, left carriesLeft: Bool, right carriesRight: Bool) throws -> Carried {
            var result = join
            let left = carriesLeft ? try carried(join.left) : (plan: join.left, domain: [:])
            let right = carriesRight ? try carried(join.right) : (plan: join.right, domain: [:])
            result.left = left.plan
            result.right = right.plan
            let isRight = join.kind == .right || !carriesLeft
            let domain = isRight ? right.domain : left.domain
            var conditions = join.condition.map { replaced($0, domain).conjuncts } ?? []
            if carriesLeft && carriesRight {
                conditions += columns.map { .identical(.column(left.domain[$0.id]!), .column(right.domain[$0.id]!)) }
            }
            result.condition = Expression.conjunction(conditions)
            guard join.kind == .full else { return (.join(result), domain) }
            return merged(result, left.domain, right.domain, keeping: join.output)
        }

        /// After a full join the domain is on either side: null on both only where it is null itself.
        private func merged(
            _ join: Join, _ left: [ColumnID: ColumnReference], _ right: [ColumnID: ColumnReference],
            keeping output: [ColumnReference]
        ) -> Carried {
            var domain: [ColumnID: ColumnReference] = [:]
            var outputs = output.map { NamedExpression(id: $0.id, name: $0.name, .column($0)) }
            for outer in columns {
                let column = context.newColumn(outer.name, outer.type)
                domain[outer.id] = column
                outputs.append(
                    NamedExpression(
                        id: column.id, name: column.name,
                        .call(
                            Expression.Operator.coalesce, .column(left[outer.id]!), .column(right[outer.id]!),
                            type: outer.type)))
            }
            return (.project(Project(input: .join(join), outputs: outputs)), domain)
        }

        private func carried(_ union: Union) throws -> Carried {
            var result = union
            result.inputs = try union.inputs.map { input in
                let part = try carried(input)
                return part.plan.projected(to: input.output + columns.map { part.domain[$0.id]! })
            }
            var domain: [ColumnID: ColumnReference] = [:]
            for outer in columns {
                let column = context.newColumn(outer.name, outer.type)
                domain[outer.id] = column
                result.columns.append(column)
            }
            return (.union(result), domain)
        }

        /// A row of expressions over outer values is a projection of the domain.
        private func carried(_ values: Values) throws -> Carried {
            let rows = values.rows.map { row in
                let members = domainCopy()
                let own = zip(values.columns, row).map { column, expression in
                    NamedExpression(
                        id: values.rows.count == 1 ? column.id : context.ids.make(), name: column.name,
                        replaced(expression, members.domain))
                }
                let carrying = columns.map { outer in
                    let column = members.domain[outer.id]!
                    return NamedExpression(id: column.id, name: column.name, .column(column))
                }
                return (
                    plan: LogicalPlan.project(Project(input: members.plan, outputs: own + carrying)),
                    domain: members.domain
                )
            }
            if rows.count == 1 { return rows[0] }
            let domain = Dictionary(uniqueKeysWithValues: columns.map { ($0.id, context.newColumn($0.name, $0.type)) })
            return (
                .union(Union(inputs: rows.map(\.plan), columns: values.columns + columns.map { domain[$0.id]! })),
                domain
            )
        }
    }
}

extension LogicalPlan {
    /// A smaller plan that has the same combinations of values of some columns, perhaps in other numbers of rows.
    fileprivate func domainSource(of needed: Set<ColumnID>) -> LogicalPlan {
        switch self {
        case .join(let join):
            switch join.kind {
            // These keep every left row.
            case .left, .single, .mark:
                return needed.isSubset(of: join.left.outputIDs) ? join.left.domainSource(of: needed) : self
            default: return self
            }
        case .filter(var filter):
            filter.input = filter.input.domainSource(of: needed.union(filter.predicate.referencedColumns))
            return .filter(filter)
        case .project(var project):
            project.outputs = project.outputs.filter { needed.contains($0.id) }
            project.input = project.input.domainSource(
                of: project.outputs.reduce(into: []) { $0.formUnion($1.expression.referencedColumns) })
            return .project(project)
        case .sort(let sort) where sort.limit == nil: return sort.input.domainSource(of: needed)
        default: return self
        }
    }
}
