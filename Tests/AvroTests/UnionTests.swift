import FormatContracts
import HoneyAvro
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// Columns of Hive's uniontype.
struct UnionTests {
    private func table(_ columns: [(String, String)], _ literal: String? = nil) -> FileTable {
        var table = FileTable(columns.map { TableColumn($0.0, DataType(name: $0.1)!) }, format: AvroFormat())
        table.tableParameters["avro.schema.literal"] = literal
        return table
    }

    private func union(_ tag: Int8, _ value: Value) -> Value { .union(tag: tag, value) }

    @Test func unionsAreReadAsTheyWereWritten() throws {
        let table = table([
            ("id", "int"), ("u", "uniontype<int,string,array<double>>"),
            ("l", "array<uniontype<bigint,struct<x:int>>>"),
        ])
        let rows: [[Value]] = [
            [.integer(1), union(0, .integer(7)), .array([union(1, .structure([.integer(5)])), .null])],
            [.integer(2), union(1, .string("a text of some length")), .array([union(0, .integer(1 << 40))])],
            [.integer(3), .null, .null], [.integer(4), union(2, .array([.real(1.5), .null])), .array([])],
        ]
        let bytes = try table.written(rows)
        #expect(try table.rows(bytes) == rows)
        let file = try FileTable.file(bytes)
        #expect(try table.rows(file, projection: [0]) == rows.map { [$0[0]] })
        let columns = try #require(try AvroFormat().columns(of: file))
        #expect(columns.map(\.type) == table.columns.map(\.type))
    }

    @Test func branchesAreFoundByTheReadersSchema() throws {
        func record(_ type: String) -> String {
            "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"u\",\"type\":\(type)}]}"
        }
        let written = table([("u", "uniontype<int,string>")], record("[\"int\",\"null\",\"string\"]"))
        let rows: [[Value]] = [[union(0, .integer(7))], [union(1, .string("x"))], [.null]]
        let bytes = try written.written(rows)
        #expect(try written.rows(bytes) == rows)
        let turned = table([("u", "uniontype<string,bigint>")], record("[\"null\",\"string\",\"long\"]"))
        #expect(try turned.rows(bytes) == [[union(1, .integer(7))], [union(0, .string("x"))], [.null]])
        // One type becomes a branch, too.
        let single = try table([("u", "string")], record("\"string\"")).written([[.string("y")]])
        #expect(try turned.rows(single) == [[union(0, .string("y"))]])
    }

    @Test func typesThatAvroStoresAlikeAreRefused() throws {
        let error = #expect(throws: HoneyError.self) {
            try table([("u", "uniontype<int,tinyint>")]).written([[Value]]())
        }
        #expect(error?.code == "UNSUPPORTED_TYPE")
    }
}
