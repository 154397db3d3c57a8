import HoneyCore
import HoneyFunctions
import Testing

@Suite struct CastTests {
    func cast(_ literal: Literal, _ type: DataType) throws -> String { try FunctionCall.castText(literal, to: type) }

    @Test(arguments: [
        ("12", DataType.int, "12"), (" 12 ", .int, "NULL"), ("1.9", .int, "1"), ("-1.9", .bigint, "-1"),
        ("1e3", .int, "NULL"), ("", .int, "NULL"), ("300", .tinyint, "NULL"), ("abc", .double, "NULL"),
        (" 1.5 ", .double, "1.5"), ("true", .boolean, "true"), ("false", .boolean, "true"), ("", .boolean, "false"),
        ("1.005", .decimal(precision: 10, scale: 2), "1.01"), (" 1.5 ", .decimal(precision: 10, scale: 2), "1.50"),
        ("1e2", .decimal(precision: 10, scale: 2), "100.00"), ("x", .decimal(precision: 10, scale: 2), "NULL"),
        ("2020-01-02 03:04:05", .date, "2020-01-02"), (" 2020-01-02 ", .date, "2020-01-02"),
        ("2020-1-2", .date, "2020-01-02"), ("2020-01-02T03:04:05", .date, "NULL"), ("2020-13-02", .date, "NULL"),
        ("2020-02-30", .date, "2020-03-01"), ("2020-01-02x", .date, "NULL"), ("20200102", .date, "NULL"),
        ("2020-01-02", .timestamp, "2020-01-02 00:00:00"),
        ("2020-01-02 03:04:05.1234567899", .timestamp, "2020-01-02 03:04:05.123456789"),
        ("2020-01-02 03:04", .timestamp, "NULL"), (" 2020-1-2 3:4:5 ", .timestamp, "2020-01-02 03:04:05"),
        ("2020-01-02 25:00:00", .timestamp, "2020-01-03 01:00:00"), ("2020-1-2", .timestamp, "2020-01-02 00:00:00"),
        ("abcdef", .varchar(3), "abc"), ("héllo", .varchar(2), "hé"), ("ab", .char(4), "ab  "),
        ("abcdef", .char(3), "abc"),
        ("1-2", .intervalYearMonth, "1-2"), ("1 2:3:4.5", .intervalDayTime, "1 02:03:04.500000000"),
    ])
    func textReadsAsInHive(text: String, type: DataType, expected: String) throws {
        #expect(try cast(.string(text), type) == expected)
    }

