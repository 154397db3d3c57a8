// ORC reads and writes Optimized Row Columnar files: stripes of columns with statistics, as Hive and others write them.
// In come byte ranges and batches, out go batches and bytes; it knows no table and no query.

import HoneyCatalog
import HoneyCore
public import HoneyFiles
public import HoneyStorage

/// Hive's ORC: stripes of some megabytes, within which each column lies in streams of its own, with statistics.
public struct ORCFormat: FileFormat {
    public let keyword = "ORC"
    public let inputFormats = ["org.apache.hadoop.hive.ql.io.orc.OrcInputFormat"]
    public let outputFormats = ["org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat"]
    public let defaultSerDe = serde.names[0]

    /// Hive's name for rows in ORC files.
    public static let serde = FormatSerDe(
        ["org.apache.hadoop.hive.ql.io.orc.OrcSerde"], of: "ORC",
        writableClass: "org.apache.hadoop.hive.ql.io.orc.OrcSerde$OrcSerdeRow")

    public init() {}

    public func isSplittable(_ location: FileLocation) -> Bool { true }

    /// Each split reads the file's tail, stripes' footers, dictionaries and row indexes.
    public let boundaryDistanceBytes = 4 << 20

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try ORCFormat.serde.check(request.serde.library)
        return try placingErrors(in: file.location.description, at: file.size) {
            try ORCReader(request, split: split, of: file)
        }
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        try ORCFormat.serde.check(request.serde.library)
        return try ORCWriter(request, to: file)
    }

    public func fileSuffix(for request: WriteRequest) throws -> String { "" }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { start.starts(with: FileTail.magic.utf8) }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription {
        try placingErrors(in: file.location.description, at: file.size) { try ORCInspection.describe(file) }
    }
}
