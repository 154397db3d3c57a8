public import HoneyFiles

/// What `STORED AS JSONFILE` stands for: lines of text with Hive's JSON SerDe. Once stored it is the text format.
public struct JSONFileFormat: FileFormat {
    public let keyword = "JSONFILE"
    public let defaultSerDe = JSONSerDe().names[0]
    private let text: TextFormat

    public init(_ text: TextFormat) { self.text = text }

    public var inputFormats: [String] { text.inputFormats }
    public var outputFormats: [String] { text.outputFormats }
    public var providesRowOffsets: Bool { text.providesRowOffsets }
    public var boundaryDistanceBytes: Int { text.boundaryDistanceBytes }

    public func isSplittable(_ location: FileLocation) -> Bool { text.isSplittable(location) }

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try text.makeReader(for: request, split: split, of: file)
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        try text.makeWriter(for: request, to: file)
    }

    public func fileSuffix(for request: WriteRequest) throws -> String { try text.fileSuffix(for: request) }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { text.recognizes(start) }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription { try text.inspect(file) }
}
