import HoneyCore
import HoneyFunctions
import Testing

@Suite struct ArithmeticTests {
    @Test(arguments: [(DataType.tinyint, 8), (.smallint, 16), (.int, 32), (.bigint, 64)])
    func integersWrap(type: DataType, bits: Int) throws {
        func wrapped(_ value: Int128) -> Value {
            let shift = 128 - bits
            return .integer(Int64(truncatingIfNeeded: (value << Int128(shift)) >> Int128(shift)))
        }
        let operations: [String: (Int128, Int128) -> Int128?] = [
            "+": { $0 + $1 }, "-": { $0 - $1 }, "*": { $0 &* $1 }, "%": { $1 == 0 ? nil : $0 % $1 }, "&": { $0 & $1 },
            "|": { $0 | $1 }, "^": { $0 ^ $1 },
        ]
        var random = RandomColumns()
        for _ in 0..<30 {
            let a = random.column(type, 100)
            let b = random.column(type, 100)
            for (name, operation) in operations {
                let result = try FunctionCall.evaluate(name, [a, b], count: 100)
                #expect(result.type == type)
                for row in 0..<100 {
                    var expected = Value.null
                    if case (.integer(let x), .integer(let y)) = (a.value(at: row), b.value(at: row)) {
                        expected = operation(Int128(x), Int128(y)).map(wrapped) ?? .null
                    }
                    #expect(result.value(at: row) == expected, "\(name) of \(type), seed \(random.seed)")
                }
            }
        }
    }

    @Test func realsFollowJava() throws {
        #expect(try FunctionCall.text("/", .int(1), .int(2)) == "0.5")
        #expect(try FunctionCall.text("/", .int(1), .int(0)) == "NULL")
        #expect(try FunctionCall.text("%", .double(-7.5), .double(2)) == "-1.5")
        #expect(try FunctionCall.text("%", .double(1), .double(0)) == "NULL")
        #expect(try FunctionCall.text("+", .string("3"), .int(4)) == "7.0")
        #expect(try FunctionCall.text("*", .string("x"), .int(4)) == "NULL")
        #expect(try FunctionCall.text("%", .int(-7), .int(3)) == "-1")
        #expect(try FunctionCall.text("div", .int(-7), .int(2)) == "-3")
        #expect(try FunctionCall.text("div", .int(7), .int(0)) == "NULL")
        #expect(try FunctionCall.text("div", .bigint(.min), .int(-1)) == "-9223372036854775808")
        #expect(try FunctionCall.text("+", .null(), .int(1)) == "NULL")
    }

    @Test func bitsShiftAsInJava() throws {
        #expect(try FunctionCall.text("shiftleft", .int(1), .int(33)) == "2")
        #expect(try FunctionCall.text("shiftright", .int(-8), .int(1)) == "-4")
        #expect(try FunctionCall.text("shiftrightunsigned", .int(-8), .int(1)) == "2147483644")
        #expect(try FunctionCall.text("shiftleft", .bigint(1), .int(65)) == "2")
        #expect(try FunctionCall.text("~", .int(5)) == "-6")
        #expect(try FunctionCall.text("negative", Literal(type: .tinyint, value: .integer(-128))) == "-128")
    }

    @Test func resultTypesAreHives() throws {
        let price = Literal.decimal("1.10", 10, 2)
        let number = Literal(type: .int, value: .null)
        func typed(_ name: String, _ a: Literal, _ b: Literal) throws -> String {
            // Columns, not literals: an integer literal counts only the digits it has.
            let columns = [a, b].map { Column.of($0.type, [$0.value]) }
            return try FunctionCall.evaluate(name, columns, count: 1).type.name
        }
        #expect(try typed("/", price, number) == "decimal(21,13)")
        #expect(try typed("/", number, price) == "decimal(23,11)")
        #expect(try typed("%", number, price) == "decimal(10,2)")
        #expect(try typed("+", price, number) == "decimal(13,2)")
        #expect(try typed("+", .double(1), price) == "double")
        #expect(try typed("+", Literal(type: .float, value: .real(1)), price) == "float")
        #expect(try typed("/", number, number) == "double")
        #expect(try typed("div", number, number) == "bigint")
        #expect(try typed("+", number, .bigint(1)) == "bigint")
        let lineitem = Literal.decimal("1", 15, 2)
        #expect(try typed("*", lineitem, .decimal("1", 16, 2)) == "decimal(32,4)")
        #expect(try typed("*", .decimal("1", 32, 4), .decimal("1", 16, 2)) == "decimal(38,6)")
        #expect(try typed("*", .decimal("1", 38, 10), .decimal("1", 38, 10)) == "decimal(38,6)")
        #expect(try typed("/", .decimal("1", 38, 18), .decimal("1", 38, 18)) == "decimal(38,6)")
        // Literals: 100 / decimal(1,0) and 12345678901 + 1.5.
        #expect(try FunctionCall.type("/", .int(100), .decimal("7", 1, 0)) == .decimal(precision: 9, scale: 6))
        #expect(
            try FunctionCall.type("+", .bigint(12_345_678_901), .decimal("1.5", 2, 1))
                == .decimal(precision: 13, scale: 1))
        #expect(try FunctionCall.type("-", .int(1), lineitem) == .decimal(precision: 16, scale: 2))
    }

    @Test func datesAndIntervalsAdd() throws {
        let month = Literal(type: .intervalYearMonth, value: .months(1))
        let day = Literal(type: .intervalDayTime, value: .nanoseconds(86_400_000_000_000))
        let january = Literal.date("2020-01-31")
        #expect(try FunctionCall.text("+", january, month) == "2020-02-29")
        #expect(try FunctionCall.text("+", month, january) == "2020-02-29")
        #expect(try FunctionCall.text("-", january, month) == "2019-12-31")
        #expect(try FunctionCall.text("+", january, day) == "2020-02-01 00:00:00")
        #expect(try FunctionCall.text("-", january, day) == "2020-01-30 00:00:00")
        #expect(try FunctionCall.text("+", .timestamp("2020-01-31 10:00:00"), month) == "2020-02-29 10:00:00")
        #expect(try FunctionCall.text("-", .date("2020-03-31"), .date("2020-03-01")) == "30 00:00:00.000000000")
        #expect(
            try FunctionCall.text("-", .timestamp("2020-03-31 10:00:00"), .timestamp("2020-03-01 12:00:00"))
                == "29 22:00:00.000000000")
        #expect(try FunctionCall.text("+", month, month) == "0-2")
        #expect(try FunctionCall.text("negative", month) == "-0-1")
        #expect(throws: HoneyError.self) { try FunctionCall.text("+", january, january) }
        #expect(throws: HoneyError.self) { try FunctionCall.text("*", january, month) }
    }
}
