import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct MultiDelimitTests {
    static let serde = "org.apache.hadoop.hive.serde2.MultiDelimitSerDe"

    static func table(_ types: String..., properties: [String: String]) -> TextTable {
        TextTable(
            types.enumerated().map { TableColumn("c\($0.offset)", DataType(name: $0.element)!) }, properties,
            serde: serde)
    }

    @Test func fieldsEndWithSeveralCharacters() throws {
        let table = Self.table("int", "string", "string", properties: ["field.delim": "^,"])
        #expect(
            try table.rows("1^,a^b,c^,\n2^,\\N^,x^,too much\n3\n\n^,^,^") == [
                [.integer(1), .string("a^b,c"), .string("")], [.integer(2), .null, .string("x")],
                [.integer(3), .null, .null], [.null, .null, .null], [.null, .string(""), .string("^")],
            ])
    }

    @Test func membersHaveSingleSeparators() throws {
        let table = Self.table(
            "map<int,string>", "array<double>", "binary",
            properties: ["field.delim": "||", "collection.delim": ",", "mapkey.delim": ":"])
        let row: [Value] = [
            .map([Value.MapEntry(.integer(1), .string("a")), Value.MapEntry(.integer(2), .null)]),
            .array([.real(1), .real(-0.5)]), .binary([0xC3, 0xA9, 0x01]),
        ]
        #expect(try table.encoded([row]) == ["1:a,2:\\N||1.0,-0.5||é\u{1}"])
        #expect(try table.rows(TextTable.file(table.written([row]).bytes)) == [row])
    }

    @Test func whatIsWrittenReadsBack() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var values = RandomValues(seed)
        let columns = HiveFixture.columns.filter { $0.type != .binary }
        let rows = (0..<200).map { _ in columns.map { values.next($0.type) } }
        let table = TextTable(
            columns, ["field.delim": "~漢~", "escape.delim": "\\", "serialization.escape.crlf": "true"],
            serde: Self.serde)
        let found = try table.rows(TextTable.file(table.written(rows).bytes))
        #expect(found == rows, "seed \(seed)")
    }

    @Test func delimiterIsNeeded() {
        #expect(throws: HoneyError.self) { try Self.table("int", properties: [:]).rows("1") }
    }
}
