import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// RCFiles that Hive wrote must be read as Hive reads them.
struct HiveRCFileTests {
    @Test(arguments: [
        ("rc_lazybinary", 1000, "1dbffa35c4", FileTable.lazyBinaryColumnarSerDe),
        ("rc_deflate", 120, "6035ba00e0", FileTable.lazyBinaryColumnarSerDe),
        ("rc_gzip", 120, "6035ba00e0", FileTable.lazyBinaryColumnarSerDe),
        ("rc_snappy", 120, "6035ba00e0", FileTable.lazyBinaryColumnarSerDe),
        ("rc_lz4", 120, "6035ba00e0", FileTable.lazyBinaryColumnarSerDe),
        ("rc_columnar", 910, "ad9e04a898", FileTable.columnarSerDe),
        ("rc_columnar_gzip", 111, "94d8b5a293", FileTable.columnarSerDe),
    ])
    func readsWhatHiveWrote(_ table: String, _ count: Int, _ expected: String, _ serde: String) throws {
        let file = try FileTable.file(HiveFixture.data(table, "part-00000"))
        let rows = try FileTable.rcfile(HiveFixture.columns, serde: serde).rows(file)
        HiveFixture.checkStart(
            rows, count: count, of: HiveFixture.columns, are: try HiveFixture.expected(expected), table)
    }

    @Test func readsBucketsOfATable() throws {
        let table = FileTable.rcfile(HiveFixture.columns)
        let rows = try HiveFixture.files(of: "rc_bucketed").flatMap {
            try table.rows(FileTable.file(HiveFixture.data("rc_bucketed", $0)))
        }
        HiveFixture.checkUnordered(rows, of: table.columns, are: try HiveFixture.expected("6035ba00e0"), "rc_bucketed")
    }

    @Test func readsPartitions() throws {
        let columns = ["id", "c_string", "c_double", "c_array"].map { name in
            HiveFixture.columns.first { $0.name == name }!
        }
        let rows = try HiveFixture.files(of: "rc_part").flatMap {
            try FileTable.rcfile(columns).rows(FileTable.file(HiveFixture.data("rc_part", $0)))
        }
        HiveFixture.checkUnordered(rows, of: columns, are: try HiveFixture.expected("d9f5acab18"), "rc_part")
    }
}
