import FormatContracts
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyStorage
import Testing

/// Hive's JSON SerDe: what it reads, what it refuses, and the bytes it writes.
struct JSONTests {
    static let hive = "org.apache.hadoop.hive.serde2.JsonSerDe"
    static let openX = "org.openx.data.jsonserde.JsonSerDe"

    static func table(_ columns: KeyValuePairs<String, String>, _ properties: [String: String] = [:]) -> TextTable {
        TextTable(columns.map { TableColumn($0.key, DataType(name: $0.value)!) }, properties, serde: hive)
    }

    @Test func fieldsAreFoundByName() throws {
        let table = Self.table(["id": "int", "name": "string", "größe": "int"])
        #expect(
            try table.rows(
                """
                {"id":1,"name":"a","größe":3}
                 { "NAME" : "b" , "other":{"x":[1,{"id":7}]}, "Id" : 2, "GRÖSSE":9, "GRÖßE":4 }\t
                {"n\\u0061me":"c","_col0":3}
                {}
                {"id":null,"id":5,"name":"x","name":null} trailing
                {"id":6,"name":"longer than twelve bytes"}
                """)
                == [
                    [.integer(1), .string("a"), .integer(3)], [.integer(2), .string("b"), .integer(4)],
                    [.integer(3), .string("c"), .null], [.null, .null, .null], [.integer(5), .null, .null],
                    [.integer(6), .string("longer than twelve bytes"), .null],
                ])
    }

    @Test(
        arguments: [
            ("int", "12", .integer(12)), ("int", "\"12\"", .integer(12)), ("int", "-1.9", .integer(-1)),
            ("bigint", "-9223372036854775808", .integer(.min)), ("int", "1e3", .integer(1000)),
            ("tinyint", "-128", .integer(-128)), ("double", "1E-2", .real(0.01)), ("double", "\"NaN\"", .string("NaN")),
            ("float", "1.5", .real(1.5)), ("decimal(5,2)", "1.005", .decimal(101)),
            ("decimal(5,2)", "\"-1e1\"", .decimal(-1000)), ("decimal(5,2)", "123456", .null),
            ("decimal(5,2)", "\"x\"", .null), ("boolean", "true", .boolean(true)),
            ("boolean", "\"TRUE\"", .boolean(true)),
            ("boolean", "\"yes\"", .boolean(false)), ("boolean", "0", .boolean(false)),
            ("boolean", "2", .boolean(true)),
            ("string", "\"a\\n\\u00e9\\ud83d\\ude00\\/\\\"\"", .string("a\né😀/\"")),
            ("string", "\"\\ud83d\\u0041\"", .string("\u{FFFD}A")), ("string", "1.50", .string("1.50")),
            ("string", "true", .string("true")), ("string", "{\"a\": [1]}", .string("{\"a\": [1]}")),
            ("string", "\"\"", .string("")), ("string", "null", .null), ("varchar(2)", "\"é漢字\"", .string("é漢")),
            ("char(3)", "\"é\"", .string("é  ")), ("date", "\"2020-01-02\"", .date(18263)),
            ("date", "\"2020-01-02 03:04:05\"", .date(18263)),
            ("timestamp", "\"1970-01-02 00:00:00.5\"", .timestamp(86_400_500_000_000)),
            ("timestamp", "\"1970-01-02T00:00:01Z\"", .timestamp(86_401_000_000_000)),
            ("timestamp", "\"1970-01-02T01:00:00+01:00\"", .timestamp(86_400_000_000_000)),
            ("timestamp", "\"1970-01-02\"", .timestamp(86_400_000_000_000)),
            ("binary", "\"AQID\"", .binary([1, 2, 3])),
            ("array<int>", "[1, null ,3]", .array([.integer(1), .null, .integer(3)])),
            ("array<int>", "[ ]", .array([])),
            (
                "map<string,int>", "{\"a\":1,\"b\":null,\"a\":2}",
                .map([.init(.string("a"), .integer(2)), .init(.string("b"), .null)])
            ),
            ("map<int,array<string>>", "{\"1\":[\"x\"]}", .map([.init(.integer(1), .array([.string("x")]))])),
            (
                "struct<a:int,b:struct<c:string>>", "{\"B\":{\"c\":\"x\",\"d\":0}}",
                .structure([.null, .structure([.string("x")])])
            ), ("struct<a:int>", "null", .null),
            ("array<struct<a:int>>", "[{\"a\":1},{}]", .array([.structure([.integer(1)]), .structure([.null])])),
        ] as [(String, String, Value)])
    func valuesBecomeTheirTypes(_ type: String, _ json: String, _ value: Value) throws {
        let found = try Self.table(["a": type]).rows("{\"a\":\(json)}")[0][0]
        if value == .string("NaN"), type == "double", case .real(let real) = found {
            #expect(real.isNaN)
        } else {
            #expect(found == value, "\(type) of \(json)")
        }
    }

    @Test(
        arguments: [
            ("int", "\"x\""), ("int", "{}"), ("int", "[1]"), ("int", "2147483648"), ("tinyint", "128"), ("int", "true"),
            ("bigint", "9223372036854775808"), ("double", "\"x\""), ("date", "\"2020-13-01\""), ("date", "5"),
            ("timestamp", "12"), ("array<int>", "1"), ("array<int>", "{}"), ("map<string,int>", "[]"),
            ("struct<a:int>", "[1]"), ("binary", "\"é\""), ("boolean", "{}"), ("decimal(5,2)", "[]"),
        ])
    func valuesOfOtherTypesAreDamage(_ type: String, _ json: String) throws {
        let text = "{\"a\":null}\n{\"a\": \(json)}"
        let error = #expect(throws: HoneyError.self) { try Self.table(["a": type]).rows(text) }
        #expect(error?.code == "FILE_DAMAGED")
        #expect(error?.file?.offset == 17)
    }

    @Test(
        arguments: [
            ("", 0), ("x", 0), ("[1]", 0), ("{", 1), ("{\"a\"", 4), ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{\"a\":1", 6),
            ("{\"a\":1,}", 7), ("{\"a\":1 \"b\":2}", 7), ("{a:1}", 1), ("{'a':1}", 1), ("{\"a\":01}", 7),
            ("{\"a\":1.}", 7), ("{\"a\":-}", 6), ("{\"a\":1e}", 7), ("{\"a\":+1}", 5), ("{\"a\":tru}", 5),
            ("{\"a\":\"x}", 5), ("{\"a\":\"\\x\"}", 6), ("{\"a\":\"\\u12g4\"}", 6), ("{\"a\":\"\t\"}", 6),
            ("{\"b\":[1 2]}", 8),
            ("{\"b\":{\"c\":[}]}", 11), ("{\"b\":nul}", 5),
        ] as [(String, Int)])
    func malformedLinesAreErrorsWithTheirPlace(_ line: String, _ offset: Int) throws {
        let table = Self.table(["a": "int"])
        let error = #expect(throws: HoneyError.self) { try table.rows("{\"a\":1}\n" + line + "\n{}") }
        #expect(error?.code == "FILE_DAMAGED")
        #expect(error?.file?.offset == 8 + offset, "\(line): \(error.map { "\($0)" } ?? "")")
    }

    @Test func nestingHasALimit() throws {
        let table = Self.table(["a": "string"])
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(try table.rows("{\"a\":\(deep)}") == [[.string(deep)]])
        let tooDeep = String(repeating: "[", count: 100_000)
        #expect(throws: HoneyError.self) { try table.rows("{\"a\":\(tooDeep)}") }
    }

    @Test func propertiesOfHiveApply() throws {
        let empty = Self.table(["a": "int"], ["text.null.empty.line": "true"])
        #expect(try empty.rows("{\"a\":1}\n\n{\"a\":2}") == [[.integer(1)], [.null], [.integer(2)]])
        let strict = Self.table(["a": "int"], ["text.ignore.extra.fields": "false"])
        #expect(throws: HoneyError.self) { try strict.rows("{\"b\":1}") }
        #expect(try strict.rows("{\"a\":1}") == [[.integer(1)]])
        let raw = Self.table(["a": "binary"], ["json.binary.format": "rawstring"])
        #expect(try raw.rows("{\"a\":\"AQ==\"}") == [[.binary(Array("AQ==".utf8))]])
        #expect(try raw.encoded([[.binary(Array("AQ==".utf8))]]) == ["{\"a\":\"AQ==\"}"])
        let formats = Self.table(["a": "timestamp"], ["timestamp.formats": "millis,dd.MM.yyyy"])
        #expect(
            try formats.rows("{\"a\":1500}\n{\"a\":\"02.01.1970\"}") == [
                [.timestamp(1_500_000_000)], [.timestamp(86_400_000_000_000)],
            ])
    }

    @Test func writesAsHiveDoes() throws {
        let table = Self.table([
            "i": "int", "d": "double", "n": "decimal(10,4)", "s": "string", "c": "char(3)", "b": "binary",
            "t": "timestamp", "y": "date", "f": "boolean", "a": "array<string>", "m": "map<int,double>",
            "r": "struct<x:int,y:string>", "z": "float",
        ])
        let row: [Value] = [
            .integer(-7), .real(1e10), .decimal(15000), .string("é\"\\\n\u{1}\u{1F}/"), .string("ab"),
            .binary([0x3C, 0xD6]), .timestamp(86_400_500_000_000), .date(0), .boolean(true),
            .array([.string("x"), .null]), .map([.init(.integer(1), .real(0.5))]),
            .structure([.null, .string("")]), .real(.infinity),
        ]
        #expect(
            try table.encoded([row]) == [
                #"{"i":-7,"d":1.0E10,"n":1.5,"s":"é\"\\\n\u0001\u001F/","c":"ab ","b":"PNY=","t":"1970-01-02 00:00:00.5","#
                    + #""y":"1970-01-01","f":true,"a":["x",null],"m":{"1":0.5},"r":{"x":null,"y":""},"z":"Infinity"}"#
            ])
        #expect(try table.encoded([row.map { _ in .null }])[0].hasPrefix("{\"i\":null,\"d\":null,"))
    }

    @Test func bytesThatAreNotUTF8Stay() throws {
        let line: [UInt8] = Array("{\"a\":\"".utf8) + [0xFF, 0xC3] + Array("\"}".utf8)
        let batch = try Self.table(["a": "string"]).batches(TextTable.file(line))[0]
        #expect(Array(batch.columns[0].bytes(at: 0)) == [0xFF, 0xC3])
    }

    @Test func filtersAndProjectionsApply() throws {
        let table = Self.table(["a": "int", "b": "string", "c": "array<int>"])
        let text = (0..<5000).map { "{\"c\":[\($0)],\"b\":\"value number \($0)\",\"a\":\($0)}" }.joined(separator: "\n")
        let file = try TextTable.file(Array(text.utf8))
        let filter = ValueFilter([1]) { $0[0] == .integer(4321) }
        #expect(
            try table.rows(file, projection: [2, 0, 1], filters: [filter]) == [
                [.array([.integer(4321)]), .integer(4321), .string("value number 4321")]
            ])
        #expect(try table.rows(file, projection: []).count == 5000)
    }

    @Test func storedAsJSONFileIsText() throws {
        let catalog = StorageCatalog.standard(codecs: .standard)
        let format = try #require(catalog.formats.first { $0.keyword == "JSONFILE" })
        #expect(format.defaultSerDe == Self.hive)
        #expect(try catalog.format(inputFormat: format.inputFormats[0]).keyword == "TEXTFILE")
        let table = FileTable([TableColumn("a", .int)], format: format)
        #expect(try table.rows(table.written([[.integer(1)]])) == [[.integer(1)]])
    }

    @Test func rowOffsetsAreKnown() throws {
        var table = Self.table(["a": "int"])
        table.columns.append(TableColumn.rowOffset)
        #expect(try table.rows("{\"a\":1}\n{\"a\":2}\n") == [[.integer(1), .integer(0)], [.integer(2), .integer(8)]])
    }
}
