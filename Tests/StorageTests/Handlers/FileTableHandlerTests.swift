import FileSystemContracts
import FormatContracts
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// A warehouse in memory with one table.
private struct Warehouse {
    let files = MemoryFileSystem()
    var table: Table
    var partitions: [Partition] = []
    let codecs = CodecCatalog([GzipCodec(), DeflateCodec()])

    init(_ columns: [TableColumn], keys: [TableColumn] = []) {
        table = Table(
            database: "default", name: "t", storage: Warehouse.storage(columns, "memory:/t"), partitionKeys: keys)
    }

    static func storage(_ columns: [TableColumn], _ location: String) -> StorageDescriptor {
        StorageDescriptor(
            columns: columns, location: location, inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
            outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde: SerDeInfo(
                library: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", properties: ["field.delim": ","]))
    }

    func put(_ text: String, _ path: String) throws {
        try files.write(Array(text.utf8), to: FileLocation(scheme: "memory", path: "/t/" + path))
    }

    mutating func add(partition values: [String], _ columns: [TableColumn]? = nil) {
        let name = PartitionName.name(keys: table.partitionKeys.map(\.name), values: values)
        partitions.append(
            Partition(
                values: values,
                storage: Warehouse.storage(columns ?? table.storage.columns, "memory:/t/" + name)))
    }

    var handler: FileTableHandler {
        FileTableHandler(storage: .standard(codecs: codecs), fileSystems: FileSystems([files]))
    }

    func scan(_ sources: [TableScan.Source]) -> TableScan {
        TableScan(table: table, partitions: partitions, sources: sources)
    }

    func rows(
        _ scan: TableScan, targetBytes: Int = 1 << 20, filters: [any RowFilter] = []
    ) throws -> [[Value]] {
        var rows: [[Value]] = []
        for split in try handler.splits(of: scan, targetBytes: targetBytes) {
            let reader = try handler.makeReader(for: scan, split: split, filters: filters)
            while let batch = try reader.next() {
                #expect(batch.columns.count == scan.sources.count)
                for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
            }
        }
        return rows
    }
}

struct FileTableHandlerTests {
    @Test func readsVisibleFilesInOrder() throws {
        let warehouse = Warehouse([TableColumn("a", .int), TableColumn("b", .string)])
        try warehouse.put("2,y\n", "b")
        try warehouse.put("1,x\n", "a")
        try warehouse.put("9,z\n", "_tmp")
        try warehouse.put("9,z\n", ".hidden")
        try warehouse.put("9,z\n", "_dir/part")
        try warehouse.put("", "empty")
        let rows = try warehouse.rows(warehouse.scan([.column(0), .column(1)]))
        #expect(rows == [[.integer(1), .string("x")], [.integer(2), .string("y")]])
    }

    @Test func missingDirectoryHasNoRows() throws {
        let warehouse = Warehouse([TableColumn("a", .int)])
        #expect(try warehouse.handler.splits(of: warehouse.scan([.column(0)])).isEmpty)
    }

    @Test func readsSubdirectoriesOnlyWhenAsked() throws {
        let warehouse = Warehouse([TableColumn("a", .int)])
        try warehouse.put("1\n", "sub/part")
        var scan = warehouse.scan([.column(0)])
        let error = #expect(throws: HoneyError.self) { try warehouse.handler.splits(of: scan) }
        #expect(error?.code == "NOT_A_FILE")
        scan.settings["mapred.input.dir.recursive"] = "true"
        #expect(try warehouse.rows(scan) == [[.integer(1)]])
    }

    @Test func splitsLieWhereMostOfTheirBytesAre() throws {
        let warehouse = Warehouse([TableColumn("a", .int)])
        try warehouse.put(String(repeating: "1\n", count: 500), "file")
        let spread = SpreadFiles(warehouse.files) { _, _ in
            (0..<4).map { block in
                BlockLocation(
                    range: block * 260..<min(block * 260 + 260, 1000), hosts: ["h\(block)"], racks: ["/r\(block)"])
            }
        }
        let handler = FileTableHandler(
            storage: .standard(codecs: warehouse.codecs), fileSystems: FileSystems([spread]))
        let scan = warehouse.scan([.column(0)])
        let splits = try handler.splits(of: scan, targetBytes: 200)
        #expect(splits.map(\.range.start) == [0, 200, 400, 600, 800])
        #expect(splits.map(\.hosts) == [["h0"], ["h1"], ["h1"], ["h2"], ["h3"]])
        #expect(splits.map(\.racks) == [["/r0"], ["/r1"], ["/r1"], ["/r2"], ["/r3"]])
        // Where files lie on no particular hosts nobody is asked.
        #expect(try warehouse.handler.splits(of: scan, targetBytes: 200).allSatisfy { $0.hosts.isEmpty })
    }

    @Test func cutsPlainFilesAndKeepsCompressedOnesWhole() throws {
        let warehouse = Warehouse([TableColumn("a", .int)])
        let text = (0..<1000).map { "\($0)\n" }.joined()
        try warehouse.put(text, "plain")
        var compressed: [UInt8] = []
        try Array(text.utf8).withUnsafeBytes { try GzipCodec().compress($0, into: &compressed) }
        try warehouse.files.write(compressed, to: FileLocation(scheme: "memory", path: "/t/zipped.gz"))
        let scan = warehouse.scan([.column(0)])
        let splits = try warehouse.handler.splits(of: scan, targetBytes: 500)
        #expect(splits.filter { $0.location.name == "zipped.gz" }.count == 1)
        #expect(splits.filter { $0.location.name == "plain" }.count > 5)
        let rows = try warehouse.rows(scan, targetBytes: 500)
        let once = (0..<1000).map { [Value.integer($0)] }
        #expect(rows == once + once)
    }

    @Test func addsPartitionKeysAsConstants() throws {
        var warehouse = Warehouse(
            [TableColumn("a", .int)], keys: [TableColumn("ds", .string), TableColumn("hr", .int)])
        warehouse.add(partition: ["a/b=c:d%e", "1"])
        warehouse.add(partition: ["__HIVE_DEFAULT_PARTITION__", "2"])
        try warehouse.put("7\n8\n", "ds=a%2Fb%3Dc%3Ad%25e/hr=1/part")
        try warehouse.put("9\n", "ds=__HIVE_DEFAULT_PARTITION__/hr=2/part")
        let rows = try warehouse.rows(warehouse.scan([.column(2), .column(0), .column(1)]))
        #expect(
            rows == [
                [.integer(1), .integer(7), .string("a/b=c:d%e")], [.integer(1), .integer(8), .string("a/b=c:d%e")],
                [.integer(2), .integer(9), .string(Partition.nullValue)],
            ])
    }

    @Test func filtersOnPartitionKeysSkipWholeSplits() throws {
        var warehouse = Warehouse([TableColumn("a", .int)], keys: [TableColumn("hr", .int)])
        warehouse.add(partition: ["1"])
        warehouse.add(partition: ["2"])
        try warehouse.put("7\n8\n", "hr=1/part")
        try warehouse.put("9\n10\n", "hr=2/part")
        let isSecond = ValueFilter([1]) { $0[0] == .integer(2) }
        let scan = warehouse.scan([.column(0), .column(1)])
        #expect(try warehouse.rows(scan, filters: [isSecond]).count == 2)
        // The sum of both columns: one stored, one constant.
        let isEleven = ValueFilter([1, 0]) { $0 == [.integer(2), .integer(9)] }
        #expect(try warehouse.rows(scan, filters: [isEleven]) == [[.integer(9), .integer(2)]])
    }

    @Test func givesVirtualColumns() throws {
        let warehouse = Warehouse([TableColumn("a", .int)])
        try warehouse.put("1\n22\n333\n", "part")
        let scan = warehouse.scan([.fileName, .rowOffset, .column(0)])
        let name = Value.string("memory:/t/part")
        #expect(
            try warehouse.rows(scan) == [
                [name, .integer(0), .integer(1)], [name, .integer(2), .integer(22)],
                [name, .integer(5), .integer(333)],
            ])
        #expect(try warehouse.rows(scan, targetBytes: 4).map { $0[1] } == [.integer(0), .integer(2), .integer(5)])
    }

