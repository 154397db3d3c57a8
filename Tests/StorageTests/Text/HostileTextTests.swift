import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// Bytes that nobody wrote give rows or errors with their place, whatever the SerDe.
struct HostileTextTests {
    static let tables: [(name: String, table: TextTable)] = {
        let types = [
            "int", "string", "array<string>", "map<string,int>", "struct<a:int,b:array<timestamp>>", "decimal(5,2)",
        ]
        let nested = types.enumerated().map {
            TableColumn("abcdef".map { "\($0)" }[$0.offset], DataType(name: $0.element)!)
        }
        let flat = nested.map { TableColumn($0.name, $0.type.isComplex ? .string : $0.type) }
        let csv = ["separatorChar": ":", "quoteChar": "\"", "escapeChar": "\\"]
        return [
            ("json", TextTable(nested, serde: JSONTests.hive)), ("openx", TextTable(nested, serde: JSONTests.openX)),
            ("openx without errors", TextTable(nested, ["ignore.malformed.json": "true"], serde: JSONTests.openX)),
            ("csv", TextTable(flat, csv, serde: CSVTests.serde)),
            ("wide csv", TextTable(flat, ["separatorChar": "é"], serde: CSVTests.serde)),
            ("multidelimit", TextTable(nested, ["field.delim": "[]"], serde: MultiDelimitTests.serde)),
            ("regex", TextTable(flat, ["input.regex": "(.)(.*?)(:|\")?(,*)(.)?(.*)"], serde: RegexTests.serde)),
            ("gbk", TextTable(nested, ["serialization.encoding": "GBK", "field.delim": ","])),
        ]
    }()

    static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "'", "a", "\"a\":", "\"c\":[", "\"d\":{", "\"e\":{\"b\":[",
            "null",
            "true", "1", "-", "1e9", "99999999999999999999", "\\u12", "\\ud83d\\u", "é", "漢", "😀", " ", "\t", ";", "=>",
            "{\"a\":1,", "\"b\":\"xyz\\n\"}", "0x", "\u{0}", "\u{1}",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE6, 0xBC], [0x80]]

    @Test(arguments: 0..<8) func nothingCrashes(_ index: Int) throws {
        let (name, table) = Self.tables[index]
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed)
        for _ in 0..<(200 * FormatContract.scale) {
            var line = (0..<Int.random(in: 0...20, using: &random)).flatMap { _ in
                Self.pieces.randomElement(using: &random)!
            }
            if Bool.random(using: &random) { line = Array("{\"a\":1,\"b\":".utf8) + line }
            do {
                let rows = try table.rows(TextTable.file(line + [0x0A] + line))
                #expect(rows.count == (line.isEmpty ? 1 : 2), "\(name), seed \(seed)")
            } catch let error as HoneyError {
                #expect(error.code == "FILE_DAMAGED" && error.file != nil, "\(name), seed \(seed): \(error)")
                #expect(name != "openx without errors", "seed \(seed): \(error)")
            }
        }
    }
}
