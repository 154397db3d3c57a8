import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyFiles
import HoneyPlan
import HoneyStorage
import Testing

@testable import HoneyPipelineEngine

func collect(_ plan: LogicalPlan, _ context: QueryContext) throws -> [[Value]] {
    let execution = try PipelineEngine().run(plan, in: context)
    var rows: [[Value]] = []
    while let batch = try execution.next() { rows += batch.rows }
    return rows
}

private func call(_ name: String, _ arguments: Expression..., type: DataType = .boolean) -> Expression {
    .call(Call(name, arguments, type: type))
}
private func integer(_ value: Int64) -> Expression { .literal(.integer(value), .bigint) }
private func text(_ rows: [[Value]]) -> [String] { rows.map { "\($0)" }.sorted() }
private func values(_ rows: [[Int64?]]) -> [[Value]] { rows.map { $0.map { $0.map { .integer($0) } ?? .null } } }

/// Rows whose columns have 10 and 1000 values and are sometimes null.
private func someRows(_ count: Int, seed: UInt64) -> [[Int64?]] {
    var state = seed
    func next() -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64(state >> 33)
    }
    return (0..<count).map { index in
        [next() % 10 == 0 ? nil : next() % 10, next() % 12 == 0 ? nil : next() % 1000, Int64(index)]
    }
}

private let threadCounts = [1, 2, 4]

@Test(arguments: threadCounts)
func aScanFiltersProjectsAndGathers(_ threads: Int) throws {
    let world = World()
    let rows = someRows(3000, seed: 1)
    var scan = try world.table("t", rows, width: 3, first: 1)
    scan.filters = [call("<", .column(scan.columns[0].reference), integer(4))]
    let sum = NamedExpression(
        id: ColumnID(9), name: "s",
        call("+", .column(scan.columns[1].reference), .column(scan.columns[2].reference), type: .bigint))
    let plan = LogicalPlan.filter(
        Filter(
            input: .project(Project(input: .scan(scan), outputs: [sum])),
            predicate: call("<", .column(sum.reference), integer(2500))))
    let expected = rows.compactMap { row -> [Int64?]? in
        guard let a = row[0], a < 4, let b = row[1], let c = row[2], b + c < 2500 else { return nil }
        return [b + c]
    }
    #expect(text(try collect(plan, world.context(threads: threads))) == text(values(expected)))
}

@Test(arguments: threadCounts)
func groupsOfAllPhasesAreTheSame(_ threads: Int) throws {
    let world = World()
    let rows = someRows(5000, seed: 2)
    let scan = try world.table("t", rows, width: 3, first: 1)
    let columns = scan.columns.map(\.reference)
    for key in [0, 1, nil] {
        for isDistinct in [false, true] {
            let aggregate = Aggregate(
                input: .scan(scan),
                groups: key.map { [NamedExpression(id: ColumnID(10), name: "k", .column(columns[$0]))] } ?? [],
                aggregates: [
                    NamedAggregate(id: ColumnID(11), name: "n", AggregateCall("count", [], type: .bigint)),
                    NamedAggregate(
                        id: ColumnID(12), name: "d",
                        AggregateCall("count", [.column(columns[1])], isDistinct: isDistinct, type: .bigint)),
                    NamedAggregate(
                        id: ColumnID(13), name: "s", AggregateCall("sum", [.column(columns[2])], type: .bigint)),
                ])
            var groups: [Int64?: [[Int64?]]] = [:]
            for row in rows { groups[key.flatMap { row[$0] }, default: []].append(row) }
            let expected = groups.map { group, members -> [Int64?] in
                let values = members.compactMap { $0[1] }
                let count = Int64(isDistinct ? Set(values).count : values.count)
                return (key == nil ? [] : [group]) + [Int64(members.count), count, members.reduce(0) { $0 + $1[2]! }]
            }
            #expect(
                text(try collect(.aggregate(aggregate), world.context(threads: threads))) == text(values(expected)),
                "key \(String(describing: key)), distinct \(isDistinct)")
        }
    }
}

