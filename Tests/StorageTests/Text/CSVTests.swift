import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// CSV must be read and written character for character as Hive's OpenCSVSerde does.
struct CSVTests {
    static let serde = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    static let configurations: [[String: String]] = [
        [:], ["separatorChar": ";", "quoteChar": "'", "escapeChar": "\\"],
        ["separatorChar": "\t", "quoteChar": "|", "escapeChar": "^"],
        ["separatorChar": "¦", "quoteChar": "«", "escapeChar": "§"],
    ]

    static func table(_ columns: Int, _ properties: [String: String] = [:]) -> TextTable {
        TextTable((0..<columns).map { TableColumn("c\($0)", .string) }, properties, serde: serde)
    }

    /// What `Tests/Fixtures/opencsv` has: a configuration and its values, tab by tab; bytes in hexadecimal.
    static func fixture(_ name: String) throws -> [(configuration: Int, fields: [Substring])] {
        let file = HiveFixture.directory.deletingLastPathComponent().appendingPathComponent("opencsv/\(name).tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return (Int(fields[0])!, Array(fields.dropFirst()))
        }
    }

    static func bytes(_ hexadecimal: Substring) -> [UInt8] {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
    }

    static func value(_ field: Substring) -> Value {
        field == "N" ? .null : .string(String(decoding: bytes(field.dropFirst()), as: UTF8.self))
    }

    @Test(arguments: 0..<4) func recordsAreReadAsHiveReadsThem(_ configuration: Int) throws {
        let cases = try Self.fixture("read").filter { $0.configuration == configuration }
        let rows = try Self.table(5, Self.configurations[configuration]).records(cases.map { Self.bytes($0.fields[0]) })
        #expect(rows.count > 200)
        for (row, (_, fields)) in zip(rows, cases) {
            let record = String(decoding: Self.bytes(fields[0]), as: UTF8.self)
            #expect(row == fields.dropFirst().map(Self.value), "record \(record.debugDescription)")
        }
    }

    @Test(arguments: 0..<4) func rowsAreWrittenAsHiveWritesThem(_ configuration: Int) throws {
        let cases = try Self.fixture("written").filter { $0.configuration == configuration }
        let table = Self.table(3, Self.configurations[configuration])
        let records = try table.encoded(cases.map { $0.fields.prefix(3).map(Self.value) })
        for (record, (_, fields)) in zip(records, cases) {
            #expect(record == String(decoding: Self.bytes(fields[3]), as: UTF8.self), "row \(fields)")
        }
    }

    @Test(arguments: [
        ("csv_default", "562e1dd940", [:]),
        ("csv_semicolon", "4689c7cfe8", ["separatorChar": ";", "quoteChar": "'", "escapeChar": "\\"]),
    ])
    func readsWhatHiveWrote(_ name: String, _ expected: String, _ properties: [String: String]) throws {
        var table = Self.table(4, properties)
        table.columns = ["id", "a", "b", "c"].map { TableColumn($0, .string) }
        let rows = try table.rows(TextTable.file(HiveFixture.data(name, "part-00000")))
        HiveFixture.check(rows, of: table.columns, are: try HiveFixture.expected(expected), name)
    }

    @Test func columnsOfOtherTypesAreParsed() throws {
        var table = Self.table(0)
        table.columns = [
            TableColumn("a", .int), TableColumn("b", .decimal(precision: 5, scale: 2)), TableColumn("c", .date),
            TableColumn("d", .char(3)), TableColumn("e", .boolean),
        ]
        #expect(
            try table.rows("\"12\",1.5,2020-01-02,\"ab\",TRUE\n\\N,,x,,\n") == [
                [.integer(12), .decimal(150), .date(18263), .string("ab "), .boolean(true)],
                [.null, .null, .null, .string("   "), .null],
            ])
        #expect(CSVSerDe().columns(declared: [TableColumn("a", .int)], properties: [:])?.map(\.type) == [.string])
    }

    @Test func bytesThatAreNotUTF8Stay() throws {
        let table = Self.table(2)
        let batch = try table.batches(TextTable.file([0x22, 0xFF, 0xFE, 0x22, 0x2C, 0xC3, 0x0A]))[0]
        #expect(Array(batch.columns[0].bytes(at: 0)) == [0xFF, 0xFE])
        #expect(Array(batch.columns[1].bytes(at: 0)) == [0xC3])
    }

    @Test func filtersAndProjectionsApply() throws {
        let table = Self.table(3)
        let text = (0..<5000).map { "\"\($0)\",\"value, number \($0)\",x\"\"y\($0)" }.joined(separator: "\n")
        let file = try TextTable.file(Array(text.utf8))
        let filter = ValueFilter([1]) { $0[0] == .string("4321") }
        #expect(
            try table.rows(file, projection: [2, 0, 1], filters: [filter]) == [
                [.string("x\"y4321"), .string("4321"), .string("value, number 4321")]
            ])
    }

    @Test func headersAndFootersAreNoRows() throws {
        var table = Self.table(2)
        table.tableParameters = ["skip.header.line.count": "1", "skip.footer.line.count": "1"]
        #expect(try table.rows("\"name\",\"of\"\r\na,\"b\"\r\nend") == [[.string("a"), .string("b")]])
    }

    @Test func charactersMustDiffer() {
        #expect(throws: HoneyError.self) { try Self.table(1, ["quoteChar": ","]).rows("a") }
        #expect(throws: HoneyError.self) { try Self.table(1, ["quoteChar": "\\"]).rows("a") }
    }
}
