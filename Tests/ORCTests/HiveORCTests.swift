import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyORC
import HoneyStorage
import Testing

/// ORC files that Hive wrote must be read as Hive reads them.
struct HiveORCTests {
    static func table(_ columns: [TableColumn]) -> FileTable { FileTable(columns, format: ORCFormat()) }

    @Test(arguments: [
        ("orc_default", 1000, "e894c284fe"), ("orc_none", 120, "9d8c60d01e"), ("orc_zlib", 120, "9d8c60d01e"),
        ("orc_snappy", 120, "9d8c60d01e"), ("orc_lz4", 120, "9d8c60d01e"), ("orc_zstd", 120, "9d8c60d01e"),
    ])
    func readsWhatHiveWrote(_ table: String, _ count: Int, _ expected: String) throws {
        let file = try FileTable.file(HiveFixture.data(table, "part-00000"))
        let rows = try HiveORCTests.table(HiveFixture.columns).rows(file)
        HiveFixture.checkStart(
            rows, count: count, of: HiveFixture.columns, are: try HiveFixture.expected(expected), table)
    }

    @Test func readsPartitions() throws {
        let columns = ["id", "c_string", "c_double", "c_array"].map { name in
            HiveFixture.columns.first { $0.name == name }!
        }
        let rows = try HiveFixture.files(of: "orc_part").flatMap {
            try HiveORCTests.table(columns).rows(FileTable.file(HiveFixture.data("orc_part", $0)))
        }
        HiveFixture.checkUnordered(rows, of: columns, are: try HiveFixture.expected("d9f5acab18"), "orc_part")
    }
}
