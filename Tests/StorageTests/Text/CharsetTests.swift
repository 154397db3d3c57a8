import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct CharsetTests {
    static let text = "漢字"

    @Test(
        arguments: [
            ("GBK", "漢字", [0x9D, 0x68, 0xD7, 0xD6]), ("gb18030", "字€", [0xD7, 0xD6, 0xA2, 0xE3]),
            ("Shift_JIS", "漢ソ", [0x8A, 0xBF, 0x83, 0x5C]), ("SJIS", "ｱ", [0xB1]), ("EUC-JP", "漢", [0xB4, 0xC1]),
            ("EUC-KR", "한", [0xC7, 0xD1]), ("Big5", "功", [0xA5, 0x5C]), ("windows-1252", "€", [0x80]),
            ("ISO-8859-1", "é", [0xE9]), ("ISO-8859-15", "€", [0xA4]), ("windows-1251", "Ж", [0xC6]),
            ("KOI8-R", "Ж", [0xF6]), ("MS932", "①", [0x87, 0x40]), ("US-ASCII", "a", [0x61]),
        ] as [(String, String, [UInt8])])
    func textIsInTheTablesCharset(_ charset: String, _ text: String, _ bytes: [UInt8]) throws {
        let columns = [TableColumn("a", .string), TableColumn("b", .int)]
        let properties = ["serialization.encoding": charset, "field.delim": "|"]
        var table = TextTable(columns, properties)
        let rows: [[Value]] = [[.string(text), .integer(1)]]
        #expect(try table.rows(TextTable.file(bytes + [0x7C, 0x31, 0x0A])) == rows)
        #expect(try table.written(rows).bytes == bytes + [0x7C, 0x31, 0x0A])
        for serde in [CSVTests.serde, JSONTests.hive, JSONTests.openX, MultiDelimitTests.serde] {
            table.serde = serde
            let found = try table.rows(TextTable.file(table.written(rows).bytes))
            #expect(found == rows, "\(serde)")
        }
    }

    @Test func whatACharsetLacksIsReplaced() throws {
        let table = TextTable([TableColumn("a", .string)], ["serialization.encoding": "EUC-KR"])
        #expect(try table.rows(TextTable.file([0x61, 0xFF, 0x62])) == [[.string("a\u{FFFD}b")]])
        #expect(try table.rows(TextTable.file([0x61, 0xC7])) == [[.string("a\u{FFFD}")]])
        #expect(try table.written([[.string("a😀é한")]]).bytes == [0x61, 0x3F, 0x3F, 0xC7, 0xD1, 0x0A])
        let long = String(repeating: "한", count: 5000)
        #expect(try table.rows(TextTable.file(table.written([[.string(long)]]).bytes)) == [[.string(long)]])
    }

    @Test(arguments: ["UTF-16", "utf-32le", "no-such-charset"]) func othersAreRefused(_ name: String) {
        let table = TextTable([TableColumn("a", .string)], ["serialization.encoding": name])
        #expect(throws: HoneyError.self) { try table.rows("a") }
    }
}
