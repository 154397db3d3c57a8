import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyParquet
import HoneyStorage
import Testing

/// Parquet files that Hive wrote must be read as Hive reads them.
struct HiveParquetTests {
    @Test(arguments: [
        ("parquet_default", 1000, "d1134c69c1"), ("parquet_gzip", 120, "ddc0aa1e44"),
        ("parquet_lz4_raw", 120, "ddc0aa1e44"), ("parquet_snappy", 120, "ddc0aa1e44"),
        ("parquet_zstd", 120, "ddc0aa1e44"),
    ])
    func readsWhatHiveWrote(_ table: String, _ count: Int, _ expected: String) throws {
        let file = try FileTable.file(HiveFixture.data(table, "part-00000"))
        let rows = try FileTable(HiveFixture.columns, format: ParquetFormat()).rows(file)
        HiveFixture.checkStart(
            rows, count: count, of: HiveFixture.columns, are: try HiveFixture.expected(expected), table)
    }

    @Test func readsPartitions() throws {
        let columns = ["id", "c_string", "c_double", "c_array"].map { name in
            HiveFixture.columns.first { $0.name == name }!
        }
        let rows = try HiveFixture.files(of: "parquet_part").flatMap {
            try FileTable(columns, format: ParquetFormat()).rows(FileTable.file(HiveFixture.data("parquet_part", $0)))
        }
        HiveFixture.checkUnordered(rows, of: columns, are: try HiveFixture.expected("d9f5acab18"), "parquet_part")
    }
}
