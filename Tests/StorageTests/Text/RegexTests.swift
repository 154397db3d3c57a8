import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct RegexTests {
    static let serde = "org.apache.hadoop.hive.serde2.RegexSerDe"
    static let contributed = "org.apache.hadoop.hive.contrib.serde2.RegexSerDe"

    static func table(_ types: String..., regex: String, _ more: [String: String] = [:]) -> TextTable {
        TextTable(
            types.enumerated().map { TableColumn("c\($0.offset)", DataType(name: $0.element)!) },
            more.merging(["input.regex": regex]) { $1 }, serde: serde)
    }

    @Test func readsWhatHiveReads() throws {
        var table = Self.table(
            "int", "string", "bigint", "string", regex: "([0-9]+) host=([a-z]*) ms=(-?[0-9]+)(?: (.*))?")
        table.columns = zip(["id", "host", "ms", "tail"], table.columns).map { TableColumn($0, $1.type) }
        let rows = try table.rows(TextTable.file(HiveFixture.data("text_regex", "part-00000")))
        HiveFixture.check(rows, of: table.columns, are: try HiveFixture.expected("01e5db42bf"), "text_regex")
    }

    @Test func linesMustMatchFromEndToEnd() throws {
        let table = Self.table("string", "string", "string", regex: "(a|ab)(c|bcd)?(d*)")
        #expect(
            try table.rows("abcd\nabc\nac\na\nxa\nacx") == [
                [.string("a"), .string("bcd"), .string("")], [.string("ab"), .string("c"), .string("")],
                [.string("a"), .string("c"), .string("")], [.string("a"), .null, .string("")],
                [.null, .null, .null], [.null, .null, .null],
            ])
    }

    @Test func typesAreReadAsJavaReadsThem() throws {
        let table = Self.table(
            "int", "boolean", "double", "date", "boolean", regex: #"(-?\+?[0-9.]+) (\S+) (\S+) (\S+)( .*)?"#)
        #expect(
            try table.rows("1 true 1.5 2020-01-02 x\n1.5 x 1e3 2020-1-2\n+7 TRUE NaN 2020-13-01\nnothing")
                .map { Array($0[..<2]) + Array($0[3...]) } == [
                    [.integer(1), .boolean(true), .date(18263), .boolean(false)],
                    [.null, .boolean(false), .date(18263), .boolean(false)],
                    [.integer(7), .boolean(true), .null, .boolean(false)], [.null, .null, .null, .null],
                ])
    }

    @Test func groupsKeepTheirBytes() throws {
        let table = Self.table("string", "string", regex: "(.*?)=(.*)")
        let line: [UInt8] = Array("é😀".utf8) + [0xFF, 0x3D, 0xE6, 0xBC, 0x3D, 0xA2]
        let batch = try table.batches(TextTable.file(line))[0]
        #expect(Array(batch.columns[0].bytes(at: 0)) == Array("é😀".utf8) + [0xFF])
        #expect(Array(batch.columns[1].bytes(at: 0)) == [0xE6, 0xBC, 0x3D, 0xA2])
    }

    @Test func caseMayBeIgnored() throws {
        let regex = "([A-Z]+)(?:#(.*))?"
        let table = Self.table("string", "string", regex: regex, ["input.regex.case.insensitive": "TRUE"])
        #expect(try table.rows("a#1\nB") == [[.string("a"), .string("1")], [.string("B"), .null]])
        #expect(try Self.table("string", "string", regex: regex).rows("a") == [[.null, .null]])
    }

    @Test func wrongPropertiesAndTypesAreErrors() {
        #expect(throws: HoneyError.self) { try Self.table("string", regex: "(a)(b)").rows("ab") }
        #expect(throws: HoneyError.self) { try Self.table("string", regex: "(a").rows("ab") }
        #expect(throws: HoneyError.self) { try Self.table("array<int>", regex: "(a)").rows("a") }
        #expect(throws: HoneyError.self) { try TextTable([TableColumn("a", .int)], serde: Self.serde).rows("1") }
        #expect(throws: HoneyError.self) { try Self.table("string", regex: "(a)").encoded([[.string("a")]]) }
    }

    @Test func contributedSerDeWritesByAFormat() throws {
        var table = Self.table(
            "string", "int", regex: "(.*) (.*)", ["output.format.string": "%2$s %1$s|%-4s|%3.1S|%%|%<s"])
        table.serde = Self.contributed
        #expect(
            try table.encoded([[.string("éa"), .integer(7)], [.null, .null]]) == [
                "7 éa|éa  |  7|%|7", "null null|null|  N|%|null",
            ])
        table.properties["output.format.string"] = "%3$s"
        #expect(throws: HoneyError.self) { try table.encoded([]) }
        table.properties["output.format.string"] = "%d"
        #expect(throws: HoneyError.self) { try table.encoded([]) }
        table.properties["output.format.string"] = nil
        #expect(throws: HoneyError.self) { try table.encoded([]) }
    }
}
