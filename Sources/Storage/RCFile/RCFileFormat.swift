import HoneyCatalog
public import HoneyCodecs
import HoneyCore
public import HoneyFiles

/// Hive's RCFile: groups of rows, within which each column lies together.
public struct RCFileFormat: FileFormat {
    public let keyword = "RCFILE"
    public let inputFormats = ["org.apache.hadoop.hive.ql.io.RCFileInputFormat"]
    public let outputFormats = ["org.apache.hadoop.hive.ql.io.RCFileOutputFormat"]
    public let defaultSerDe = "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"

    private let serdes: StorageCatalog
    private let codecs: CodecCatalog

    public init(serdes: [any SerDe], codecs: CodecCatalog = .standard) {
        self.serdes = StorageCatalog(formats: [], serdes: serdes)
        self.codecs = codecs
    }

    public func isSplittable(_ location: FileLocation) -> Bool { true }

    /// Markers stand before row groups only, which hold 4 MiB unless told otherwise.
    public let boundaryDistanceBytes = 4 << 20

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try RCFileReader(request, split: split, of: file, serde: cellSerDe(request.serde.library), codecs: codecs)
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        try RCFileWriter(
            to: file, serde: cellSerDe(request.serde.library), request: request,
            codec: OutputCompression.codec(request, among: codecs))
    }

    public func fileSuffix(for request: WriteRequest) throws -> String { "" }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { RCFileHeader.isStart(start) }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription {
        try RCFileInspection.describe(file, keyword: keyword, codecs: codecs)
    }

    private func cellSerDe(_ name: String) throws -> any CellSerDe {
        if let serde = try serdes.serde(name) as? any CellSerDe { return serde }
        let known = serdes.serdes.filter { $0 is any CellSerDe }.flatMap(\.names).sorted()
        throw HoneyError(
            .semantic, "UNSUPPORTED_SERDE",
            "SerDe does not store columns as RCFile does (those do: \(known.joined(separator: ", "))): \(name)")
    }
}
