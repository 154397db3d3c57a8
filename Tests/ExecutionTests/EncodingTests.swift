import HoneyCatalog
import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyExecution

private let simpleTypes: [DataType] = [
    .void, .boolean, .tinyint, .smallint, .int, .bigint, .float, .double, .decimal(precision: 12, scale: 3),
    .decimal(precision: 38, scale: 10), .string, .varchar(50), .char(4), .binary, .date, .timestamp, .intervalYearMonth,
    .intervalDayTime,
]

/// Every simple type once, and nested ones made of them.
private let types: [DataType] =
    simpleTypes + simpleTypes.map { .array($0) } + [
        .map(key: .string, value: .array(.decimal(precision: 38, scale: 2))),
        .structure([Field("a:b,`c", .int), Field("", .structure([Field("d", .map(key: .int, value: .string))]))]),
        .array(.array(.structure([Field("x", .date)]))), .structure([]), .union([.int, .string, .array(.double)]),
        .map(key: .int, value: .union([.structure([Field("x", .date)]), .union([.bigint])])),
    ]

@Test func batchesOfEveryTypeComeBackEqual() throws {
    var random = RandomRows(generator: .announced())
    for count in [0, 1, 63, 64, 65, 200] {
        for nulls in [0, 1, 5] {
            random.nullEvery = nulls
            let rows = random.rows(types, count)
            for batch in random.batches(rows, types, largest: 130) {
                let decoded = try BatchDecoder.decode(BatchEncoder.encode(batch))
                #expect(decoded.columns.map(\.type) == types)
                #expect(decoded.rows == batch.rows)
                #expect(BatchEncoder.encode(decoded) == BatchEncoder.encode(batch))
            }
        }
    }
}

@Test func constantColumnsStayConstant() throws {
    var random = RandomRows(generator: .announced())
    for type in types {
        let value = random.value(type)
        let batch = Batch(columns: [.constant(value, type: type, count: 77)], count: 77)
        let decoded = try BatchDecoder.decode(BatchEncoder.encode(batch))
        #expect(decoded.columns[0].isConstant)
        #expect(decoded.rows == [[Value]](repeating: [value], count: 77))
    }
}

@Test func damagedBatchesGiveErrors() throws {
    var random = RandomRows(generator: .announced())
    let bytes = BatchEncoder.encode(.of(random.rows(types, 9), types))
    for length in 0..<bytes.count {
        let error = #expect(throws: HoneyError.self) { try BatchDecoder.decode(Array(bytes[..<length])) }
        #expect(error?.code == "BATCH_DAMAGED")
    }
    var survivors = 0
    for _ in 0..<4000 {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random.generator) {
            damaged[Int.random(in: 0..<bytes.count, using: &random.generator)] = UInt8.random(
                in: 0...255, using: &random.generator)
        }
        do {
            // Whatever decodes must be safe to read.
            _ = try BatchDecoder.decode(damaged).rows
            survivors += 1
        } catch let error as HoneyError { #expect(error.code == "BATCH_DAMAGED") }
    }
    #expect(survivors > 0)
}

/// Makes random plans that use every node.
private struct RandomPlans {
    var rows: RandomRows
    private var id = 0

    init(_ rows: RandomRows) { self.rows = rows }