    @Test func numbersConvertAsInHive() throws {
        #expect(try cast(.int(300), .tinyint) == "44")
        #expect(try cast(.double(3e9), .int) == "2147483647")
        #expect(try cast(.double(-3e9), .smallint) == "0")
        #expect(try cast(.double(1e30), .bigint) == "9223372036854775807")
        #expect(try cast(.double(.nan), .int) == "0")
        #expect(try cast(.double(1e300), .float) == "Infinity")
        #expect(try cast(.decimal("-1.9", 10, 2), .int) == "-1")
        #expect(try cast(.decimal("3000000000.7", 20, 2), .int) == "NULL")
        #expect(try cast(.decimal("300.5", 10, 2), .tinyint) == "NULL")
        #expect(try cast(.decimal("0.00", 10, 2), .boolean) == "false")
        #expect(try cast(.double(1.005), .decimal(precision: 10, scale: 2)) == "1.01")
        #expect(try cast(.int(12_345), .decimal(precision: 4, scale: 0)) == "NULL")
        #expect(
            try cast(Literal(type: .float, value: .real(Double(Float(0.1)))), .decimal(precision: 20, scale: 15))
                == "0.100000000000000")
        #expect(try cast(.decimal("123.456", 10, 3), .decimal(precision: 5, scale: 2)) == "123.46")
        #expect(try cast(.decimal("999.995", 10, 3), .decimal(precision: 5, scale: 2)) == "NULL")
        #expect(try cast(.boolean(true), .decimal(precision: 3, scale: 1)) == "1.0")
    }

    @Test func valuesPrintAsInHive() throws {
        #expect(try cast(.boolean(true), .string) == "TRUE")
        #expect(try cast(.decimal("1.10", 10, 2), .string) == "1.1")
        #expect(try cast(.decimal("100", 10, 2), .string) == "100")
        #expect(try cast(.decimal("1.50", 5, 2), .varchar(3)) == "1.5")
        #expect(try cast(.double(1e10), .string) == "1.0E10")
        #expect(try cast(Literal(type: .char(5), value: .string("ab   ")), .string) == "ab")
        #expect(try cast(.int(12_345), .char(3)) == "123")
        #expect(try cast(.timestamp("1970-01-01 00:00:01.75"), .string) == "1970-01-01 00:00:01.75")
        #expect(try cast(Literal(type: .array(.int), value: .array([.integer(1), .null])), .string) == "[1,null]")
    }

    @Test func timestampsAndNumbersConvert() throws {
        #expect(try cast(.int(1500), .timestamp) == "1970-01-01 00:00:01.5")
        #expect(try cast(.double(1.5), .timestamp) == "1970-01-01 00:00:01.5")
        #expect(try cast(.decimal("1.5", 2, 1), .timestamp) == "1970-01-01 00:00:01.5")
        #expect(try cast(.boolean(true), .timestamp) == "1970-01-01 00:00:00.001")
        #expect(try cast(.timestamp("1970-01-01 00:00:01.75"), .int) == "1")
        #expect(try cast(.timestamp("1969-12-31 23:59:59.25"), .bigint) == "-1")
        #expect(try cast(.timestamp("1970-01-01 00:00:01.75"), .double) == "1.75")
        #expect(try cast(.timestamp("1970-01-01 00:00:01.75"), .decimal(precision: 10, scale: 2)) == "1.75")
        #expect(try cast(.timestamp("2020-01-02 03:04:05"), .date) == "2020-01-02")
        #expect(try cast(.date("2020-01-02"), .timestamp) == "2020-01-02 00:00:00")
    }

    @Test func partsConvertOneByOne() throws {
        let array = Literal(type: .array(.string), value: .array([.string("1"), .string("x"), .null]))
        #expect(try cast(array, .array(.int)) == "[1,null,null]")
        let type = DataType.structure([Field("a", .int), Field("b", .map(key: .string, value: .int))])
        let value = Value.structure([.integer(1), .map([Value.MapEntry(.string("k"), .integer(2))])])
        let target = DataType.structure([Field("x", .string), Field("y", .map(key: .string, value: .double))])
        #expect(try cast(Literal(type: type, value: value), target) == #"{"x":"1","y":{"k":2.0}}"#)
    }

    @Test func impossibleCastsAreRefused() {
        #expect(throws: HoneyError.self) { try cast(.int(1), .date) }
        #expect(throws: HoneyError.self) { try cast(.date("2020-01-01"), .int) }
        #expect(throws: HoneyError.self) { try cast(.double(1), .binary) }
        #expect(throws: HoneyError.self) { try cast(.int(1), .array(.int)) }
        #expect(!DataType.int.isCastable(to: .date))
        #expect(DataType.array(.string).isCastable(to: .array(.int)))
    }

    @Test(arguments: [
        DataType.tinyint, .smallint, .int, .bigint, .float, .double, .decimal(precision: 12, scale: 3),
        .decimal(precision: 38, scale: 20), .date, .timestamp,
    ])
    func valuesSurviveATripThroughText(type: DataType) throws {
        var random = RandomColumns()
        for _ in 0..<20 {
            let column = random.column(type, 100)
            let text = try FunctionCall.cast(column, to: .string, count: 100)
            let back = try FunctionCall.cast(text, to: type, count: 100)
            for row in 0..<100 {
                #expect(
                    ComparisonTests.order(back.value(at: row), column.value(at: row)) == 0,
                    "\(column.value(at: row)) of \(type), seed \(random.seed)")
            }
        }
    }

    @Test func decimalsRescaleAlike() throws {
        var random = RandomColumns()
        for _ in 0..<100 {
            let p1 = random.number(1...38)
            let s1 = random.number(0...p1)
            let p2 = random.number(1...38)
            let s2 = random.number(0...p2)
            let column = random.column(.decimal(precision: p1, scale: s1), 50)
            let result = try FunctionCall.cast(column, to: .decimal(precision: p2, scale: s2), count: 50)
            for row in 0..<50 {
                // Text is the judge: print, and read with the new type.
                var expected = Value.null
                if case .decimal(let unscaled) = column.value(at: row) {
                    var sink = ByteSink()
                    DecimalText.append(unscaled, scale: s1, to: &sink)
                    expected =
                        sink.withBytes { DecimalText.parse($0, precision: p2, scale: s2) }.map { .decimal($0) } ?? .null
                }
                #expect(result.value(at: row) == expected, "\(column.type) to \(result.type), seed \(random.seed)")
            }
        }
    }
}
