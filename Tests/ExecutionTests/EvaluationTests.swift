import HoneyCore
import HoneyPlan
import Synchronization
import Testing

@testable import HoneyExecution

@Test func filtersKeepTheRowsThatAPlainLoopKeeps() throws {
    var random = RandomRows(generator: .announced())
    let types: [DataType] = [
        .bigint, .string, .date, .decimal(precision: 9, scale: 2), .double, .tinyint, .timestamp, .boolean,
    ]
    let input = makeColumns(types)
    for _ in 0..<60 {
        let rows = random.rows(types, 120)
        var tests: [(Int, String, Value)] = []
        for _ in 0..<Int.random(in: 1...3, using: &random.generator) {
            let index = Int.random(in: 0..<types.count, using: &random.generator)
            let sign = ["=", "<>", "<", "<=", ">", ">="].randomElement(using: &random.generator)!
            tests.append((index, sign, random.value(types[index])))
        }
        let conjuncts = tests.map { index, sign, value -> Expression in
            Bool.random(using: &random.generator)
                ? .call(sign, .column(input[index]), .literal(value, types[index]))
                : .call(mirror[sign]!, .literal(value, types[index]), .column(input[index]))
        }
        let step = try FilterOperator(Expression.conjunction(conjuncts)!, over: input, in: Fakes.context)
        let expected = rows.filter { row in
            tests.allSatisfy { index, sign, value in
                guard let order = Fakes.order(row[index], value) else { return false }
                switch sign {
                case "=": return order == 0
                case "<>": return order != 0
                case "<": return order < 0
                case "<=": return order <= 0
                case ">": return order > 0
                default: return order >= 0
                }
            }
        }
        #expect(try run(random.batches(rows, types), through: step) == expected)
    }
}

private let mirror = ["=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="]

@Test func anEqualSubexpressionIsEvaluatedOnce() throws {
    final class Counter: Sendable {
        let calls = Atomic<Int>(0)
    }
    let counter = Counter()
    let double = FakeFunction("double") { values in
        counter.calls.add(1, ordering: .relaxed)
        return Fakes.sum(values[0], values[0])
    }
    let context = EvaluationContext(
        functions: FunctionCatalog(scalars: [double, Fakes.catalog.scalar("+")!]), session: Fakes.session)
    let input = makeColumns([.bigint])
    let doubled = Expression.call("double", .column(input[0]), type: .bigint)
    let step = try ProjectOperator(
        [doubled, .call("+", doubled, .call("double", .integer(4), type: .bigint), type: .bigint)], over: input,
        in: context)
    let folded = counter.calls.load(ordering: .relaxed)
    #expect(folded == 1, "the constant was folded when compiling")
    let rows = try run([Batch.of([[.integer(1)], [.integer(5)]], [.bigint])], through: step)
    #expect(rows == [[.integer(2), .integer(10)], [.integer(10), .integer(18)]])
    #expect(counter.calls.load(ordering: .relaxed) - folded == 2)
}

@Test func aSubqueryLeftInAPlanIsAnInternalError() {
    let plan = LogicalPlan.values(Values(columns: [], rows: [[]]))
    let expression = Expression.subquery(Subquery(form: .exists(isNegated: false), plan: plan, type: .boolean))
    let error = #expect(throws: HoneyError.self) {
        _ = try CompiledExpressions([expression], over: [], in: Fakes.context)
    }
    #expect(error?.kind == .internal)
}

@Test func limitSkipsAndPassesAndStops() throws {
    var random = RandomRows(generator: .announced())
    let rows = random.rows([.bigint], 200)
    for (count, offset) in [(0, 0), (5, 0), (7, 60), (500, 190), (3, 1000)] {
        let result = try run(random.batches(rows, [.bigint]), through: LimitOperator(count: count, offset: offset))
        #expect(result == Array(rows.dropFirst(offset).prefix(count)))
    }
    let step = LimitOperator(count: 1, offset: 0)
    step.accept(Batch.of(rows, [.bigint]))
    _ = step.next()
    guard case .finished = step.next() else {
        Issue.record("a full limit wants more")
        return
    }
}

@Test func expandNullsWhatASetLeavesOut() throws {
    let step = ExpandOperator(sets: [[0, 1], [0], []], groupCount: 2, groupingType: .bigint)
    let rows = try run(
        [Batch.of([[.integer(1), .string("x"), .integer(9)]], [.bigint, .string, .bigint])], through: step)
    #expect(
        rows == [
            [.integer(1), .string("x"), .integer(9), .integer(0)], [.integer(1), .null, .integer(9), .integer(1)],
            [.null, .null, .integer(9), .integer(3)],
        ])
}
