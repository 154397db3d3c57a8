import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct LazySimpleTests {
    /// Reads one field as a type.
    static func read(_ text: String, _ type: String, _ properties: [String: String] = [:]) throws -> Value {
        let table = TextTable([TableColumn("a", DataType(name: type)!)], properties)
        let rows = try table.rows(text + "\n")
        try #require(rows.count == 1)
        return rows[0][0]
    }

    @Test(arguments: [
        ("1", 1), ("-1", -1), ("+1", 1), ("1.5", 1), ("1.", 1), (".5", 0), ("007", 7), ("-0", 0),
        ("12345678", 12_345_678),
        ("123456789", 123_456_789), ("-2147483648", -2_147_483_648), ("2147483647", 2_147_483_647),
        ("00000000000000000000012", 12),
    ]) func readsIntegers(_ text: String, _ value: Int64) throws {
        #expect(try Self.read(text, "int") == .integer(value))
        #expect(try Self.read(text, "bigint") == .integer(value))
    }

    @Test(arguments: [
        " 1", "1 ", "1e3", "0x10", "1.x", "", "-", "2147483648", "-2147483649", "99999999999999999999", "--1", "\\N",
    ])
    func badIntegersAreNull(_ text: String) throws {
        #expect(try Self.read(text, "int") == .null)
    }

    @Test func integersKeepTheirTypesRanges() throws {
        #expect(try Self.read("127", "tinyint") == .integer(127))
        #expect(try Self.read("128", "tinyint") == .null)
        #expect(try Self.read("-32768", "smallint") == .integer(-32768))
        #expect(try Self.read("40000", "smallint") == .null)
        #expect(try Self.read("9223372036854775807", "bigint") == .integer(.max))
        #expect(try Self.read("-9223372036854775808", "bigint") == .integer(.min))
        #expect(try Self.read("9223372036854775808", "bigint") == .null)
    }

    @Test(
        arguments: [
            ("1.005", 101), ("-1.005", -101), ("17", 1700), ("0.1", 10), (".5", 50), ("12345.67", 1_234_567),
            ("-0.00", 0),
            ("1e2", 10000), ("99999999.99", 9_999_999_999), ("104949.50", 10_494_950), ("0", 0), ("-12.3", -1230),
            ("+1.5", 150), ("000000000000001.25", 125), ("123456789012345.6", nil),
            ("1234567890123.67", 123_456_789_012_367),
            ("1.2.3", nil), ("1,5", nil), (" 1", nil), ("1 ", nil), ("", nil), (".", nil), ("-", nil), ("\\N", nil),
            ("abc", nil),
            ("9999999999999.994", 999_999_999_999_999), ("9999999999999.995", nil),
        ] as [(String, Int?)])
    func readsDecimals(_ text: String, _ unscaled: Int?) throws {
        let expected = unscaled.map { Value.decimal(Int128($0)) } ?? .null
        #expect(try Self.read(text, "decimal(15,2)") == expected)
        if unscaled != nil { #expect(try Self.read(text, "decimal(38,2)") == expected) }
    }

    @Test func decimalsKeepTheirPrecision() throws {
        #expect(try Self.read("999.99", "decimal(5,2)") == .decimal(99999))
        #expect(try Self.read("1000", "decimal(5,2)") == .null)
        #expect(try Self.read("1", "decimal(18,18)") == .null)
        #expect(try Self.read("0.000000000000000001", "decimal(18,18)") == .decimal(1))
        #expect(try Self.read("12345678", "decimal(38,30)") == .decimal(12_345_678 * DecimalMath.powerOfTen(30)))
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11016), ("2020-02-30", 18322), ("1996-03-13", 9568),
            ("2020-2-3", 18295), ("0001-01-01", -719162), ("9999-12-31", 2_932_896), ("1600-12-31", -134_775),
            ("2020-13-01", nil), ("2020-00-01", nil), ("2020-01-00", nil), ("2020-01-32", nil), (" 2020-01-01", nil),
            ("2020-01-01x", nil), ("2020/01/01", nil), ("202a-01-01", nil), ("", nil), ("\\N", nil),
        ] as [(String, Int32?)])
    func readsDates(_ text: String, _ days: Int32?) throws {
        #expect(try Self.read(text, "date") == days.map { .date($0) } ?? .null)
    }

    @Test func everyDateReadsBack() throws {
        let days = stride(from: -141_000, to: 100_000, by: 13)
        var sink = ByteSink()
        for day in days {
            DateText.append(Int32(day), to: &sink)
            sink.append(0x0A)
        }
        let rows = try TextTable([TableColumn("a", .date)]).rows(TextTable.file(sink.bytes))
        #expect(rows == days.map { [.date(Int32($0))] })
    }

    @Test func readsBooleansAndReals() throws {
        #expect(try Self.read("TRUE", "boolean") == .boolean(true))
        #expect(try Self.read("fAlse", "boolean") == .boolean(false))
        for text in ["t", "1", "yes", " true", ""] { #expect(try Self.read(text, "boolean") == .null) }
        let extended = ["hive.lazysimple.extended_boolean_literal": "true"]
        #expect(try Self.read("T", "boolean", extended) == .boolean(true))
        #expect(try Self.read("0", "boolean", extended) == .boolean(false))
        #expect(try Self.read(" 1.5 ", "double") == .real(1.5))
        #expect(try Self.read("1e400", "double") == .real(.infinity))
        #expect(try Self.read("inf", "double") == .null)
        #expect(try Self.read("0.1", "float") == .real(Double(Float(0.1))))
    }

    @Test func readsTimestampsByPattern() throws {
        let second: Int128 = 1_000_000_000
        #expect(try Self.read("1970-01-02 00:00:01.5", "timestamp") == .timestamp(86_401 * second + second / 2))
        #expect(try Self.read("1970-01-02", "timestamp") == .null)
        let formats = [
            "timestamp.formats": "yyyy-MM-dd'T'HH:mm:ss.SSS,yyyy-MM-dd'T'HH:mm:ss,dd/MMM/yyyy:HH:mm:ss Z,millis"
        ]
        #expect(
            try Self.read("1970-01-02T00:00:01.250", "timestamp", formats) == .timestamp(86_401 * second + second / 4))
        #expect(try Self.read("1970-01-02T00:00:01", "timestamp", formats) == .timestamp(86_401 * second))
        #expect(try Self.read("02/Jan/1970:02:00:01 +0200", "timestamp", formats) == .timestamp(86_401 * second))
        #expect(try Self.read("86401000", "timestamp", formats) == .timestamp(86_401 * second))
        #expect(try Self.read("1970-01-02 00:00:01", "timestamp", formats) == .timestamp(86_401 * second))
        #expect(try Self.read("nonsense", "timestamp", formats) == .null)
    }

    @Test func readsBinaryAsBase64WhereItCanBe() throws {
        #expect(try Self.read("PNY=", "binary") == .binary([0x3C, 0xD6]))
        #expect(try Self.read("abc", "binary") == .binary([0x69, 0xB7]))
        #expect(try Self.read("a!c", "binary") == .binary(Array("a!c".utf8)))
        #expect(try Self.read("", "binary") == .binary([]))
    }

    @Test func cutsAndPadsCharactersByCodePoints() throws {
        #expect(try Self.read("äöü€x", "varchar(4)") == .string("äöü€"))
        #expect(try Self.read("äö", "char(4)") == .string("äö  "))
        #expect(try Self.read("äöüxyz", "char(4)") == .string("äöüx"))
        let escaped = ["escape.delim": "\\"]
        #expect(try Self.read("a\\\\b\\nc", "varchar(4)", escaped) == .string("a\\b\n"))
        #expect(try Self.read("\\\\x", "char(4)", escaped) == .string("\\x  "))
    }

    @Test func stringsOfEveryLengthAreWhole() throws {
        let texts = (0..<70).map { String(repeating: "x", count: $0) + "é" }
        let rows = try TextTable([TableColumn("a", .string)]).rows(texts.joined(separator: "\n"))
        #expect(rows == texts.map { [.string($0)] })
    }

    @Test func readsNestedTypes() throws {
        let type = "array<struct<a:int,b:map<string,array<int>>>>"
        let text = "1\u{3}q\u{5}\\N\u{4}p\u{5}9\u{6}8"
        #expect(
            try Self.read(text, type)
                == .array([
                    .structure([
                        .integer(1),
                        .map([
                            Value.MapEntry(.string("q"), .null),
                            Value.MapEntry(.string("p"), .array([.integer(9), .integer(8)])),
                        ]),
                    ])
                ]))
        #expect(try Self.read("", "array<int>") == .array([]))
        #expect(try Self.read("1\u{2}\u{2}", "array<int>") == .array([.integer(1), .null, .null]))
        #expect(try Self.read("\\N", "array<int>") == .null)
        #expect(try Self.read("", "struct<a:int,b:string>") == .structure([.null, .null]))
        #expect(try Self.read("1\u{2}x\u{2}y", "struct<a:int,b:string>") == .structure([.integer(1), .string("x")]))
        let rest = ["serialization.last.column.takes.rest": "true"]
        #expect(
            try Self.read("1\u{2}x\u{2}y", "struct<a:int,b:string>", rest)
                == .structure([.integer(1), .string("x\u{2}y")]))
    }

    @Test func dropsMapKeysThatAreNullOrRepeated() throws {
        #expect(
            try Self.read("a\u{3}1\u{2}a\u{3}2\u{2}b\u{2}\\N\u{3}4\u{2}c\u{3}5\u{3}6", "map<string,string>")
                == .map([
                    Value.MapEntry(.string("a"), .string("1")), Value.MapEntry(.string("b"), .null),
                    Value.MapEntry(.string("c"), .string("5\u{3}6")),
                ]))
        #expect(
            try Self.read("1\u{3}x\u{2}01\u{3}y\u{2}z\u{3}w", "map<int,string>")
                == .map([
                    Value.MapEntry(.integer(1), .string("x"))
                ]))
        let many = (0..<20).map { "\($0 % 12)\u{3}\($0)" }.joined(separator: "\u{2}")
        #expect(
            try Self.read(many, "map<int,int>") == .map((0..<12).map { Value.MapEntry(.integer($0), .integer($0)) }))
        #expect(try Self.read("", "map<int,int>") == .map([]))
    }

    @Test func separatorsAreNumbersOrFirstCharacters() throws {
        let columns = [TableColumn("a", .string), TableColumn("b", .string), TableColumn("c", .string)]
        func fields(_ text: String, _ delimiter: String) throws -> [Value] {
            try TextTable(columns, ["field.delim": delimiter]).rows(text)[0]
        }
        #expect(try fields("x\ty", "9") == [.string("x"), .string("y"), .null])
        #expect(try fields("x9y", "57") == [.string("x"), .string("y"), .null])
        #expect(try fields("x||y", "||") == [.string("x"), .string(""), .string("y")])
        #expect(
            try TextTable(columns, ["serialization.format": "44"]).rows("x,y")[0] == [
                .string("x"), .string("y"), .null,
            ])
    }

    @Test func missingFieldsAreNullAndExtraOnesDropped() throws {
        var table = TextTable([TableColumn("a", .int), TableColumn("b", .string)], ["field.delim": ","])
        #expect(
            try table.rows("1\n1,x,y\n\n,") == [
                [.integer(1), .null], [.integer(1), .string("x")], [.null, .null], [.null, .string("")],
            ])
        table.properties["serialization.last.column.takes.rest"] = "true"
        #expect(try table.rows("1,x,y,\n2") == [[.integer(1), .string("x,y,")], [.integer(2), .null]])
    }

    @Test func nullSequencesThatLookLikeValuesAreNull() throws {
        for (null, text, type) in [
            ("0", "0", "int"), ("-1", "-1", "bigint"), ("1.50", "1.50", "decimal(9,2)"),
            ("1970-01-01", "1970-01-01", "date"),
            ("a null sequence", "a null sequence", "string"), ("", "", "string"),
            ("1234567890", "1234567890", "bigint"),
        ] {
            let properties = ["serialization.null.format": null]
            #expect(try Self.read(text, type, properties) == .null, "\(null) as \(type)")
        }
        #expect(
            try Self.read("a null sequencf", "string", ["serialization.null.format": "a null sequence"])
                == .string("a null sequencf"))
        #expect(try Self.read("10", "int", ["serialization.null.format": "0"]) == .integer(10))
    }

    @Test func escapedSeparatorsDoNotSeparate() throws {
        let table = TextTable(
            [TableColumn("a", .string), TableColumn("b", .string), TableColumn("c", .array(.string))],
            ["field.delim": ",", "escape.delim": "\\", "collection.delim": ";"])
        #expect(
            try table.rows("x\\,y,z\\\\,p\\;q;r\n\\\\\\,,\\,\\,,\nx\\") == [
                [.string("x,y"), .string("z\\"), .array([.string("p;q"), .string("r")])],
                [.string("\\,"), .string(",,"), .array([])], [.string("x\\"), .null, .null],
            ])
    }

    @Test func typesThatNestTooDeepAreRefused() throws {
        var type = DataType.int
        for _ in 0..<8 { type = .array(type) }
        let table = TextTable([TableColumn("a", type)])
        let error = #expect(throws: HoneyError.self) { try table.rows("1") }
        #expect(error?.code == "NESTING_TOO_DEEP")
        let written = #expect(throws: HoneyError.self) { try table.written([[.null]]) }
        #expect(written?.code == "NESTING_TOO_DEEP")
        let deeper = TextTable([TableColumn("a", type)], ["hive.serialization.extend.nesting.levels": "true"])
        #expect(try deeper.rows("\\N") == [[.null]])
    }

    @Test func otherSerDesReadLinesAsRecords() throws {
        var table = TextTable([TableColumn("a", .string)])
        table.serde = "no.such.SerDe"
        let error = #expect(throws: HoneyError.self) { try table.rows("x") }
        #expect(error?.code == "UNKNOWN_FORMAT")
    }
}
