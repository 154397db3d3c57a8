import HoneyCore
import HoneyPlan

/// A small generator whose sequence a seed determines (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Makes random tables of small integers and nulls, and random plans over them, with subqueries of every form.
struct RandomPlans {
    var random: SeededGenerator
    let maker = PlanMaker()
    var depth = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &random)! }

    mutating func tables() -> [String: [[Value]]] {
        var result: [String: [[Value]]] = [:]
        for name in ["r", "s", "t"] {
            result[name] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                (0..<2).map { _ in chance(20) ? .null : .integer(Int64.random(in: 0...3, using: &random)) }
            }
        }
        return result
    }

    /// A relation; expressions in it may use `scope`, the columns of outer queries.
    mutating func relation(_ size: Int, scope: [ColumnReference] = []) -> LogicalPlan {
        guard size > 0 else { return maker.scan(pick(["r", "s", "t"]), "a", "b") }
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7:
            let input = relation(size - 1, scope: scope)
            return input.filtered(condition(2, input.output, scope))
        case 7..<13:
            let left = relation(size - 1, scope: scope)
            let right = relation(Int.random(in: 0..<size, using: &random), scope: scope)
            let kinds: [Join.Kind] = [.inner, .inner, .inner, .left, .right, .full, .semi, .anti]
            let kind = pick(kinds)
            let both = left.output + right.output
            // Outer joins take subqueries on one side only, and correlated ones at random would have both.
            let condition = chance(15) && kind == .inner ? nil : plainCondition(1, both, scope)
            return left.joined(kind, right, condition)
        case 13, 14:
            let input = relation(size - 1, scope: scope)
            let expressions = (0..<2).map { _ in value(2, input.output, scope) }
            return .project(Project(input: input, outputs: expressions.map { maker.named("p", $0) }))
        case 15, 16: return aggregate(size, scope)
        case 17:
            let inputs = (0..<2).map { _ in twoColumns(relation(size - 1, scope: scope)) }
            return .union(
                Union(
                    inputs: inputs,
                    columns: (0..<2).map { ColumnReference(id: maker.ids.make(), name: "u\($0)", type: .int) }))
        case 18:
            let input = relation(size - 1, scope: scope)
            return maker.aggregate(input, by: input.output.prefix(2).map { .column($0) }, [])
        default:
            let input = relation(size - 1, scope: scope)
            let keys = input.output.map { Sort.Key(.column($0), isAscending: chance(50), nullsFirst: chance(50)) }
            let sorted = LogicalPlan.sort(Sort(input: input, keys: keys))
            return chance(50)
                ? sorted
                : .limit(
                    Limit(
                        input: sorted, count: Int.random(in: 0...3, using: &random),
                        offset: Int.random(in: 0...1, using: &random)))
        }
    }

    private func twoColumns(_ plan: LogicalPlan) -> LogicalPlan {
        let first = plan.output.first { $0.type == .int }.map { Expression.column($0) } ?? .int(1)
        let last = plan.output.last { $0.type == .int }.map { Expression.column($0) } ?? .int(2)
        return maker.project(plan, first, last)
    }

    private mutating func aggregate(_ size: Int, _ scope: [ColumnReference]) -> LogicalPlan {
        let input = relation(size - 1, scope: scope)
        let groups = chance(50) ? [] : [value(1, input.output, scope)]
        let calls = (0..<2).map { _ in
            AggregateCall(
                pick(["sum", "min", "max", "count"]), [value(1, input.output, scope)], isDistinct: chance(20),
                type: .int)
        }
        let result = maker.aggregate(input, by: groups, calls)
        return chance(30) ? result.filtered(condition(1, result.output, scope)) : result
    }

    mutating func value(_ size: Int, _ columns: [ColumnReference], _ scope: [ColumnReference]) -> Expression {
        let all = columns + columns + scope
        let numbers = all.filter { $0.type == .int }
        if size == 0 || chance(50) || depth > 2 {
            return chance(80) && !numbers.isEmpty ? .column(pick(numbers)) : .int(Int.random(in: 0...3, using: &random))
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .op("+", value(size - 1, columns, scope), value(size - 1, columns, scope), type: .int)
        case 1:
            return .op(
                "case", condition(size - 1, columns, scope), value(size - 1, columns, scope),
                value(size - 1, columns, scope), type: .int)
        case 2: return .op("coalesce", value(size - 1, columns, scope), .int(0), type: .int)
        default: return scalar(columns, scope)
        }
    }

    private mutating func scalar(_ columns: [ColumnReference], _ scope: [ColumnReference]) -> Expression {
        depth += 1
        defer { depth -= 1 }
        let outer = scope + columns
        let input = relation(Int.random(in: 0...2, using: &random), scope: outer)
        let restricted = chance(80) ? input.filtered(condition(1, input.output, outer)) : input
        let argument = value(1, restricted.output, chance(20) ? outer : [])
        if chance(15) { return .scalar(maker.project(restricted, argument)) }
        let result = maker.aggregate(
            restricted, [AggregateCall(pick(["sum", "count", "max"]), [argument], type: .int)])
        if chance(40) { return .scalar(maker.project(result, .op("+", result[0], .int(1), type: .int))) }
        return .scalar(result)
    }

    mutating func plainCondition(_ size: Int, _ columns: [ColumnReference], _ scope: [ColumnReference]) -> Expression {
        let saved = depth
        depth = 9
        defer { depth = saved }
        return condition(size, columns, scope)
    }

    mutating func condition(_ size: Int, _ columns: [ColumnReference], _ scope: [ColumnReference]) -> Expression {
        let isPlain = depth > 2
        switch Int.random(in: 0..<(size == 0 ? 9 : isPlain ? 15 : 24), using: &random) {
        case 0..<7:
            return .op(
                pick(["=", "=", "=", "<>", "<", ">=", "<=>"]), value(isPlain ? 0 : size, columns, scope),
                value(0, columns, scope))
        case 7: return .op(pick(["isnull", "isnotnull"]), value(0, columns, scope))
        case 8: return .op("in", value(0, columns, scope), .int(0), .int(2))
        case 9...10: return .op("and", condition(size - 1, columns, scope), condition(size - 1, columns, scope))
        case 11...13: return .op("or", condition(size - 1, columns, scope), condition(size - 1, columns, scope))
        case 14: return .op("not", condition(size - 1, columns, scope))
        default: return query(size, columns, scope)
        }
    }

    private mutating func query(_ size: Int, _ columns: [ColumnReference], _ scope: [ColumnReference]) -> Expression {
        depth += 1
        defer { depth -= 1 }
        let outer = scope + columns
        var plan = relation(Int.random(in: 0...2, using: &random), scope: chance(50) ? outer : [])
        if chance(80) { plan = plan.filtered(condition(1, plan.output, outer)) }
        let isNegated = chance(40)
        if chance(50) { return .exists(plan, not: isNegated) }
        let tested = value(0, columns, scope)
        if chance(30) {
            return .subquery(
                Subquery(
                    form: .membership(tested: [tested, value(0, columns, scope)], isNegated: isNegated),
                    plan: twoColumns(plan), type: .boolean))
        }
        return .membership(
            tested, of: maker.project(plan, value(1, plan.output, chance(20) ? outer : [])), not: isNegated)
    }
}