    @Test func convertsPartitionColumnsToTheTables() throws {
        let table: [TableColumn] = [
            TableColumn("a", .bigint), TableColumn("b", .string), TableColumn("c", .int), TableColumn("d", .double),
            TableColumn("e", .date), TableColumn("f", .string), TableColumn("g", .array(.string)),
            TableColumn("h", .int),
        ]
        let older: [TableColumn] = [
            TableColumn("a", .int), TableColumn("b", .int), TableColumn("c", .string), TableColumn("d", .float),
            TableColumn("e", .timestamp), TableColumn("f", .char(5)), TableColumn("g", .array(.int)),
        ]
        var warehouse = Warehouse(table, keys: [TableColumn("p", .int)])
        warehouse.add(partition: ["1"], older)
        try warehouse.put("3000000000,007,12,0.5,1969-12-31 23:00:00,ab,1\u{2}02\nx\n", "p=1/part")
        let rows = try warehouse.rows(warehouse.scan((0..<8).map { .column($0) }))
        #expect(
            rows[0] == [
                .null, .string("7"), .integer(12), .real(0.5), .date(-1), .string("ab"),
                .array([.string("1"), .string("2")]), .null,
            ])
        #expect(rows[1] == [.null, .null, .null, .null, .null, .null, .null, .null])
    }

    @Test func writesWhatItReads() throws {
        let warehouse = Warehouse([TableColumn("a", .int), TableColumn("b", .string)])
        let settings = [
            "hive.exec.compress.output": "true",
            "mapreduce.output.fileoutputformat.compress.codec": "org.apache.hadoop.io.compress.GzipCodec",
        ]
        let (writer, location) = try warehouse.handler.makeWriter(
            into: warehouse.table.storage, of: "d.t", directory: FileLocation("memory:/t")!, name: "000000_0",
            tableParameters: [:], settings: settings)
        try writer.write(
            Batch(
                columns: [Column.of(.int, [.integer(1), .null]), Column.of(.string, [.string("x"), .string("")])],
                count: 2))
        try writer.finish()
        #expect(location.name == "000000_0.gz")
        #expect(
            try warehouse.rows(warehouse.scan([.column(0), .column(1)])) == [
                [.integer(1), .string("x")], [.null, .string("")],
            ])
    }
}

/// Keeps the rows whose values pass a test.
final class ValueFilter: RowFilter {
    let columns: [Int]
    private let passes: ([Value]) -> Bool

    init(_ columns: [Int], _ passes: @escaping ([Value]) -> Bool) {
        self.columns = columns
        self.passes = passes
    }

    func select(_ columns: [Column], count: Int) -> Selection? {
        let rows = (0..<count).filter { row in passes(columns.map { $0.value(at: row) }) }
        return Selection(capacity: rows.count) { indices in
            for (index, row) in rows.enumerated() { indices[index] = Int32(row) }
            return rows.count
        }
    }
}
