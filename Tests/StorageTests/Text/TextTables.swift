import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Text files in memory, read and written with a table's properties.
struct TextTable {
    var columns: [TableColumn]
    var properties: [String: String] = [:]
    var tableParameters: [String: String] = [:]
    var settings: [String: String] = [:]
    var serde: String

    static let format = TextFormat(codecs: .standard, serdes: StorageCatalog.standardSerDes)

    init(
        _ columns: [TableColumn], _ properties: [String: String] = [:],
        serde: String = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    ) {
        self.columns = columns
        self.properties = properties
        self.serde = serde
    }

    /// Puts bytes into a file in memory.
    static func file(_ bytes: [UInt8], name: String = "part-00000") throws -> any ReadableFile {
        let files = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/\(name)")
        try files.write(bytes, to: location)
        return try files.open(location)
    }

    func request(_ projection: [Int]? = nil, filters: [any RowFilter] = []) -> ReadRequest {
        ReadRequest(
            columns: columns, projection: projection ?? Array(columns.indices), filters: filters,
            serde: SerDeInfo(library: serde, properties: properties), tableParameters: tableParameters,
            settings: settings)
    }

    /// Reads a split's batches (all of the file by default).
    func batches(
        _ file: any ReadableFile, split: ByteRange? = nil, projection: [Int]? = nil, filters: [any RowFilter] = []
    ) throws -> [Batch] {
        let reader = try TextTable.format.makeReader(
            for: request(projection, filters: filters), split: split ?? ByteRange(start: 0, end: file.size), of: file)
        var batches: [Batch] = []
        while let batch = try reader.next() { batches.append(batch) }
        return batches
    }

    /// Reads a split's rows as values.
    func rows(
        _ file: any ReadableFile, split: ByteRange? = nil, projection: [Int]? = nil, filters: [any RowFilter] = []
    ) throws -> [[Value]] {
        try batches(file, split: split, projection: projection, filters: filters).flatMap { batch in
            (0..<batch.count).map { row in batch.columns.map { $0.value(at: row) } }
        }
    }

    func rows(_ text: String) throws -> [[Value]] { try rows(TextTable.file(Array(text.utf8))) }

    /// Writes one batch of values and returns the file's bytes and name.
    func written(_ rows: [[Value]], name: String = "out") throws -> (bytes: [UInt8], name: String) {
        let request = WriteRequest(
            columns: columns, serde: SerDeInfo(library: serde, properties: properties),
            tableParameters: tableParameters, settings: settings)
        let name = name + (try TextTable.format.fileSuffix(for: request))
        let files = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/\(name)")
        let writer = try TextTable.format.makeWriter(
            for: request, to: files.create(location, overwrite: false))
        let batch = Batch(
            columns: columns.enumerated().map { index, column in Column.of(column.type, rows.map { $0[index] }) },
            count: rows.count)
        try writer.write(batch)
        try writer.finish()
        return (try files.contents(of: location), name)
    }
}

extension TextTable {
    /// Decodes records that may hold line ends, as SequenceFiles' may.
    func records(_ records: [[UInt8]]) throws -> [[Value]] {
        let bytes = records.flatMap { $0 }
        let buffer = Buffer(zeroed: bytes.count + 64)
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { buffer.base.copyMemory(from: base, byteCount: source.count) }
        }
        var offsets: [Int32] = []
        var end: Int32 = 0
        for record in records {
            offsets.append(end)
            end += Int32(record.count)
        }
        let block = RecordBlock(bytes: buffer, offsets: offsets, lengths: records.map { Int32($0.count) })
        let serde = try StorageCatalog(formats: [], serdes: StorageCatalog.standardSerDes).serde(serde)
        let batch = try serde.makeDecoder(for: request()).decode(block)
        return (0..<batch.count).map { row in batch.columns.map { $0.value(at: row) } }
    }

    /// Encodes rows as records.
    func encoded(_ rows: [[Value]]) throws -> [String] {
        let serde = try StorageCatalog(formats: [], serdes: StorageCatalog.standardSerDes).serde(serde)
        let encoder = try serde.makeEncoder(
            for: WriteRequest(columns: columns, serde: SerDeInfo(library: self.serde, properties: properties)))
        var records: [String] = []
        let batch = Batch(
            columns: columns.enumerated().map { index, column in Column.of(column.type, rows.map { $0[index] }) },
            count: rows.count)
        try encoder.encode(batch) { records.append(String(decoding: $0, as: UTF8.self)) }
        return records
    }
}
