import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyExecution

private enum Truth { case yes, no, unknown }

/// A join as nested loops over values, by the three-valued truth of its condition.
private func naive(
    _ kind: Join.Kind, _ left: [[Value]], _ right: [[Value]], rightWidth: Int, leftWidth: Int,
    _ condition: ([Value], [Value]) -> Truth
) -> [[Value]] {
    var result: [[Value]] = []
    var matchedRight = Set<Int>()
    for l in left {
        let truths = right.map { condition(l, $0) }
        let matches = truths.indices.filter { truths[$0] == .yes }
        matchedRight.formUnion(matches)
        let nulls = [Value](repeating: .null, count: rightWidth)
        switch kind {
        case .inner, .right: result += matches.map { l + right[$0] }
        case .left, .full, .single: result += matches.isEmpty ? [l + nulls] : matches.map { l + right[$0] }
        case .semi: if !matches.isEmpty { result.append(l) }
        case .anti: if matches.isEmpty { result.append(l) }
        case .nullAwareAnti: if matches.isEmpty && !truths.contains(.unknown) { result.append(l) }
        case .mark:
            result.append(l + [!matches.isEmpty ? .boolean(true) : truths.contains(.unknown) ? .null : .boolean(false)])
        }
    }
    if kind == .right || kind == .full {
        for index in right.indices where !matchedRight.contains(index) {
            result.append([Value](repeating: .null, count: leftWidth) + right[index])
        }
    }
    return result
}

private func equal(_ a: Value, _ b: Value) -> Truth { a.isNull || b.isNull ? .unknown : a == b ? .yes : .no }
private func and(_ a: Truth, _ b: Truth) -> Truth {
    a == .no || b == .no ? .no : a == .unknown || b == .unknown ? .unknown : .yes
}
private func less(_ a: Value, _ b: Value) -> Truth {
    guard let order = Fakes.order(a, b) else { return .unknown }
    return order < 0 ? .yes : .no
}

private let mark = ColumnReference(id: ColumnID(90), name: "mark", type: .boolean)
private let kinds: [Join.Kind] = [.inner, .left, .right, .full, .semi, .anti, .nullAwareAnti, .mark(mark)]

/// Builds with two instances and probes with two, one after another.
private func join(
    _ join: HashJoin, _ left: [Batch], _ right: [Batch], output: [ColumnReference]
) throws -> [[Value]] {
    let table = JoinTable(
        join, output: output, buildInput: join.build.output, builders: 2, probers: 2, memory: anyMemory)
    let sinks = try (0..<2).map { _ in try JoinBuildSink(table, in: Fakes.context) }
    for (index, batch) in right.enumerated() { try sinks[index % 2].accept(batch) }
    for sink in sinks { try sink.finish() }
    for sink in sinks { if case .finished = try sink.next() {} else { Issue.record("the table is not ready") } }
    var result: [[Value]] = []
    for instance in 0..<2 {
        let probe = try JoinProbeOperator(
            join, table: table, probeInput: join.probe.output, output: output, in: Fakes.context, memory: reservation())
        let part = left.enumerated().filter { $0.offset % 2 == instance }.map(\.element)
        result += try run(part, through: probe)
    }
    return result
}

private func node(
    _ kind: Join.Kind, _ left: [ColumnReference], _ right: [ColumnReference], keys: [(Int, Int)],
    nullSafe: Bool = false,
    residual: Expression? = nil
) -> HashJoin {
    HashJoin(
        probe: PhysicalPlan(id: 0, output: left, .values(rows: [])),
        build: PhysicalPlan(id: 1, output: right, .values(rows: [])), kind: kind,
        keys: keys.map { HashJoin.Key(probe: .column(left[$0.0]), build: .column(right[$0.1]), isNullSafe: nullSafe) },
        residual: residual)
}

private func output(_ kind: Join.Kind, _ left: [ColumnReference], _ right: [ColumnReference]) -> [ColumnReference] {
    switch kind {
    case .inner, .left, .right, .full, .single: left + right
    case .semi, .anti, .nullAwareAnti: left
    case .mark(let column): left + [column]
    }
}

