import HoneyCore
import HoneyPlan

extension QueryBinder {
    /// Binds UNION, INTERSECT or EXCEPT: columns meet by position in their common types, named as on the left.
    func bindSet(_ operation: SetOperationSyntax) throws -> LogicalPlan {
        let operands = operands(of: operation)
        var plans: [LogicalPlan] = []
        var types: [DataType] = []
        for (body, position) in operands {
            let plan = try bind(body)
            types = plans.isEmpty ? plan.output.map(\.type) : try common(types, plan.output, operation, at: position)
            plans.append(plan)
        }
        plans = plans.map { session.converted($0, to: types) }
        let names = plans[0].output.map(\.name)
        switch operation.operation {
        case .union:
            let union = unionAll(plans, names)
            return operation.isAll ? union : distinct(union)
        case .intersect, .except:
            guard !operation.isAll else {
                throw HoneyError.unsupported(
                    "\(operation.operation.rawValue.uppercased()) ALL is not supported", at: operation.position)
            }
            return try compared(plans, names, operation)
        }
    }

    /// The operands of a chain of unions that may be made at once; two for other operations.
    private func operands(of operation: SetOperationSyntax) -> [(QueryBodySyntax, SourcePosition)] {
        var result = [(operation.right, operation.position)]
        var left = operation.left
        var position = operation.position
        while operation.operation == .union, case .set(let inner) = left, inner.operation == .union,
            inner.isAll || !operation.isAll
        {
            result.append((inner.right, inner.position))
            (left, position) = (inner.left, inner.position)
        }
        result.append((left, position))
        return result.reversed()
    }

    private func common(
        _ types: [DataType], _ columns: [ColumnReference], _ operation: SetOperationSyntax,
        at position: SourcePosition
    ) throws -> [DataType] {
        let name = operation.operation.rawValue.uppercased()
        guard types.count == columns.count else {
            throw HoneyError.semantic(
                "COLUMN_COUNT_MISMATCH",
                "sides of \(name) differ in their columns: \(types.count) and \(columns.count)", at: position)
        }
        return try zip(types, columns).map { type, column in
            guard let common = DataType.common(type, column.type) else {
                throw HoneyError.semantic(
                    "TYPE_MISMATCH",
                    "sides of \(name) have no common type for column \(column.name): \(type) and \(column.type)",
                    at: position)
            }
            return common
        }
    }

    private func unionAll(_ plans: [LogicalPlan], _ names: [String]) -> LogicalPlan {
        let columns = zip(names, plans[0].output).map { session.makeColumn($0, $1.type) }
        return .union(Union(inputs: plans, columns: columns))
    }

    private func distinct(_ plan: LogicalPlan) -> LogicalPlan {
        let groups = plan.output.map { session.makeOutput($0.name, .column($0)) }
        return .aggregate(Aggregate(input: plan, groups: groups, aggregates: []))
    }

    /// INTERSECT keeps the groups that occur on both sides, EXCEPT those that occur on the left only. Grouping takes
    /// nulls for equal, as these operations ask.
    private func compared(
        _ plans: [LogicalPlan], _ names: [String], _ operation: SetOperationSyntax
    ) throws -> LogicalPlan {
        let tagged = plans.enumerated().map { side, plan in
            let tag = Expression.literal(.integer(Int64(side)), .int)
            let columns = plan.output.map { session.makeOutput($0.name, .column($0)) }
            return LogicalPlan.project(Project(input: plan, outputs: columns + [session.makeOutput("_side", tag)]))
        }
        let union = unionAll(tagged, names + ["_side"])
        let columns = union.output
        guard let side = columns.last else { throw HoneyError.unexpected("union without columns") }
        let groups = columns.dropLast().map { session.makeOutput($0.name, .column($0)) }
        let sides = try ["min", "max"].map { name in
            NamedAggregate(
                id: session.ids.make(), name: name,
                try session.aggregate(name, [.column(side)], isDistinct: false, at: operation.position))
        }
        let wanted: [Int64] = operation.operation == .intersect ? [0, 1] : [0, 0]
        let conditions = try zip(sides, wanted).map { aggregate, value in
            try session.call(
                Expression.Operator.equal, [.column(aggregate.reference), .literal(.integer(value), .int)],
                at: operation.position)
        }
        let aggregate = LogicalPlan.aggregate(Aggregate(input: union, groups: groups, aggregates: sides))
        let filter = LogicalPlan.filter(
            Filter(
                input: aggregate,
                predicate: try session.call(Expression.Operator.and, conditions, at: operation.position)))
        return .project(
            Project(input: filter, outputs: groups.map { session.makeOutput($0.name, .column($0.reference)) }))
    }
}
