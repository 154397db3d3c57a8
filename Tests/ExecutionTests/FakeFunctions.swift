import HoneyCore
import HoneyPlan

@testable import HoneyExecution

/// A function given by what it does with values; slow and plain, so that tests need no library.
struct FakeFunction: ScalarFunction {
    let name: String
    let result: DataType?
    let body: @Sendable ([Value]) -> Value

    init(_ name: String, result: DataType? = nil, _ body: @escaping @Sendable ([Value]) -> Value) {
        self.name = name
        self.result = result
        self.body = body
    }

    var documentation: FunctionDocumentation {
        FunctionDocumentation(.miscellaneous, usage: name, summary: "For tests.", example: ("", ""))
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        Signature(arguments.map(\.type), result ?? arguments[0].type)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        { columns, count in
            let rows = columns.allSatisfy(\.isConstant) ? min(count, 1) : count
            let builder = ColumnBuilder(site.result, capacity: max(rows, 1))
            for row in 0..<rows { builder.append(body(columns.map { $0.value(at: row) })) }
            return rows < count ? builder.finish(isConstant: true, count: count) : builder.finish()
        }
    }
}

/// An aggregate that keeps what a closure makes of state and value.
struct FakeAggregate: AggregateFunction {
    let name: String
    let start: Value
    let add: @Sendable (Value, Value?) -> Value
    let merge: @Sendable (Value, Value) -> Value

    var documentation: FunctionDocumentation {
        FunctionDocumentation(.aggregate, usage: name, summary: "For tests.", example: ("", ""))
    }

    func resolve(_ arguments: [Argument], isDistinct: Bool) throws -> AggregateSignature {
        AggregateSignature(arguments.map(\.type), partial: [.bigint], result: .bigint)
    }

    func makeAccumulator(for site: AggregateSite) throws -> any Accumulator { FakeAccumulator(self) }
}

final class FakeAccumulator: Accumulator {
    private let function: FakeAggregate
    private var states: [Value] = []

    init(_ function: FakeAggregate) { self.function = function }

    func reserve(groupCount: Int) {
        while states.count < groupCount { states.append(function.start) }
    }

    private func forEach(_ rows: GroupedRows, _ body: (_ row: Int, _ group: Int) -> Void) {
        for position in 0..<rows.count {
            body(rows.selection.map { $0[position] } ?? position, rows.groups.map { Int($0[position]) } ?? 0)
        }
    }

    func update(_ arguments: [Column], rows: GroupedRows) throws {
        forEach(rows) { states[$1] = function.add(states[$1], arguments.first?.value(at: $0)) }
    }

    func merge(_ partials: [Column], rows: GroupedRows) throws {
        forEach(rows) { states[$1] = function.merge(states[$1], partials[0].value(at: $0)) }
    }

    func partials(_ groups: Range<Int>) throws -> [Column] { [.of(.bigint, groups.map { states[$0] })] }
    func results(_ groups: Range<Int>) throws -> Column { .of(.bigint, groups.map { states[$0] }) }
    var memoryBytes: Int { states.count * 32 }
}

enum Fakes {
    static let context = EvaluationContext(functions: catalog, session: session)
    static let session = SessionValues(nowNanoseconds: 0, timeZone: "UTC", user: "bee", database: "default")

    static let catalog = FunctionCatalog(
        scalars: [
            comparison("=") { $0 == 0 }, comparison("<") { $0 < 0 }, comparison("<=") { $0 <= 0 },
            comparison(">") { $0 > 0 }, comparison(">=") { $0 >= 0 }, comparison("<>") { $0 != 0 },
            arithmetic("+") { $0 &+ $1 }, arithmetic("*") { $0 &* $1 },
            FakeFunction("isnull", result: .boolean) { .boolean($0[0].isNull) },
            FakeFunction("<=>", result: .boolean) { .boolean($0[0] == $0[1]) },
            FakeFunction("not", result: .boolean) {
                if case .boolean(let flag) = $0[0] { .boolean(!flag) } else { .null }
            },
            FakeFunction("and", result: .boolean) { values in
                if values.contains(.boolean(false)) { return .boolean(false) }
                return values.contains(.null) ? .null : .boolean(true)
            },
        ],
        aggregates: [
            FakeAggregate(name: "count", start: .integer(0)) { state, value in
                value?.isNull == true ? state : sum(state, .integer(1))
            } merge: {
                sum($0, $1)
            },
            FakeAggregate(name: "sum", start: .null) {
                sum($0, $1 ?? .null)
            } merge: {
                sum($0, $1)
            },
        ])

    static func sum(_ a: Value, _ b: Value) -> Value {
        switch (a, b) {
        case (.integer(let x), .integer(let y)): .integer(x &+ y)
        case (.null, _): b
        default: a
        }
    }

    static func comparison(_ sign: String, _ holds: @escaping @Sendable (Int) -> Bool) -> FakeFunction {
        FakeFunction(sign, result: .boolean) { values in
            guard let order = order(values[0], values[1]) else { return .null }
            return .boolean(holds(order))
        }
    }

    static func arithmetic(_ sign: String, _ body: @escaping @Sendable (Int64, Int64) -> Int64) -> FakeFunction {
        FakeFunction(sign) { values in
            if case .integer(let a) = values[0], case .integer(let b) = values[1] {
                .integer(body(a, b))
            } else {
                .null
            }
        }
    }

    /// Orders two values of one type; nil when one is null.
    static func order(_ a: Value, _ b: Value) -> Int? {
        switch (a, b) {
        case (.integer(let x), .integer(let y)): x < y ? -1 : x == y ? 0 : 1
        case (.date(let x), .date(let y)): x < y ? -1 : x == y ? 0 : 1
        case (.decimal(let x), .decimal(let y)), (.timestamp(let x), .timestamp(let y)): x < y ? -1 : x == y ? 0 : 1
        case (.real(let x), .real(let y)): x < y ? -1 : x == y ? 0 : 1
        case (.string(let x), .string(let y)):
            Array(x.utf8).lexicographicallyPrecedes(Array(y.utf8)) ? -1 : x.utf8.elementsEqual(y.utf8) ? 0 : 1
        case (.boolean(let x), .boolean(let y)): (x ? 1 : 0) - (y ? 1 : 0)
        default: nil
        }
    }
}
