import HoneyCore
import HoneyExecution
import HoneyPlan

extension PhysicalPlanner {
    /// Plans a grouping: in one phase where rows are together, else partial states first and results after an exchange.
    ///
    /// DISTINCT aggregates see every row of a group in one place, so rows are exchanged before they are grouped.
    func planAggregate(_ aggregate: Aggregate, _ needed: Set<ColumnID>) throws -> Planned {
        var calls = aggregate.aggregates.filter { needed.contains($0.id) }
        for index in calls.indices where calls[index].call.isDistinct {
            if try signature(calls[index].call).ignoresDuplicates { calls[index].call.isDistinct = false }
        }
        var used = aggregate.groups.reduce(into: Set<ColumnID>()) { $0.formUnion($1.expression.referencedColumns) }
        for call in calls { for argument in call.call.arguments { used.formUnion(argument.referencedColumns) } }
        var input = try plan(aggregate.input, needed: used)
        var groups = aggregate.groups
        if let sets = aggregate.groupingSets {
            (input, groups) = expand(input, aggregate, sets, calls)
        }
        if !input.isSpread { return single(input, groups, calls) }
        if calls.contains(where: \.call.isDistinct) {
            let plan =
                groups.isEmpty
                ? exchange(input.plan, .gather) : exchange(input.plan, .hash(keys: groups.map(\.expression)))
            return single(Planned(plan: plan, isSpread: !groups.isEmpty), groups, calls)
        }
        return try twoPhases(input, groups, calls)
    }

    private func signature(_ call: AggregateCall) throws -> AggregateSignature {
        guard let function = context.functions.aggregate(call.function) else {
            throw HoneyError.unexpected("a plan calls an aggregate that is not there: \(call.function)")
        }
        let arguments = call.arguments.map { argument -> Argument in
            if case .literal(let value, let type) = argument { return Argument(type: type, constant: value) }
            return Argument(type: argument.type)
        }
        return try function.resolve(arguments, isDistinct: call.isDistinct)
    }

    private func single(_ input: Planned, _ groups: [NamedExpression], _ calls: [NamedAggregate]) -> Planned {
        let node = HashAggregate(
            input: input.plan, phase: .single, groups: groups,
            calls: calls.map { HashAggregate.Call(result: $0.reference, call: $0.call) })
        return Planned(plan: self.node(node.output, .aggregate(node)), isSpread: input.isSpread)
    }

    private func twoPhases(
        _ input: Planned, _ groups: [NamedExpression], _ calls: [NamedAggregate]
    ) throws -> Planned {
        let physical = try calls.map { call in
            let types = try signature(call.call).partial
            return HashAggregate.Call(
                result: call.reference, call: call.call,
                partials: types.enumerated().map { makeColumn("\(call.name)_\($0.offset)", $0.element) })
        }
        let first = HashAggregate(input: input.plan, phase: .partial, groups: groups, calls: physical)
        let partial = node(first.output, .aggregate(first))
        let keys = groups.map { Expression.column($0.reference) }
        let moved = exchange(partial, groups.isEmpty ? .gather : .hash(keys: keys))
        let second = HashAggregate(
            input: moved, phase: .final,
            groups: groups.map { NamedExpression(id: $0.id, name: $0.name, .column($0.reference)) }, calls: physical)
        return Planned(plan: node(second.output, .aggregate(second)), isSpread: !groups.isEmpty)
    }

    /// Computes the grouped columns, and repeats each row once a grouping set.
    private func expand(
        _ input: Planned, _ aggregate: Aggregate, _ sets: [[Int]], _ calls: [NamedAggregate]
    ) -> (Planned, [NamedExpression]) {
        // Columns under new names: arguments that use a grouped column must not see it as null.
        let grouped = aggregate.groups.map { makeColumn($0.name, $0.expression.type) }
        var outputs = zip(grouped, aggregate.groups).map {
            NamedExpression(id: $0.id, name: $0.name, $1.expression)
        }
        let used = calls.reduce(into: Set<ColumnID>()) { set, call in
            for argument in call.call.arguments { set.formUnion(argument.referencedColumns) }
        }
        for column in input.plan.output where used.contains(column.id) {
            outputs.append(NamedExpression(id: column.id, name: column.name, .column(column)))
        }
        // A set that is written twice would count its rows twice.
        var distinctSets: [[Int]] = []
        for set in sets where !distinctSets.contains(where: { Set($0) == Set(set) }) { distinctSets.append(set) }
        let projected = node(outputs.map(\.reference), .project(input.plan, outputs))
        // Rows of different sets must stay apart even when the query does not ask for the id.
        let groupingID = aggregate.groupingID ?? makeColumn("grouping__id", .bigint)
        let marker = makeColumn(groupingID.name, groupingID.type)
        let node = Expand(input: projected, sets: distinctSets, groupCount: grouped.count, groupingID: marker)
        let expanded = self.node(projected.output + [marker], .expand(node))
        var groups = zip(aggregate.groups, grouped).map { NamedExpression(id: $0.id, name: $0.name, .column($1)) }
        groups.append(NamedExpression(id: groupingID.id, name: groupingID.name, .column(marker)))
        return (Planned(plan: expanded, isSpread: input.isSpread), groups)
    }
}
