import HoneyCore
import HoneyPlan

/// A few functions of bigints, so that whole plans can be tested without a library.
struct BigintFunction: ScalarFunction {
    let name: String
    var isPredicate = false
    let body: @Sendable ([Int64]) throws -> Int64

    var documentation: FunctionDocumentation {
        FunctionDocumentation(.miscellaneous, usage: name, summary: "For tests.", example: ("", ""))
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        Signature(arguments.map(\.type), isPredicate ? .boolean : .bigint)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        { columns, count in
            let builder = ColumnBuilder(site.result, capacity: max(count, 1))
            for row in 0..<count {
                let values = columns.compactMap { column -> Int64? in
                    if case .integer(let value) = column.value(at: row) { value } else { nil }
                }
                if values.count < columns.count {
                    builder.appendNull()
                } else {
                    let result = try body(values)
                    builder.append(isPredicate ? .boolean(result != 0) : .integer(result))
                }
            }
            return builder.finish()
        }
    }
}

/// Sums and counts of bigints.
struct BigintAggregate: AggregateFunction {
    let name: String

    var documentation: FunctionDocumentation {
        FunctionDocumentation(.aggregate, usage: name, summary: "For tests.", example: ("", ""))
    }

    func resolve(_ arguments: [Argument], isDistinct: Bool) throws -> AggregateSignature {
        AggregateSignature(arguments.map(\.type), partial: [.bigint], result: .bigint)
    }

    func makeAccumulator(for site: AggregateSite) throws -> any Accumulator {
        BigintAccumulator(counts: name == "count")
    }
}

private final class BigintAccumulator: Accumulator {
    private let counts: Bool
    private var totals: [Int64] = []

    init(counts: Bool) { self.counts = counts }

    func reserve(groupCount: Int) {
        if groupCount > totals.count { totals += [Int64](repeating: 0, count: groupCount - totals.count) }
    }

    private func add(_ column: Column?, _ rows: GroupedRows, counts: Bool) {
        for position in 0..<rows.count {
            let row = rows.selection.map { $0[position] } ?? position
            if column?.isNull(at: row) == true { continue }
            var added: Int64 = 1
            if !counts, case .integer(let value)? = column?.value(at: row) { added = value }
            totals[rows.groups.map { Int($0[position]) } ?? 0] &+= added
        }
    }

    func update(_ arguments: [Column], rows: GroupedRows) throws { add(arguments.first, rows, counts: counts) }
    func merge(_ partials: [Column], rows: GroupedRows) throws { add(partials[0], rows, counts: false) }
    func partials(_ groups: Range<Int>) throws -> [Column] { [try results(groups)] }
    func results(_ groups: Range<Int>) throws -> Column { .of(.bigint, groups.map { .integer(totals[$0]) }) }
    var memoryBytes: Int { totals.count * 8 }
}

extension FunctionCatalog {
    static let bigints = FunctionCatalog(
        scalars: [
            BigintFunction(name: "+") { $0[0] &+ $0[1] },
            BigintFunction(name: "%") { $0[0] % $0[1] },
            BigintFunction(name: "=", isPredicate: true) { $0[0] == $0[1] ? 1 : 0 },
            BigintFunction(name: "<", isPredicate: true) { $0[0] < $0[1] ? 1 : 0 },
            BigintFunction(name: "fail") { values in
                if values[0] == values[1] { throw HoneyError(.data, "TEST_FAILURE", "this row fails") }
                return values[0]
            },
        ],
        aggregates: [BigintAggregate(name: "count"), BigintAggregate(name: "sum")])
}
