package import HoneyCatalog
import HoneyCodecs
package import HoneyCore
package import HoneyFiles
package import HoneyStorage

/// A table of files in memory, of any format and SerDe.
package struct FileTable {
    /// `database.table`; nil when it is nobody's.
    package var name: String?
    package var columns: [TableColumn]
    package var format: any FileFormat
    package var serde: String
    package var properties: [String: String] = [:]
    package var tableParameters: [String: String] = [:]
    package var settings: [String: String] = [:]

    package static let columnarSerDe = "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe"
    package static let lazyBinaryColumnarSerDe = "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"
    package static let lazyBinarySerDe = "org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe"
    package static let lazySimpleSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    package static let serdes = StorageCatalog.standardSerDes

    package static func rcfile(_ columns: [TableColumn], serde: String = lazyBinaryColumnarSerDe) -> FileTable {
        FileTable(columns, format: RCFileFormat(serdes: serdes), serde: serde)
    }

    package static func sequenceFile(_ columns: [TableColumn], serde: String = lazySimpleSerDe) -> FileTable {
        FileTable(columns, format: SequenceFileFormat(serdes: serdes), serde: serde)
    }

    package static func text(
        _ columns: [TableColumn], serde: String = lazySimpleSerDe, properties: [String: String] = [:]
    ) -> FileTable {
        FileTable(columns, format: TextFormat(codecs: .standard, serdes: serdes), serde: serde, properties: properties)
    }

    package init(
        _ columns: [TableColumn], format: any FileFormat, serde: String? = nil, properties: [String: String] = [:],
        tableParameters: [String: String] = [:], settings: [String: String] = [:]
    ) {
        self.columns = columns
        self.format = format
        self.serde = serde ?? format.defaultSerDe
        self.properties = properties
        self.tableParameters = tableParameters
        self.settings = settings
    }

    /// The same table with new files compressed.
    package func compressed(by codec: String, type: String = "BLOCK") -> FileTable {
        var copy = self
        copy.settings["hive.exec.compress.output"] = "true"
        copy.settings["mapred.output.compression.codec"] = "org.apache.hadoop.io.compress.\(codec)"
        copy.settings["mapred.output.compression.type"] = type
        return copy
    }

    package static func file(_ bytes: [UInt8]) throws -> any ReadableFile {
        let files = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/part-00000")
        try files.write(bytes, to: location)
        return try files.open(location)
    }

    package func reader(
        _ file: any ReadableFile, split: ByteRange? = nil, projection: [Int]? = nil,
        predicates: [ColumnPredicate] = [], filters: [any RowFilter] = [], footers: ParsedFooters = ParsedFooters()
    ) throws -> any BatchReader {
        let request = ReadRequest(
            columns: columns, projection: projection ?? Array(columns.indices), predicates: predicates,
            filters: filters,
            serde: SerDeInfo(library: serde, properties: properties), tableParameters: tableParameters,
            settings: settings, footers: footers)
        return try format.makeReader(for: request, split: split ?? ByteRange(start: 0, end: file.size), of: file)
    }

    /// Reads a split's rows (by default the whole file's) as values.
    package func rows(
        _ file: any ReadableFile, split: ByteRange? = nil, projection: [Int]? = nil, filters: [any RowFilter] = []
    ) throws -> [[Value]] {
        let reader = try reader(file, split: split, projection: projection, filters: filters)
        var rows: [[Value]] = []
        while let batch = try reader.next() {
            for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
        }
        return rows
    }

    package func rows(_ bytes: [UInt8]) throws -> [[Value]] { try rows(FileTable.file(bytes)) }

    /// Writes rows, some of them at a time, and returns the file's bytes.
    package func written(_ rows: [[Value]], batchRows: Int = 1000) throws -> [UInt8] {
        try written(
            stride(from: 0, to: rows.count, by: batchRows).map { start in
                let part = rows[start..<min(start + batchRows, rows.count)]
                let columns = columns.enumerated().map { index, column in
                    Column.of(column.type, part.map { $0[index] })
                }
                return Batch(columns: columns, count: part.count)
            })
    }

    package func written(_ batches: [Batch]) throws -> [UInt8] {
        let request = WriteRequest(
            tableName: name, columns: columns, serde: SerDeInfo(library: serde, properties: properties),
            tableParameters: tableParameters,
            settings: settings)
        let files = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/out")
        let writer = try format.makeWriter(for: request, to: files.create(location, overwrite: false))
        for batch in batches { try writer.write(batch) }
        try writer.finish()
        return try files.contents(of: location)
    }
}
