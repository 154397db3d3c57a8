import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// SequenceFiles that Hive wrote must be read as Hive reads them.
struct HiveSequenceFileTests {
    @Test(arguments: [
        ("seq_default", 910, "ad9e04a898"), ("seq_none", 111, "94d8b5a293"), ("seq_record_deflate", 111, "94d8b5a293"),
        ("seq_record_gzip", 111, "94d8b5a293"), ("seq_block_deflate", 111, "94d8b5a293"),
        ("seq_block_gzip", 111, "94d8b5a293"), ("seq_record_bzip2", 111, "94d8b5a293"),
        ("seq_record_snappy", 111, "94d8b5a293"), ("seq_record_lz4", 111, "94d8b5a293"),
        ("seq_block_bzip2", 111, "94d8b5a293"), ("seq_block_snappy", 111, "94d8b5a293"),
        ("seq_block_lz4", 111, "94d8b5a293"),
    ])
    func readsWhatHiveWrote(_ table: String, _ count: Int, _ expected: String) throws {
        let file = try FileTable.file(HiveFixture.data(table, "part-00000"))
        let rows = try FileTable.sequenceFile(HiveFixture.columns).rows(file)
        HiveFixture.checkStart(
            rows, count: count, of: HiveFixture.columns, are: try HiveFixture.expected(expected), table)
    }

    @Test func readsPartitions() throws {
        let columns = ["id", "c_string", "c_double", "c_array"].map { name in
            HiveFixture.columns.first { $0.name == name }!
        }
        let rows = try HiveFixture.files(of: "seq_part").flatMap {
            try FileTable.sequenceFile(columns).rows(FileTable.file(HiveFixture.data("seq_part", $0)))
        }
        HiveFixture.checkUnordered(rows, of: columns, are: try HiveFixture.expected("de860d8be4"), "seq_part")
    }
}
