import HoneyCore
import HoneyExecution
import HoneyPlan

extension PhysicalPlanner {
    /// Plans a join: the right side is collected into a table that all instances of the left side look up.
    func planJoin(_ join: Join, _ needed: Set<ColumnID>) throws -> Planned {
        var wanted = needed
        if let condition = join.condition { wanted.formUnion(condition.referencedColumns) }
        let probe = try plan(join.left, needed: wanted)
        let build = try plan(join.right, needed: wanted)
        let (keys, residual) = JoinKeys.split(
            join.condition, left: Set(probe.plan.output.map(\.id)), right: Set(build.plan.output.map(\.id)))
        let node = HashJoin(
            probe: probe.plan, build: exchange(build.plan, .broadcast), kind: join.kind, keys: keys, residual: residual)
        let left = probe.plan.output.filter { needed.contains($0.id) }
        let right = build.plan.output.filter { needed.contains($0.id) }
        let output: [ColumnReference]
        switch join.kind {
        case .inner, .left, .right, .full, .single: output = left + right
        case .semi, .anti, .nullAwareAnti: output = left
        case .mark(let column): output = left + [column]
        }
        return Planned(plan: self.node(output, .join(node)), isSpread: probe.isSpread)
    }
}

/// Finds the equalities of a join's condition that a hash table can serve.
enum JoinKeys {
    static func split(
        _ condition: Expression?, left: Set<ColumnID>, right: Set<ColumnID>
    ) -> (keys: [HashJoin.Key], residual: Expression?) {
        var keys: [HashJoin.Key] = []
        var rest: [Expression] = []
        for conjunct in condition?.conjuncts ?? [] {
            if let key = key(conjunct, left, right) { keys.append(key) } else { rest.append(conjunct) }
        }
        return (keys, Expression.conjunction(rest))
    }

    private static func key(_ conjunct: Expression, _ left: Set<ColumnID>, _ right: Set<ColumnID>) -> HashJoin.Key? {
        guard case .call(let call) = conjunct, call.arguments.count == 2,
            call.function == Expression.Operator.equal || call.function == Expression.Operator.identical,
            call.arguments[0].type == call.arguments[1].type, isHashable(call.arguments[0].type)
        else { return nil }
        let isNullSafe = call.function == Expression.Operator.identical
        for (a, b) in [(0, 1), (1, 0)] {
            let probe = call.arguments[a]
            let build = call.arguments[b]
            let probeColumns = probe.referencedColumns
            let buildColumns = build.referencedColumns
            guard !probeColumns.isEmpty, !buildColumns.isEmpty, probeColumns.isSubset(of: left),
                buildColumns.isSubset(of: right)
            else { continue }
            return HashJoin.Key(probe: probe, build: build, isNullSafe: isNullSafe)
        }
        return nil
    }

    /// Tells whether equal values have equal key words; complex values are left to the functions.
    private static func isHashable(_ type: DataType) -> Bool { !type.isComplex && type != .void }
}