@Test(arguments: threadCounts)
func groupingSetsKeepTheirSetsApart(_ threads: Int) throws {
    let world = World()
    let rows = someRows(800, seed: 3)
    let scan = try world.table("t", rows, width: 3, first: 1)
    let columns = scan.columns.map(\.reference)
    let id = ColumnReference(id: ColumnID(20), name: "grouping__id", type: .bigint)
    let sets = [[0, 1], [0], []]
    let aggregate = Aggregate(
        input: .scan(scan),
        groups: [0, 1].map { NamedExpression(id: ColumnID(10 + $0), name: "k\($0)", .column(columns[$0])) },
        aggregates: [
            NamedAggregate(id: ColumnID(12), name: "s", AggregateCall("sum", [.column(columns[1])], type: .bigint))
        ], groupingSets: sets, groupingID: id)
    var expected: [[Int64?]] = []
    for set in sets {
        var groups: [[Int64?]: Int64] = [:]
        for row in rows {
            groups[[set.contains(0) ? row[0] : nil, set.contains(1) ? row[1] : nil], default: 0] += row[1] ?? 0
        }
        let mask: Int64 = (set.contains(0) ? 0 : 2) + (set.contains(1) ? 0 : 1)
        expected += groups.map { $0.key + [$0.value, mask] }
    }
    #expect(text(try collect(.aggregate(aggregate), world.context(threads: threads))) == text(values(expected)))
}

@Test(arguments: threadCounts)
func joinsSortsAndLimitsGiveRowsInOrder(_ threads: Int) throws {
    let world = World()
    let left = someRows(2000, seed: 4)
    let right = someRows(300, seed: 5)
    let l = try world.table("l", left, width: 3, first: 1)
    let r = try world.table("r", right, files: 3, width: 3, first: 11)
    let join = Join(
        left: .scan(l), right: .scan(r), kind: .left,
        condition: call("=", .column(l.columns[1].reference), .column(r.columns[1].reference)))
    let keys = [l.columns[2].reference, r.columns[2].reference].map {
        Sort.Key(.column($0), isAscending: false, nullsFirst: false)
    }
    var expected: [[Int64?]] = []
    for row in left.reversed() {
        let matches = right.filter { $0[1] != nil && $0[1] == row[1] }
        expected += matches.isEmpty ? [row + [nil, nil, nil]] : matches.reversed().map { row + $0 }
    }
    let context = world.context(threads: threads)
    #expect(try collect(.sort(Sort(input: .join(join), keys: keys)), context) == values(expected))
    let top = LogicalPlan.limit(
        Limit(input: .sort(Sort(input: .join(join), keys: keys, limit: 25)), count: 10, offset: 15))
    #expect(try collect(top, context) == values(Array(expected[15..<25])))
}

@Test(arguments: threadCounts)
func unmatchedRowsOfBothSidesComeOnce(_ threads: Int) throws {
    let world = World()
    let left = (0..<1000).map { [Int64?(Int64($0))] }
    let right = (500..<1500).map { [Int64?(Int64($0))] }
    let l = try world.table("l", left, width: 1, first: 1)
    let r = try world.table("r", right, width: 1, first: 11)
    let join = Join(
        left: .scan(l), right: .scan(r), kind: .full,
        condition: call("=", .column(l.columns[0].reference), .column(r.columns[0].reference)))
    let expected: [[Int64?]] = (0..<1500).map { [$0 < 1000 ? Int64($0) : nil, $0 >= 500 ? Int64($0) : nil] }
    #expect(text(try collect(.join(join), world.context(threads: threads))) == text(values(expected)))
}

@Test(arguments: threadCounts)
func unionsTakeAllRowsOfAllInputs(_ threads: Int) throws {
    let world = World()
    let a = try world.table("a", someRows(500, seed: 6), width: 3, first: 1)
    let b = try world.table("b", someRows(700, seed: 7), width: 3, first: 11)
    let one = ColumnReference(id: ColumnID(21), name: "x", type: .bigint)
    let constants = LogicalPlan.values(Values(columns: [one, one, one], rows: [[integer(1), integer(2), integer(3)]]))
    let columns = (30..<33).map { ColumnReference(id: ColumnID($0), name: "u", type: .bigint) }
    let plan = LogicalPlan.union(Union(inputs: [.scan(a), constants, .scan(b)], columns: columns))
    let rows = try collect(plan, world.context(threads: threads))
    #expect(rows.count == 1201)
    let unlimited = LogicalPlan.limit(Limit(input: plan, count: 7))
    #expect(try collect(unlimited, world.context(threads: threads)).count == 7)
}

