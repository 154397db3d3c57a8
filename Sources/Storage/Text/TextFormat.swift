import HoneyCatalog
public import HoneyCodecs
import HoneyCore
public import HoneyFiles

/// Lines of text, one a row; with LazySimpleSerDe the fields are found while the lines are.
public struct TextFormat: FileFormat {
    public let keyword = "TEXTFILE"
    public let inputFormats = ["org.apache.hadoop.mapred.TextInputFormat"]
    public let outputFormats = [
        "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat",
        "org.apache.hadoop.mapred.TextOutputFormat",
    ]
    public let defaultSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"

    public let providesRowOffsets = true

    private let codecs: CodecCatalog
    private let serdes: [any SerDe]

    /// Makes the format with the codecs that file suffixes may name and the SerDes that may read lines, the usual one
    /// first.
    public init(codecs: CodecCatalog, serdes: [any SerDe] = [LazySimpleSerDe()]) {
        self.codecs = codecs
        self.serdes = serdes
    }

    public func isSplittable(_ location: FileLocation) -> Bool {
        codecs.codec(forFileNamed: location.name).map { $0 is any SplittableCodec } ?? true
    }

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try checkDelimiter(request)
        let headers = try lineCount("skip.header.line.count", request)
        let footers = try lineCount("skip.footer.line.count", request)
        let serde = try self.serde(request.serde.library)
        if let codec = codecs.codec(forFileNamed: file.location.name) {
            let (source, range) = try source(of: file, split: split, codec, isCut: headers + footers == 0)
            return try TextReader(
                request, serde, source, range, skip: headers, heldBack: footers, path: file.location.description)
        }
        let range =
            split.start < split.end
            ? try LineRange(split: split, of: file, headers: headers, footers: footers) : LineRange(nothing: ())
        return try TextReader(
            request, serde, PlainBytes(file, from: range.start, to: range.end), range,
            path: file.location.description)
    }

    /// Opens a compressed file; one that is not cut, or cannot be, belongs to the split at its start.
    private func source(
        of file: any ReadableFile, split: ByteRange, _ codec: any Codec, isCut: Bool
    ) throws -> (any ByteSource, LineRange) {
        guard split.start < split.end || file.size == 0 else {
            return (PlainBytes(file, from: 0, to: 0), LineRange(nothing: ()))
        }
        if let codec = codec as? any SplittableCodec, isCut, split.start > 0 || split.end < file.size {
            let source = try PartBytes(file, split: split, codec)
            return (source, LineRange(stream: (), startsLine: split.start == 0))
        }
        let source = try DecompressedBytes(file, codec)
        return (source, split.start == 0 ? LineRange(stream: ()) : LineRange(nothing: ()))
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        TextWriter(
            try serde(request.serde.library).makeEncoder(for: request), to: file,
            compressor: try OutputCompression.codec(request, among: codecs)?.makeCompressor())
    }

    public func fileSuffix(for request: WriteRequest) throws -> String {
        try OutputCompression.codec(request, among: codecs)?.fileExtension ?? ""
    }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { false }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription {
        let codec = codecs.codec(forFileNamed: file.location.name)
        let source: any ByteSource =
            try codec.map { try DecompressedBytes(file, $0) } ?? PlainBytes(file, from: 0, to: file.size)
        var inspection = TextInspection()
        try inspection.read(source)
        return inspection.describe(keyword: keyword, storedBytes: file.size, codec: codec)
    }

    private func serde(_ name: String) throws -> any SerDe {
        try StorageCatalog(formats: [], serdes: serdes).serde(name)
    }

    /// Refuses records that end with anything but line ends.
    private func checkDelimiter(_ request: ReadRequest) throws {
        let name = "textinputformat.record.delimiter"
        guard let delimiter = request.tableParameters[name] ?? request.settings[name], delimiter != "\n" else { return }
        throw HoneyError(.data, "INVALID_PROPERTY", "unsupported \(name): \(delimiter)")
    }

    /// Reads a table property that counts lines; fails with `INVALID_PROPERTY`.
    private func lineCount(_ name: String, _ request: ReadRequest) throws -> Int {
        guard let text = request.tableParameters[name] ?? request.serde.properties[name] else { return 0 }
        guard let count = Int(text), count >= 0, count <= 1 << 20 else {
            throw HoneyError(.data, "INVALID_PROPERTY", "table property \(name) is not a count of lines: \(text)")
        }
        return count
    }
}
