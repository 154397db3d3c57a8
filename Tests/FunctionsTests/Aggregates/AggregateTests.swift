import HoneyCore
import HoneyFunctions
import HoneyPlan
import Testing

/// Runs an aggregate over rows and gives the result of each group.
struct AggregateCall {
    let signature: AggregateSignature
    private let function: any AggregateFunction
    private let site: AggregateSite

    init(_ name: String, _ types: [DataType]) throws {
        guard let function = HiveFunctions.catalog.aggregate(name) else {
            throw HoneyError(.semantic, "FUNCTION_NOT_FOUND", "no such aggregate: \(name)")
        }
        self.function = function
        signature = try function.resolve(types.map { Argument(type: $0) }, isDistinct: false)
        site = AggregateSite(
            arguments: signature.arguments.map { Argument(type: $0) }, result: signature.result,
            session: FunctionCall.session)
    }

    func accumulator(_ groupCount: Int) throws -> any Accumulator {
        let accumulator = try function.makeAccumulator(for: site)
        accumulator.reserve(groupCount: groupCount)
        return accumulator
    }

    /// Adds columns of `count` rows; `selected` are the rows that are there.
    func update(
        _ accumulator: any Accumulator, _ columns: [Column], count: Int, groups: [Int32]?, selected: [Int32]? = nil
    ) throws {
        let arguments = try zip(columns, signature.arguments).map { try FunctionCall.cast($0, to: $1, count: count) }
        var selection: Selection?
        if let selected {
            selection = Selection(capacity: selected.count) { target in
                for (index, row) in selected.enumerated() { target[index] = row }
                return selected.count
            }
        }
        let rowCount = selected?.count ?? count
        if let groups {
            try groups.withUnsafeBufferPointer {
                try accumulator.update(
                    arguments, rows: GroupedRows(count: rowCount, selection: selection, groups: $0.baseAddress))
            }
        } else {
            try accumulator.update(arguments, rows: GroupedRows(count: rowCount, selection: selection))
        }
    }

    /// The one result over all rows of some columns.
    static func single(_ name: String, _ columns: [Column]) throws -> Column {
        let call = try AggregateCall(name, columns.map(\.type))
        let accumulator = try call.accumulator(1)
        try call.update(accumulator, columns, count: columns.first?.count ?? 0, groups: nil)
        return try accumulator.results(0..<1)
    }

    static func text(_ name: String, _ columns: Column...) throws -> String {
        var sink = ByteSink()
        ValueText.append(try single(name, columns), row: 0, to: &sink)
        return sink.string
    }
}

@Suite struct AggregateTests {
    let i = Column.of(.int, [.integer(1), .integer(2), .integer(3), .null, .integer(2)])
    let d = Column.of(
        .decimal(precision: 10, scale: 2), [.decimal(110), .decimal(225), .null, .decimal(334), .decimal(1)])
    let s = Column.of(.string, [.string("1.5"), .string("abc"), .null, .string("7"), .string("")])
    let f = Column.of(.double, [.real(0.5), .real(1.5), .null, .real(2.5), .real(-1)])

    func half(_ value: Double = 0.5) -> Column { .constant(.real(value), type: .double, count: 5) }

    func several(_ values: [Double]) -> Column {
        .constant(.array(values.map { .real($0) }), type: .array(.double), count: 5)
    }