@Test(arguments: threadCounts)
func aFailureInAnyInstanceEndsTheQuery(_ threads: Int) throws {
    let world = World()
    let scan = try world.table("t", someRows(5000, seed: 8), files: 9, width: 3, first: 1)
    let failing = NamedExpression(
        id: ColumnID(9), name: "f", call("fail", .column(scan.columns[2].reference), integer(2345), type: .bigint))
    let project = LogicalPlan.project(Project(input: .scan(scan), outputs: [failing]))
    let sorted = LogicalPlan.sort(Sort(input: project, keys: [Sort.Key(.column(failing.reference), nullsFirst: true)]))
    for plan in [project, sorted] {
        let error = #expect(throws: HoneyError.self) { try collect(plan, world.context(threads: threads)) }
        #expect(error?.code == "TEST_FAILURE")
    }
}

@Test(arguments: threadCounts)
func aCancelledQueryEndsWithItsError(_ threads: Int) throws {
    let world = World()
    let scan = try world.table("t", someRows(20_000, seed: 9), files: 9, width: 3, first: 1)
    let execution = try PipelineEngine().run(.scan(scan), in: world.context(threads: threads))
    _ = try execution.next()
    execution.cancel()
    let error = #expect(throws: HoneyError.self) { while try execution.next() != nil {} }
    #expect(error?.kind == .cancelled)
}

@Test(arguments: threadCounts)
func theMemoryLimitEndsAJoinWithAClearError(_ threads: Int) throws {
    let world = World()
    let l = try world.table("l", someRows(100, seed: 10), width: 3, first: 1)
    let r = try world.table("r", someRows(20_000, seed: 11), width: 3, first: 11)
    let join = Join(
        left: .scan(l), right: .scan(r), kind: .inner,
        condition: call("=", .column(l.columns[1].reference), .column(r.columns[1].reference)))
    let error = #expect(throws: HoneyError.self) {
        try collect(.join(join), world.context(threads: threads, memoryLimitBytes: 400_000))
    }
    #expect(error?.code == "MEMORY_LIMIT_EXCEEDED")
}

@Test(arguments: threadCounts)
func manyPlansOneAfterAnotherNeverHang(_ threads: Int) throws {
    let world = World()
    let l = try world.table("l", someRows(400, seed: 12), width: 3, first: 1)
    let r = try world.table("r", someRows(400, seed: 13), width: 3, first: 11)
    let join = LogicalPlan.join(
        Join(
            left: .scan(l), right: .scan(r), kind: .inner,
            condition: call("=", .column(l.columns[0].reference), .column(r.columns[0].reference))))
    let group = LogicalPlan.aggregate(
        Aggregate(
            input: join, groups: [NamedExpression(id: ColumnID(30), name: "k", .column(l.columns[1].reference))],
            aggregates: [NamedAggregate(id: ColumnID(31), name: "n", AggregateCall("count", [], type: .bigint))]))
    let context = world.context(threads: threads)
    let expected = text(try collect(group, context))
    for round in 0..<15 {
        if round % 3 == 0 {
            // Given up half way.
            #expect(try collect(.limit(Limit(input: join, count: 5)), context).count == 5)
            let abandoned = try PipelineEngine().run(join, in: context)
            _ = try abandoned.next()
        }
        #expect(text(try collect(group, context)) == expected)
    }
}

@Test(arguments: threadCounts)
func writesGiveARowForEachFile(_ threads: Int) throws {
    let world = World()
    let rows = someRows(900, seed: 14)
    let scan = try world.table("t", rows, width: 3, first: 1)
    let columns = scan.columns.map(\.reference)
    let order = [columns[1], columns[2], columns[0]].map { NamedExpression(id: $0.id, name: $0.name, .column($0)) }
    let target = WriteTarget(
        storage: world.storage("memory:/staging", [TableColumn("b", .bigint), TableColumn("c", .bigint)]),
        dynamicPartitionKeys: [TableColumn("a", .bigint)])
    let report = zip(["file", "partition", "rows", "bytes"], [DataType.string, .string, .bigint, .bigint]).enumerated()
        .map {
            ColumnReference(id: ColumnID(40 + $0.offset), name: $0.element.0, type: $0.element.1)
        }
    let plan = LogicalPlan.write(
        Write(input: .project(Project(input: .scan(scan), outputs: order)), target: target, columns: report))
    var written: [[Value]] = []
    for row in try collect(plan, world.context(threads: threads)) {
        guard case .string(let file) = row[0], case .string(let partition) = row[1] else { continue }
        #expect(file.hasPrefix("memory:/staging/\(partition)/00000"))
        let contents = world.format.contents(file)
        #expect(row[2] == .integer(Int64(contents.count)))
        let key = partition.dropFirst(2)
        written += contents.map { $0 + [Int64(key).map { .integer($0) } ?? .null] }
    }
    #expect(text(written) == text(values(rows.map { [$0[1], $0[2], $0[0]] })))
}

