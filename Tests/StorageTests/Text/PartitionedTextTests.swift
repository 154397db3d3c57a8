import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

struct PartitionedTextTests {
    /// The partitions that Hive's dynamic partitioning made: escaped names and a null key.
    @Test func readsPartitionsThatHiveWrote() throws {
        let directory = HiveFixture.directory.appendingPathComponent("tables/text_part/data").path
        let columns = ["id", "c_string", "c_double", "c_array"].map { name in
            HiveFixture.columns.first { $0.name == name }!
        }
        let keys = [TableColumn("ds", .string), TableColumn("hr", .int)]
        func storage(_ path: String) -> StorageDescriptor {
            StorageDescriptor(
                columns: columns, location: path, inputFormat: TextTable.format.inputFormats[0],
                outputFormat: TextTable.format.outputFormats[0],
                serde: SerDeInfo(library: TextTable.format.defaultSerDe))
        }
        let local = LocalFileSystem()
        let root = FileLocation(directory)!
        var partitions: [Partition] = []
        for day in try local.list(root) {
            for hour in try local.list(day.location) {
                let parts = PartitionName.parse(day.location.name + "/" + hour.location.name)!
                partitions.append(
                    Partition(values: parts.map { $0.value }, storage: storage(hour.location.description)))
            }
        }
        #expect(partitions.count == 12)
        let table = Table(database: "d", name: "text_part", storage: storage(directory), partitionKeys: keys)
        let scan = TableScan(table: table, partitions: partitions, sources: (0..<6).map { .column($0) })
        let handler = FileTableHandler(
            storage: .standard(codecs: CodecCatalog([])), fileSystems: FileSystems([local]))
        var rows: [[Value]] = []
        for split in try handler.splits(of: scan) {
            let reader = try handler.makeReader(for: scan, split: split)
            while let batch = try reader.next() {
                for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
            }
        }
        func id(_ row: [Value]) -> Int64 { if case .integer(let id) = row[0] { id } else { -1 } }
        func id(_ row: JSON) -> Int64 { if case .number(let id)? = row["id"] { Int64(id) ?? -1 } else { -1 } }
        HiveFixture.check(
            rows.sorted { id($0) < id($1) }, of: columns + keys,
            are: try HiveFixture.expected("de860d8be4").sorted { id($0) < id($1) }, "text_part")
    }
}
