import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct RoundTripTests {
    static let properties: [[String: String]] = [
        ["escape.delim": "\\", "serialization.escape.crlf": "true"],
        [
            "field.delim": "|", "escape.delim": "\\", "serialization.escape.crlf": "true", "collection.delim": ",",
            "mapkey.delim": ":",
        ],
        [
            "field.delim": "\t", "escape.delim": "^", "serialization.escape.crlf": "true",
            "serialization.null.format": "NULL",
        ],
    ]

    @Test(arguments: properties) func whatIsWrittenReadsBack(_ properties: [String: String]) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var values = RandomValues(seed)
        let columns = HiveFixture.columns.filter { $0.type != .binary || properties["escape.delim"] != nil }
        let rows = (0..<400).map { _ in columns.map { values.next($0.type) } }
        let table = TextTable(columns, properties)
        let written = try table.written(rows)
        let read = try table.rows(TextTable.file(written.bytes))
        #expect(read.count == rows.count, "seed \(seed)")
        for (row, (expected, actual)) in zip(rows, read).enumerated() {
            for (index, column) in columns.enumerated() {
                #expect(actual[index] == expected[index], "seed \(seed), row \(row), column \(column.name)")
            }
        }
    }

    @Test func compressedFilesReadBack() throws {
        var values = RandomValues(7)
        let rows = (0..<300).map { _ in [values.next(.int), values.next(.double)] }
        var table = TextTable([TableColumn("a", .int), TableColumn("b", .double)])
        for (codec, suffix) in [("GzipCodec", ".gz"), ("DefaultCodec", ".deflate")] {
            table.settings = [
                "hive.exec.compress.output": "true",
                "mapred.output.compression.codec": "org.apache.hadoop.io.compress.\(codec)",
            ]
            let written = try table.written(rows)
            #expect(written.name == "out" + suffix)
            #expect(try table.rows(TextTable.file(written.bytes, name: written.name)) == rows)
        }
    }

    @Test func writesAsHiveDoes() throws {
        let types = [
            "int", "double", "float", "decimal(38,4)", "char(4)", "binary", "timestamp", "date", "boolean",
            "array<int>",
            "map<string,int>", "struct<a:int,b:string>", "string",
        ]
        let columns = types.enumerated().map { TableColumn("c\($0.offset)", DataType(name: $0.element)!) }
        let row: [Value] = [
            .integer(-7), .real(1e10), .real(0.5), .decimal(-10000), .string("ab"), .binary([0x3C, 0xD6]),
            .timestamp(86_400_500_000_000), .date(0), .boolean(true), .array([.integer(1), .null]),
            .map([Value.MapEntry(.string("k"), .integer(5))]), .structure([.null, .string("x|y")]), .string("a\\|\n"),
        ]
        let table = TextTable(columns, ["field.delim": "|", "escape.delim": "\\"])
        let text = String(decoding: try table.written([row, columns.map { _ in .null }]).bytes, as: UTF8.self)
        #expect(
            text
                == "-7|1.0E10|0.5|-1.0000|ab  |PNY=|1970-01-02 00:00:00.5|1970-01-01|true|1\u{2}\\N|k\u{3}5|\\N\u{2}x\\|y|a\\\\\\|\n\n"
                + columns.map { _ in "\\N" }.joined(separator: "|") + "\n")
    }

    @Test func writesExtremes() throws {
        let wide = DataType.decimal(precision: 18, scale: 18)
        let cases: [(DataType, Value, String)] = [
            (.bigint, .integer(.min), "-9223372036854775808"), (.bigint, .integer(.max), "9223372036854775807"),
            (.bigint, .integer(999), "999"), (.bigint, .integer(1000), "1000"), (.int, .integer(0), "0"),
            (.tinyint, .integer(-128), "-128"), (.smallint, .integer(32767), "32767"),
            (wide, .decimal(-1), "-0.000000000000000001"),
            (wide, .decimal(999_999_999_999_999_999), "0.999999999999999999"),
            (.decimal(precision: 18, scale: 0), .decimal(-999_999_999_999_999_999), "-999999999999999999"),
            (.decimal(precision: 5, scale: 1), .decimal(-5), "-0.5"), (.date, .date(-719_162), "0001-01-01"),
            (.date, .date(2_932_897), "10000-01-01"), (.boolean, .boolean(false), "false"),
        ]
        for (type, value, text) in cases {
            let bytes = try TextTable([TableColumn("a", type)]).written([[value]]).bytes
            #expect(String(decoding: bytes, as: UTF8.self) == text + "\n")
        }
    }

    @Test func writesSelectedRowsOfConstantsToo() throws {
        let encoder = try LazySimpleSerDe().makeEncoder(
            for: WriteRequest(
                columns: [TableColumn("a", .int), TableColumn("b", .string)],
                serde: SerDeInfo(library: LazySimpleSerDe().names[0], properties: ["field.delim": ","])))
        let selection = Selection(capacity: 2) { indices in
            indices[0] = 1
            indices[1] = 3
            return 2
        }
        let columns = [
            Column.of(.int, (0..<4).map { .integer($0) }), Column.constant(.string("x"), type: .string, count: 4),
        ]
        var records: [String] = []
        try encoder.encode(Batch(columns: columns, count: 4, selection: selection)) {
            records.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(records == ["1,x", "3,x"])
    }

    @Test func latin1ReadsBack() throws {
        let table = TextTable([TableColumn("a", .string)], ["serialization.encoding": "ISO-8859-1"])
        let written = try table.written([[.string("grün")], [.string("€")]])
        #expect(written.bytes == Array("gr".utf8) + [0xFC, 0x6E, 0x0A, 0x3F, 0x0A])
        #expect(try table.rows(TextTable.file(written.bytes)) == [[.string("grün")], [.string("?")]])
    }

    /// Damaged text is other values or nulls, but never a crash.
    @Test func mutatedTextIsReadSomehow() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed)
        let tables = [
            ("text_default", [:]), ("text_escaped", ["escape.delim": "\\"]), ("text_tab", HiveTextTests.tab),
            ("text_latin1", ["serialization.encoding": "ISO-8859-1"]),
        ]
        for (name, properties) in tables {
            let table = TextTable(HiveFixture.columns, properties)
            let bytes = Array(try HiveFixture.data(name, "part-00000").prefix(20_000))
            for _ in 0..<15 {
                var mutated = bytes
                for _ in 0..<Int.random(in: 1...200, using: &random) {
                    let at = Int.random(in: 0..<mutated.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: mutated[at] = UInt8.random(in: 0...255, using: &random)
                    case 1:
                        mutated[at] = [1, 2, 3, 0x09, 0x0A, 0x0D, 0x5C, 0x2C, 0x2D, 0x2E].randomElement(using: &random)!
                    default: mutated.remove(at: at)
                    }
                }
                let rows = try table.rows(TextTable.file(mutated))
                #expect(rows.count == LineTests.lines(mutated).count, "seed \(seed)")
            }
        }
    }
}