@Test func partitionKeysAreColumnsAndDecideConditionsOnThem() throws {
    let world = World()
    let keys = [TableColumn("day", .bigint), TableColumn("city", .string)]
    let table = Table(
        database: "default", name: "p", storage: world.storage("memory:/p", [TableColumn("a", .bigint)]),
        partitionKeys: keys)
    var partitions: [Partition] = []
    for (day, city) in [("1", "Bee Town"), ("2", "Hive"), (Partition.nullValue, "Hive")] {
        let location = "memory:/p/\(day)"
        try world.write([[.integer(Int64(partitions.count))], [.integer(7)]], to: location + "/0")
        partitions.append(Partition(values: [day, city], storage: world.storage(location, table.storage.columns)))
    }
    var scan = world.scan(table, first: 1, partitions: partitions)
    let context = world.context(threads: 2)
    #expect(
        text(try collect(.scan(scan), context))
            == text([
                [.integer(0), .integer(1), .string("Bee Town")], [.integer(7), .integer(1), .string("Bee Town")],
                [.integer(1), .integer(2), .string("Hive")], [.integer(7), .integer(2), .string("Hive")],
                [.integer(2), .null, .string("Hive")], [.integer(7), .null, .string("Hive")],
            ]))
    scan.filters = [
        call("<", integer(1), .column(scan.columns[1].reference)),
        call("<", .column(scan.columns[0].reference), integer(5)),
    ]
    #expect(try collect(.scan(scan), context) == [[.integer(1), .integer(2), .string("Hive")]])
}

@Test func theSummaryHasARowForEachOperator() throws {
    let world = World()
    let scan = try world.table("t", someRows(1000, seed: 15), width: 3, first: 1)
    let count = Aggregate(
        input: .scan(scan), groups: [],
        aggregates: [NamedAggregate(id: ColumnID(9), name: "n", AggregateCall("count", [], type: .bigint))])
    let execution = try PipelineEngine().run(.aggregate(count), in: world.context(threads: 2))
    while try execution.next() != nil {}
    let summary = execution.summary
    #expect(summary.rows.map(\.rows) == [1, 2, 2, 1000])
    #expect(summary.rows.map(\.depth) == [0, 1, 2, 3])
    #expect(summary.rows.last?.instances == 2)
    #expect(summary.bytesRead == 1000)
    #expect(summary.rows.last?.bytesRead == 1000)
    #expect(execution.progress.finishedSplits == 5)
}

@Test func explainShowsFragments() throws {
    let world = World()
    var scan = try world.table("t", [], width: 3, first: 1)
    scan.filters = [call("<", .column(scan.columns[0].reference), integer(4))]
    let group = Aggregate(
        input: .scan(scan), groups: [NamedExpression(id: ColumnID(10), name: "k", .column(scan.columns[1].reference))],
        aggregates: [NamedAggregate(id: ColumnID(9), name: "n", AggregateCall("count", [], type: .bigint))])
    let text = try PipelineEngine().explain(.aggregate(group), in: world.context(threads: 2))
    for line in [
        "F00:PLAN FRAGMENT [UNPARTITIONED] instances=1", "F02:PLAN FRAGMENT [RANDOM] instances=2",
        "  03:AGGREGATE [FINALIZE]", "  00:SCAN [default.t]", "    predicates: ", "  SEND TO 02 [HASH(",
    ] {
        #expect(text.contains(line.trimmingPrefix(while: { $0 == " " })), "\(line) is not in\n\(text)")
    }
}
