import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

@testable import HoneyAvro

/// Avro files that Hive wrote must be read as Hive reads them.
struct HiveAvroTests {
    @Test(arguments: [
        ("avro_default", 1000, "ae1dd16678"), ("avro_bzip2", 120, "791639c2e3"), ("avro_deflate", 120, "791639c2e3"),
        ("avro_snappy", 120, "791639c2e3"), ("avro_zstandard", 120, "791639c2e3"),
    ])
    func readsWhatHiveWrote(_ table: String, _ count: Int, _ expected: String) throws {
        let file = try FileTable.file(HiveFixture.data(table, "part-00000"))
        let rows = try FileTable(HiveFixture.columns, format: AvroFormat()).rows(file)
        HiveFixture.checkStart(
            rows, count: count, of: HiveFixture.columns, are: try HiveFixture.expected(expected), table)
    }

    @Test func readsPartitions() throws {
        let columns = ["id", "c_string", "c_double", "c_array"].map { name in
            HiveFixture.columns.first { $0.name == name }!
        }
        let rows = try HiveFixture.files(of: "avro_part").flatMap {
            try FileTable(columns, format: AvroFormat()).rows(FileTable.file(HiveFixture.data("avro_part", $0)))
        }
        HiveFixture.checkUnordered(rows, of: columns, are: try HiveFixture.expected("d9f5acab18"), "avro_part")
    }

    @Test func filesTellTheirColumns() throws {
        let file = try FileTable.file(HiveFixture.data("avro_default", "part-00000"))
        let columns = try #require(try AvroFormat().columns(of: file))
        // Avro has no integers of one and two bytes.
        let expected = HiveFixture.columns.map { column in
            TableColumn(column.name, [.tinyint, .smallint].contains(column.type) ? .int : column.type)
        }
        #expect(columns.map(\.name) == expected.map(\.name))
        #expect(columns.map(\.type) == expected.map(\.type))
    }

    @Test func schemasAreWrittenAsHiveWritesThem() throws {
        let theirs = try HiveFixture.data("avro_default", "part-00000")
        var table = FileTable(HiveFixture.columns, format: AvroFormat())
        table.name = "default.avro_default"
        let ours = try table.written([[Value]]())
        func schema(_ bytes: [UInt8]) throws -> String {
            guard case .record(let parts) = try AvroFormat().inspect(FileTable.file(bytes)),
                case .text(let schema)? = parts.first(where: { $0.name == "schema" })?.value
            else { return "" }
            return schema
        }
        #expect(try schema(ours) == schema(theirs))
    }

    @Test(
        arguments: [
            ("sales.orders", [:], "sales", "orders"), (nil, [:], nil, "baseRecord"),
            ("sales.2nd", [:], nil, "baseRecord"),
            ("sales.orders", ["avro.schema.name": "Order"], nil, "Order"),
            ("sales.orders", ["avro.schema.name": "Order", "avro.schema.namespace": "org.x"], "org.x", "Order"),
        ] as [(String?, [String: String], String?, String)])
    func recordsAreCalledAsTheirTable(
        _ table: String?, _ properties: [String: String], _ namespace: String?, _ name: String
    ) throws {
        let text = try HiveSchema.json(
            for: [TableColumn("s", .structure([Field("a", .int)]))], tableName: table, properties: properties)
        let start =
            "{\"type\":\"record\",\"name\":\"\(name)\"" + (namespace.map { ",\"namespace\":\"\($0)\"" } ?? "")
        #expect(text.hasPrefix(start + ",\"fields\""), "\(text)")
    }
}