/// Makes random values that survive being text.
struct RandomValues {
    private var random: SeededRandom

    init(_ seed: UInt64) { random = SeededRandom(seed) }

    private mutating func int(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    private mutating func text(_ limit: Int) -> String {
        let alphabet = Array("abcXYZ019 ,;:|\t\n\r\\^\u{1}\u{2}\u{3}\u{4}é€😀\"N")
        return String(
            (0..<Int.random(in: 0...limit, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
    }

    mutating func next(_ type: DataType, isMember: Bool = false) -> Value {
        if int(0...9) == 0 { return .null }
        switch type {
        case .boolean: return .boolean(int(0...1) == 1)
        case .tinyint: return .integer(int(-128...127))
        case .smallint: return .integer(int(-32768...32767))
        case .int: return .integer(int(Int64(Int32.min)...Int64(Int32.max)) >> int(0...30))
        case .bigint: return .integer(int(Int64.min...Int64.max) >> int(0...62))
        case .float: return .real(Double(Float(bitPattern: UInt32(int(0...0x7F00_0000)))))
        case .double: return .real(Double(bitPattern: UInt64(int(0...0x7FE0_0000_0000_0000))))
        case .decimal(let precision, _):
            let digits = Int(int(1...Int64(precision)))
            let limit = DecimalMath.powerOfTen(digits) - 1
            return .decimal(Int128.random(in: -limit...limit, using: &random))
        case .string: return .string(text(isMember ? 20 : 40))
        case .varchar(let length): return .string(String(text(length).unicodeScalars.prefix(length)))
        case .char(let length):
            let text = String(text(length).unicodeScalars.prefix(length))
            return .string(text + String(repeating: " ", count: length - text.unicodeScalars.count))
        case .binary: return .binary((0..<int(0...20)).map { _ in UInt8(int(0...255)) })
        case .date: return .date(Int32(int(-700_000...2_900_000)))
        case .timestamp:
            return .timestamp(
                Int128(int(-60_000_000_000...200_000_000_000)) * 1_000_000_000 + Int128(int(0...999_999_999)))
        case .array(let element):
            // One null or one empty item cannot be told from null or from no items.
            let count = int(0...1) == 0 ? 0 : int(2...5)
            return .array((0..<count).map { _ in next(element, isMember: true) })
        case .map(let key, let value):
            var keys = Set<Value>()
            for _ in 0..<int(0...4) { keys.insert(next(key, isMember: true)) }
            keys.remove(.null)
            return .map(keys.map { Value.MapEntry($0, next(value, isMember: true)) })
        case .structure(let fields): return .structure(fields.map { next($0.type, isMember: true) })
        default: return .null
        }
    }
}