    @Test func answersAreHives() throws {
        #expect(try AggregateCall.text("sum", i) == "8")
        #expect(try AggregateCall.text("sum", d) == "6.70")
        #expect(try AggregateCall.text("sum", s) == "8.5")
        #expect(try AggregateCall.text("sum", f) == "3.5")
        #expect(try AggregateCall.text("avg", i) == "2.0")
        #expect(try AggregateCall.text("avg", d) == "1.675000")
        #expect(try AggregateCall.text("avg", s) == "4.25")
        #expect(try AggregateCall.text("min", s) == "")
        #expect(try AggregateCall.text("max", s) == "abc")
        #expect(try AggregateCall.text("count", i) == "4")
        #expect(try AggregateCall.text("count", i, d) == "3")
        #expect(try AggregateCall.text("stddev", i) == "0.7071067811865476")
        #expect(try AggregateCall.text("stddev_samp", i) == "0.816496580927726")
        #expect(try AggregateCall.text("var_pop", i) == "0.5")
        #expect(try AggregateCall.text("var_samp", f) == "2.2291666666666665")
        #expect(try AggregateCall.text("covar_pop", i, f) == "-0.05555555555555558")
        #expect(try AggregateCall.text("covar_samp", i, f) == "-0.08333333333333337")
        #expect(try AggregateCall.text("stddev", s) == "2.75")
        #expect(try AggregateCall.text("collect_list", i) == "[1,2,3,2]")
        #expect(try AggregateCall.text("collect_set", i) == "[1,2,3]")
        #expect(try AggregateCall.text("percentile", i, half()) == "2.0")
        #expect(try AggregateCall.text("percentile", i, several([0.1, 0.5])) == "[1.3,2.0]")
        #expect(try AggregateCall.text("percentile_approx", f, half()) == "0.5")
        #expect(try AggregateCall.text("percentile_approx", f, several([0.1, 0.9])) == "[-1.0,2.1]")
        #expect(try AggregateCall.text("percentile_approx", i, half()) == "1.5")
        let two = Column.constant(.integer(2), type: .int, count: 4)
        let apart = Column.of(.int, [.integer(1), .integer(2), .integer(10), .integer(11)])
        #expect(
            try AggregateCall.text("histogram_numeric", apart, two) == #"[{"x":1.5,"y":2.0},{"x":10.5,"y":2.0}]"#)
        let arrays = Column.of(.array(.int), [.array([.integer(2)]), .array([.integer(1), .integer(5)]), .null])
        #expect(try AggregateCall.text("min", arrays) == "[1,5]")
    }

    @Test func emptyGroupsGiveNullOrNothing() throws {
        let none = Column.of(.int, [.null, .null])
        for name in ["sum", "avg", "min", "max", "stddev", "var_samp"] {
            #expect(try AggregateCall.text(name, none) == "NULL", "\(name)")
        }
        #expect(try AggregateCall.text("count", none) == "0")
        #expect(try AggregateCall.text("collect_list", none) == "[]")
        #expect(try AggregateCall.text("corr", none, none) == "NULL")
        let one = Column.of(.int, [.integer(5)])
        #expect(try AggregateCall.text("var_samp", one) == "0.0")
        #expect(try AggregateCall.text("covar_samp", one, one) == "NULL")
        #expect(try AggregateCall.text("corr", one, one) == "NULL")
    }

    @Test func decimalSumsThatOverflowAreNull() throws {
        let wide = DataType.decimal(precision: 38, scale: 0)
        let nines = DecimalMath.powerOfTen(38) - 1
        for count in [2, 3, 5] {
            let column = Column.of(wide, [Value](repeating: .decimal(nines), count: count))
            #expect(try AggregateCall.text("sum", column) == "NULL")
        }
        #expect(try AggregateCall.text("sum", Column.of(wide, [.decimal(nines)])) == String(repeating: "9", count: 38))
        // Also when only the merge of partial states overflows.
        let call = try AggregateCall("sum", [wide])
        let total = try call.accumulator(1)
        for _ in 0..<2 {
            let part = try call.accumulator(1)
            try call.update(part, [Column.of(wide, [.decimal(nines)])], count: 1, groups: nil)
            try total.merge(try part.partials(0..<1), rows: GroupedRows(count: 1))
        }
        let middle = try total.partials(0..<1)
        let end = try call.accumulator(1)
        try end.merge(middle, rows: GroupedRows(count: 1))
        #expect(try end.results(0..<1).allValues == [.null])
    }

    @Test func typesAreHives() throws {
        func type(_ name: String, _ types: DataType...) throws -> String {
            try AggregateCall(name, types).signature.result.name
        }
        #expect(try type("sum", .tinyint) == "bigint")
        #expect(try type("sum", .float) == "double")
        #expect(try type("sum", .decimal(precision: 15, scale: 2)) == "decimal(25,2)")
        #expect(try type("sum", .decimal(precision: 38, scale: 18)) == "decimal(38,18)")
        #expect(try type("avg", .decimal(precision: 15, scale: 2)) == "decimal(19,6)")
        #expect(try type("avg", .decimal(precision: 38, scale: 18)) == "decimal(38,18)")
        #expect(try type("collect_set", .smallint) == "array<smallint>")
        #expect(try type("min", .char(3)) == "char(3)")
        #expect(throws: HoneyError.self) { try type("sum", .date) }
        #expect(throws: HoneyError.self) { try type("percentile", .double, .double) }
    }
}