@Test(arguments: kinds)
func joinsOfEveryKindAreThoseOfNestedLoops(_ kind: Join.Kind) throws {
    var random = RandomRows(generator: .announced())
    for round in 0..<12 {
        random.variety = [3, 12, 60][round % 3]
        random.nullEvery = [0, 9, 4][round / 3 % 3]
        let types: [DataType] = [[.bigint, .string, .int], [.date, .string, .int], [.timestamp, .boolean, .int]][
            round % 3]
        let left = makeColumns(types)
        let right = makeColumns(types, first: 20)
        let leftRows = random.rows(types, [0, 1, 40, 300][round % 4])
        let rightRows = random.rows(types, [0, 1, 5, 30, 120][round % 5])
        let leftBatches = random.batches(leftRows, types)
        let rightBatches = random.batches(rightRows, types)
        let smaller = Expression.call("<", .column(left[2]), .column(right[2]))
        let cases: [(keys: [(Int, Int)], residual: Expression?, truth: ([Value], [Value]) -> Truth)] = [
            ([(0, 0)], nil, { equal($0[0], $1[0]) }),
            ([(0, 0), (1, 1)], nil, { and(equal($0[0], $1[0]), equal($0[1], $1[1])) }),
            ([(1, 1)], smaller, { and(equal($0[1], $1[1]), less($0[2], $1[2])) }),
            ([], smaller, { less($0[2], $1[2]) }),
            ([], nil, { _, _ in .yes }),
        ]
        for (index, test) in cases.enumerated() {
            let result = try join(
                node(kind, left, right, keys: test.keys, residual: test.residual), leftBatches, rightBatches,
                output: output(kind, left, right))
            let expected = naive(kind, leftRows, rightRows, rightWidth: 3, leftWidth: 3, test.truth)
            #expect(sortedByText(result) == sortedByText(expected), "round \(round), case \(index)")
        }
    }
}

@Test func nullSafeKeysMatchNulls() throws {
    var random = RandomRows(generator: .announced())
    random.nullEvery = 3
    let types: [DataType] = [.bigint, .string]
    let left = makeColumns(types)
    let right = makeColumns(types, first: 20)
    let leftRows = random.rows(types, 100)
    let rightRows = random.rows(types, 40)
    let result = try join(
        node(.full, left, right, keys: [(0, 0), (1, 1)], nullSafe: true), random.batches(leftRows, types),
        random.batches(rightRows, types), output: left + right)
    let expected = naive(.full, leftRows, rightRows, rightWidth: 2, leftWidth: 2) { $0 == $1 ? .yes : .no }
    #expect(sortedByText(result) == sortedByText(expected))
}

@Test func aScalarSubqueryWithTwoRowsFails() throws {
    let types: [DataType] = [.bigint]
    let left = makeColumns(types)
    let right = makeColumns(types, first: 20)
    let one = [Batch.of([[.integer(1)], [.integer(2)]], types)]
    let single = node(.single, left, right, keys: [(0, 0)])
    #expect(
        try join(single, one, [Batch.of([[.integer(1)], [.integer(3)]], types)], output: left + right)
            == [[.integer(1), .integer(1)], [.integer(2), .null]])
    let error = #expect(throws: HoneyError.self) {
        _ = try join(single, one, [Batch.of([[.integer(1)], [.integer(1)]], types)], output: left + right)
    }
    #expect(error?.code == "SUBQUERY_ROWS")
}

@Test func manyMatchesOfOneRowComeInSeveralBatches() throws {
    let types: [DataType] = [.bigint]
    let left = makeColumns(types)
    let right = makeColumns(types, first: 20)
    let rows = [Batch.of([[Value]](repeating: [.integer(7)], count: 130), types)]
    let result = try join(node(.inner, left, right, keys: [(0, 0)]), rows, rows, output: left + right)
    #expect(result.count == 130 * 130)
}

@Test func aTableAsAFilterKeepsEveryRowWithAMatch() throws {
    var random = RandomRows(generator: .announced())
    random.variety = 2000
    let types: [DataType] = [.bigint, .string]
    let left = makeColumns(types)
    let right = makeColumns(types, first: 20)
    let rightRows = random.rows(types, 300)
    let leftRows = random.rows(types, 3000)
    let semi = node(.semi, left, right, keys: [(1, 1), (0, 0)])
    let table = JoinTable(semi, output: left, buildInput: right, builders: 1, probers: 1, memory: anyMemory)
    let sink = try JoinBuildSink(table, in: Fakes.context)
    for batch in random.batches(rightRows, types) { try sink.accept(batch) }
    try sink.finish()
    _ = try sink.next()
    #expect(JoinFilter(node(.left, left, right, keys: [(0, 0)]), table: table, projection: left) == nil)
    let filter = try #require(JoinFilter(semi, table: table, projection: left))
    #expect(filter.columns == [1, 0])
    let whole = Batch.of(leftRows, types)
    let selection = try #require(filter.select([whole.columns[1], whole.columns[0]], count: whole.count))
    let kept = Set((0..<selection.count).map { selection[$0] })
    let wanted = Set(rightRows.filter { !$0.contains(.null) })
    for (row, values) in leftRows.enumerated() where wanted.contains(values) { #expect(kept.contains(row)) }
    #expect(kept.count < leftRows.count / 2)
}
