// Avro reads and writes Avro container files: blocks of rows by a schema that the file holds.
// In come byte ranges and batches, out go batches and bytes; it knows no table and no query.

public import HoneyCatalog
import HoneyCore
public import HoneyFiles
public import HoneyStorage

/// Avro's container files, with schemas and metadata as Hive writes them.
public struct AvroFormat: FileFormat {
    public let keyword = "AVRO"
    public let inputFormats = ["org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat"]
    public let outputFormats = ["org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat"]
    public let defaultSerDe = serde.names[0]

    /// Hive's name for rows in Avro files.
    public static let serde = FormatSerDe(
        ["org.apache.hadoop.hive.serde2.avro.AvroSerDe"], of: "AVRO",
        writableClass: "org.apache.hadoop.hive.serde2.avro.AvroGenericRecordWritable")
    public let textProperties = ["avro.schema.url": AvroFormat.literalProperty]

    static let literalProperty = "avro.schema.literal"

    public init() {}

    public func isSplittable(_ location: FileLocation) -> Bool { true }

    /// Markers stand after each block, which holds 64 kB unless told otherwise.
    public let boundaryDistanceBytes = 64 << 10

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try AvroFormat.serde.check(request.serde.library)
        return try AvroReader(request, split: split, of: file)
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        try AvroFormat.serde.check(request.serde.library)
        return try AvroWriter(request, to: file)
    }

    public func fileSuffix(for request: WriteRequest) throws -> String { "" }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { start.starts(with: AvroHeader.magic) }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription {
        try AvroInspection.describe(file, keyword: keyword)
    }

    public func columns(for serde: SerDeInfo, tableParameters: [String: String]) throws -> [TableColumn]? {
        guard let literal = AvroFormat.literal(serde, tableParameters) else { return nil }
        return try AvroFormat.schema(literal: literal).columns()
    }

    public func columns(of file: any ReadableFile) throws -> [TableColumn]? {
        guard file.size > 0 else { return nil }
        var counters = ReadCounters()
        let header = try AvroHeader.read(of: file, counters: &counters)
        return try placingErrors(in: file.location.description, at: 0) { try header.schema().columns() }
    }

    // MARK: Properties

    /// The schema that a table is declared with, in its SerDe's properties or its own.
    static func literal(_ serde: SerDeInfo, _ tableParameters: [String: String]) -> String? {
        literal(in: serde.properties) ?? literal(in: tableParameters)
    }

    /// Hive writes `none` for no schema.
    private static func literal(in properties: [String: String]) -> String? {
        guard let text = properties[literalProperty], !text.isEmpty, text != "none" else { return nil }
        return text
    }

    /// Reads a declared schema; fails with `INVALID_PROPERTY`.
    static func schema(literal text: String) throws -> AvroSchema {
        do {
            let schema = try AvroSchema(json: text)
            _ = try schema.rowFields()
            return schema
        } catch let error as HoneyError {
            throw HoneyError(.semantic, "INVALID_PROPERTY", "property \(literalProperty) is \(error.message)")
        }
    }
}
