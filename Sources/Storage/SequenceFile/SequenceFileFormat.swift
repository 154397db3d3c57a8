import HoneyCatalog
public import HoneyCodecs
public import HoneyFiles

/// Hadoop's SequenceFile: one record after another, with marks to start from in its middle.
public struct SequenceFileFormat: FileFormat {
    public let keyword = "SEQUENCEFILE"
    public let inputFormats = ["org.apache.hadoop.mapred.SequenceFileInputFormat"]
    public let outputFormats = [
        "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
        "org.apache.hadoop.mapred.SequenceFileOutputFormat",
    ]
    public let defaultSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"

    private let serdes: StorageCatalog
    private let codecs: CodecCatalog

    public init(serdes: [any SerDe], codecs: CodecCatalog = .standard) {
        self.serdes = StorageCatalog(formats: [], serdes: serdes)
        self.codecs = codecs
    }

    public func isSplittable(_ location: FileLocation) -> Bool { true }

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try SequenceFileReader(
            request, split: split, of: file, serde: serdes.serde(request.serde.library), codecs: codecs)
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        try SequenceFileWriter(
            to: file, serde: serdes.serde(request.serde.library), request: request,
            compression: SequenceFileCompression(request, among: codecs))
    }

    public func fileSuffix(for request: WriteRequest) throws -> String { "" }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool {
        SequenceFileHeader.isStart(start) && !RCFileHeader.isStart(start)
    }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription {
        try SequenceFileInspection(of: file).describe(keyword: keyword)
    }
}
