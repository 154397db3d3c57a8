import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage

/// A table of files in memory, of any format and SerDe.
struct FileTable {
    var columns: [TableColumn]
    var format: any FileFormat
    var serde: String
    var properties: [String: String] = [:]
    var settings: [String: String] = [:]

    static let columnarSerDe = "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe"
    static let lazyBinaryColumnarSerDe = "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"
    static let lazyBinarySerDe = "org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe"
    static let lazySimpleSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    static let serdes: [any SerDe] = [
        LazySimpleSerDe(), LazyBinarySerDe(), ColumnarSerDe(), LazyBinaryColumnarSerDe(),
    ]

    static func rcfile(_ columns: [TableColumn], serde: String = lazyBinaryColumnarSerDe) -> FileTable {
        FileTable(columns: columns, format: RCFileFormat(serdes: serdes), serde: serde)
    }

    static func sequenceFile(_ columns: [TableColumn], serde: String = lazySimpleSerDe) -> FileTable {
        FileTable(columns: columns, format: SequenceFileFormat(serdes: serdes), serde: serde)
    }

    /// The same table with new files compressed.
    func compressed(by codec: String, type: String = "BLOCK") -> FileTable {
        var copy = self
        copy.settings["hive.exec.compress.output"] = "true"
        copy.settings["mapred.output.compression.codec"] = "org.apache.hadoop.io.compress.\(codec)"
        copy.settings["mapred.output.compression.type"] = type
        return copy
    }

    static func file(_ bytes: [UInt8]) throws -> any ReadableFile {
        let files = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/part-00000")
        try files.write(bytes, to: location)
        return try files.open(location)
    }

    func reader(
        _ file: any ReadableFile, split: ByteRange? = nil, projection: [Int]? = nil, filters: [any RowFilter] = []
    ) throws -> any BatchReader {
        let request = ReadRequest(
            columns: columns, projection: projection ?? Array(columns.indices), filters: filters,
            serde: SerDeInfo(library: serde, properties: properties), settings: settings)
        return try format.makeReader(for: request, split: split ?? ByteRange(start: 0, end: file.size), of: file)
    }

    /// Reads a split's rows (by default the whole file's) as values.
    func rows(
        _ file: any ReadableFile, split: ByteRange? = nil, projection: [Int]? = nil, filters: [any RowFilter] = []
    ) throws -> [[Value]] {
        let reader = try reader(file, split: split, projection: projection, filters: filters)
        var rows: [[Value]] = []
        while let batch = try reader.next() {
            for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
        }
        return rows
    }

    func rows(_ bytes: [UInt8]) throws -> [[Value]] { try rows(FileTable.file(bytes)) }

    /// Writes rows, some of them at a time, and returns the file's bytes.
    func written(_ rows: [[Value]], batchRows: Int = 1000) throws -> [UInt8] {
        try written(
            stride(from: 0, to: rows.count, by: batchRows).map { start in
                let part = rows[start..<min(start + batchRows, rows.count)]
                let columns = columns.enumerated().map { index, column in
                    Column.of(column.type, part.map { $0[index] })
                }
                return Batch(columns: columns, count: part.count)
            })
    }

    func written(_ batches: [Batch]) throws -> [UInt8] {
        let request = WriteRequest(
            columns: columns, serde: SerDeInfo(library: serde, properties: properties), settings: settings)
        let files = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/out")
        let writer = try format.makeWriter(for: request, to: files.create(location, overwrite: false))
        for batch in batches { try writer.write(batch) }
        try writer.finish()
        return try files.contents(of: location)
    }
}

/// A filter that keeps the rows whose first column passes a test.
final class TestFilter: RowFilter {
    let columns: [Int]
    private(set) var rowsSeen = 0
    private let passes: (Value) -> Bool

    init(_ column: Int, _ passes: @escaping (Value) -> Bool) {
        columns = [column]
        self.passes = passes
    }

    func select(_ columns: [Column], count: Int) throws -> Selection? {
        rowsSeen += count
        return Selection(capacity: count) { indices in
            var kept = 0
            for row in 0..<count where passes(columns[0].value(at: row)) {
                indices[kept] = Int32(row)
                kept += 1
            }
            return kept
        }
    }
}