    private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &rows.generator) }

    private mutating func reference() -> ColumnReference {
        ColumnReference(id: ColumnID(below(40)), name: "c\(below(9))", type: types[below(types.count)])
    }

    private mutating func expression(_ depth: Int = 0) -> Expression {
        let type = types[below(types.count)]
        switch depth > 2 ? below(2) : below(4) {
        case 0: return .literal(rows.value(type), type)
        case 1: return .column(reference())
        case 2: return .cast(expression(depth + 1), to: type)
        default: return .call(Call("f\(below(3))", (0..<below(4)).map { _ in expression(depth + 1) }, type: type))
        }
    }

    private mutating func keys() -> [Sort.Key] {
        (0..<below(3)).map { _ in Sort.Key(expression(), isAscending: below(2) == 0, nullsFirst: below(2) == 0) }
    }

    private mutating func named() -> [NamedExpression] {
        (0..<below(4)).map { _ in NamedExpression(id: ColumnID(below(40)), name: "n", expression()) }
    }

    private mutating func exchange() -> Exchange {
        switch below(6) {
        case 0: .gather
        case 1: .mergeGather(keys: keys())
        case 2: .broadcast
        case 3: .hash(keys: [expression()])
        case 4: .buckets(WriteTarget(storage: storage()))
        default: .pass
        }
    }

    private func storage() -> StorageDescriptor {
        StorageDescriptor(
            columns: [TableColumn("a", .int, comment: "x"), TableColumn("b", .array(.string))], location: "file:/t",
            inputFormat: "I", outputFormat: "O", serde: SerDeInfo(library: "S", properties: ["field.delim": "\u{1}"]))
    }

    private mutating func scan() -> PhysicalPlan.Node {
        let table = Table(
            database: "d", name: "t", storage: storage(), partitionKeys: [TableColumn("k", .date)],
            parameters: ["p": "q"])
        let source: [ScanColumn.Source] = [.table(index: 1), .fileName, .blockOffset]
        let value = Value.decimal(Int128.max)
        return .scan(
            PhysicalScan(
                table: table, alias: "x", columns: source.map { ScanColumn(reference(), source: $0) },
                filterColumns: [ScanColumn(reference(), source: .table(index: 0))], filters: [expression()],
                predicates: [
                    .range(column: 1, lower: .init(value, isInclusive: true), upper: nil), .isNull(column: 2),
                    .oneOf(column: 0, values: [.real(.infinity), .string("\u{0}é")]), .isNotNull(column: 3),
                ],
                partitions: below(2) == 0 ? nil : [Partition(values: ["2024-01-01"], storage: storage())]))
    }

    mutating func plan(_ kind: Int, depth: Int = 0) -> PhysicalPlan {
        id += 1
        func leafOr(_ random: inout RandomPlans) -> PhysicalPlan {
            random.plan(depth > 3 ? random.below(3) : random.below(RandomPlans.kinds), depth: depth + 1)
        }
        let node: PhysicalPlan.Node
        switch kind {
        case 0: node = scan()
        case 1: node = .values(rows: [[expression()], []])
        case 2: node = .receive(exchangeID: id, exchange())
        case 3: node = .filter(leafOr(&self), predicate: expression())
        case 4: node = .project(leafOr(&self), named())
        case 5:
            node = .expand(Expand(input: leafOr(&self), sets: [[0, 1], []], groupCount: 2, groupingID: reference()))
        case 6:
            let phase = [HashAggregate.Phase.single, .partial, .final][below(3)]
            let call = HashAggregate.Call(
                result: reference(),
                call: AggregateCall("sum", [expression()], isDistinct: below(2) == 0, type: .bigint),
                partials: [reference()])
            node = .aggregate(HashAggregate(input: leafOr(&self), phase: phase, groups: named(), calls: [call]))
        case 7:
            let kinds: [Join.Kind] = [
                .inner, .left, .right, .full, .semi, .anti, .nullAwareAnti, .single, .mark(reference()),
            ]
            let key = HashJoin.Key(probe: expression(), build: expression(), isNullSafe: below(2) == 0)
            node = .join(
                HashJoin(
                    probe: leafOr(&self), build: leafOr(&self), kind: kinds[below(kinds.count)], keys: [key],
                    residual: below(2) == 0 ? nil : expression()))
        case 8: node = .sort(leafOr(&self), keys: keys(), limit: below(2) == 0 ? nil : below(100))
        case 9: node = .limit(leafOr(&self), count: below(2) == 0 ? nil : 5, offset: below(9))
        case 10: node = .union([leafOr(&self), leafOr(&self)])
        case 11: node = .exchange(leafOr(&self), exchange())
        default:
            node = .write(
                leafOr(&self),
                WriteTarget(
                    tableName: "d.t", storage: storage(), dynamicPartitionKeys: [TableColumn("k", .date)],
                    otherStorage: ["k=1": storage()], settings: ["a": "b"]))
        }
        return PhysicalPlan(id: id, output: [reference()], estimatedRows: below(2) == 0 ? nil : 1.5e9, node)
    }

    static let kinds = 13
}

@Test func plansOfEveryNodeComeBackEqual() throws {
    var random = RandomPlans(RandomRows(generator: .announced()))
    for round in 0..<130 {
        let plan = random.plan(round % RandomPlans.kinds)
        let fragment = Fragment(
            id: round, root: plan, target: Fragment.Target(exchangeID: 3, exchange: .gather), instances: 2)
        let bytes = try PlanEncoding.encode(fragment)
        let decoded = try PlanEncoding.decode(Fragment.self, from: bytes)
        #expect(decoded == fragment)
        // Column references are equal by identity alone, so the bytes are compared too.
        #expect(try PlanEncoding.encode(decoded) == bytes)
    }
}

@Test func damagedPlansGiveErrors() throws {
    var random = RandomPlans(RandomRows(generator: .announced()))
    let bytes = try PlanEncoding.encode(random.plan(7))
    for length in stride(from: 0, to: bytes.count, by: 37) {
        let error = #expect(throws: HoneyError.self) {
            try PlanEncoding.decode(PhysicalPlan.self, from: Array(bytes[..<length]))
        }
        #expect(error?.code == "PLAN_DAMAGED")
    }
}
