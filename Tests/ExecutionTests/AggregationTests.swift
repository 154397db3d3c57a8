import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyExecution

/// Groups rows in the plainest way.
private func naive(_ rows: [[Value]], keys: Int, value: Int) -> [[Value]] {
    var order: [[Value]] = []
    var groups: [[Value]: [[Value]]] = [:]
    for row in rows {
        let key = Array(row[..<keys])
        if groups[key] == nil { order.append(key) }
        groups[key, default: []].append(row)
    }
    return order.map { key in
        let members = groups[key]!
        let values = members.map { $0[value] }.filter { !$0.isNull }
        return key + [
            .integer(Int64(members.count)), values.reduce(.null) { Fakes.sum($0, $1) },
            .integer(Int64(Set(values).count)),
        ]
    }
}

private func node(_ input: [ColumnReference], keys: Int, value: Int, phase: HashAggregate.Phase) -> HashAggregate {
    let results = makeColumns([.bigint, .bigint, .bigint], first: 100)
    let partials = makeColumns([.bigint, .bigint], first: 200)
    var calls = [
        HashAggregate.Call(
            result: results[0], call: AggregateCall("count", [], type: .bigint), partials: [partials[0]]),
        HashAggregate.Call(
            result: results[1], call: AggregateCall("sum", [.column(input[value])], type: .bigint),
            partials: [partials[1]]),
    ]
    if phase == .single {
        calls.append(
            HashAggregate.Call(
                result: results[2],
                call: AggregateCall("count", [.column(input[value])], isDistinct: true, type: .bigint)))
    }
    let groups = (0..<keys).map { NamedExpression(id: ColumnID(50 + $0), name: "g\($0)", .column(input[$0])) }
    let leaf = PhysicalPlan(id: 0, output: input, .values(rows: []))
    return HashAggregate(input: leaf, phase: phase, groups: groups, calls: calls)
}

private let keyTypes: [[DataType]] = [
    [.bigint], [.int], [.string], [.boolean, .tinyint], [.string, .string],
    [.double, .decimal(precision: 30, scale: 2)],
    [.smallint, .date, .timestamp, .varchar(40)], [.array(.string)],
    [.structure([Field("a", .int), Field("b", .string)])],
    [.map(key: .string, value: .bigint), .float], [.decimal(precision: 10, scale: 2), .bigint, .binary],
]

@Test(arguments: keyTypes)
func groupsAreThoseOfAPlainLoop(_ types: [DataType]) throws {
    var random = RandomRows(generator: .announced())
    let all = types + [.bigint]
    let rows = random.rows(all, 1500)
    let input = makeColumns(all)
    let batches = random.batches(rows, all)
    let step = try HashAggregateOperator(
        node(input, keys: types.count, value: types.count, phase: .single), over: input, in: Fakes.context,
        memory: reservation())
    #expect(try run(batches, through: step) == naive(rows, keys: types.count, value: types.count))
}

@Test func partialStatesMergeToTheSameResults() throws {
    for limit in [4, 64, 1 << 16] {
        var random = RandomRows(generator: .announced())
        random.variety = 300
        let types: [DataType] = [.bigint, .string, .bigint]
        let rows = random.rows(types, 4000)
        let input = makeColumns(types)
        let first = node(input, keys: 2, value: 2, phase: .partial)
        let partial = try HashAggregateOperator(
            first, over: input, in: Fakes.context, memory: reservation(), partialGroupLimit: limit)
        let states = first.output
        var second = first
        second.phase = .final
        second.groups = first.groups.map { NamedExpression(id: $0.id, name: $0.name, .column($0.reference)) }
        let final = try HashAggregateOperator(second, over: states, in: Fakes.context, memory: reservation())
        let result = try run(random.batches(rows, types), through: partial, final)
        let expected = naive(rows, keys: 2, value: 2).map { Array($0.dropLast()) }
        #expect(sortedByText(result) == sortedByText(expected))
    }
}

@Test func noRowsGiveOneRowWithoutKeysAndNoneWithKeys() throws {
    let input = makeColumns([.bigint, .bigint])
    let whole = try HashAggregateOperator(
        node(input, keys: 0, value: 1, phase: .single), over: input, in: Fakes.context, memory: reservation())
    #expect(try run([], through: whole) == [[.integer(0), .null, .integer(0)]])
    let grouped = try HashAggregateOperator(
        node(input, keys: 1, value: 1, phase: .single), over: input, in: Fakes.context, memory: reservation())
    #expect(try run([], through: grouped) == [])
}

@Test func groupingOverTheMemoryLimitFails() throws {
    let input = makeColumns([.bigint, .bigint])
    let tracker = MemoryTracker(limitBytes: 300_000)
    let step = try HashAggregateOperator(
        node(input, keys: 1, value: 1, phase: .single), over: input, in: Fakes.context, memory: reservation(tracker))
    let rows = (0..<50_000).map { [Value.integer($0), .integer(1)] }
    let error = #expect(throws: HoneyError.self) {
        _ = try run([Batch.of(rows, [.bigint, .bigint])], through: step)
    }
    #expect(error?.code == "MEMORY_LIMIT_EXCEEDED")
    #expect(error?.kind == .environment)
}
