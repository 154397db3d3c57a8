// Parquet is the column format that Hive shares with most engines: columns in pages, in chunks, in row groups, with statistics.
// In come requests of Storage, out go batches and files; it knows no plan and no table but what a request says.

import HoneyCatalog
import HoneyCore
public import HoneyFiles
public import HoneyStorage

/// Apache Parquet, read whole and written as Hive writes it.
public struct ParquetFormat: FileFormat {
    public let keyword = "PARQUET"
    public let inputFormats = [
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "parquet.hive.DeprecatedParquetInputFormat",
        "parquet.hive.MapredParquetInputFormat",
    ]
    public let outputFormats = [
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "parquet.hive.DeprecatedParquetOutputFormat", "parquet.hive.MapredParquetOutputFormat",
    ]
    public let defaultSerDe = serde.names[0]

    /// Hive's names for rows in Parquet files.
    public static let serde = FormatSerDe(
        ["org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", "parquet.hive.serde.ParquetHiveSerDe"],
        of: "PARQUET", writableClass: "org.apache.hadoop.io.ArrayWritable")

    public init() {}

    public func isSplittable(_ location: FileLocation) -> Bool { true }

    /// Each split reads the footer, the dictionaries, and pages that its first rows are only part of.
    public let boundaryDistanceBytes = 4 << 20

    public func makeReader(
        for request: ReadRequest, split: ByteRange, of file: any ReadableFile
    ) throws -> any BatchReader {
        try ParquetFormat.serde.check(request.serde.library)
        return try ParquetReader(request, split: split, of: file)
    }

    public func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        try ParquetFormat.serde.check(request.serde.library)
        return try ParquetWriter(request, to: file)
    }

    public func fileSuffix(for request: WriteRequest) throws -> String { "" }

    public func recognizes(_ start: UnsafeRawBufferPointer) -> Bool {
        start.starts(with: Footer.magic) || start.starts(with: Footer.encryptedMagic)
    }

    public func inspect(_ file: any ReadableFile) throws -> StructureDescription {
        try FileInspection(file).description()
    }
}
