import HoneyCore
public import HoneyStorage

/// Hive's SerDe class for Parquet, which only goes with Parquet's own container: the format does its work.
public struct ParquetSerDe: SerDe {
    public let names = [ParquetSerDe.className, "parquet.hive.serde.ParquetHiveSerDe"]
    public let writableClass = "org.apache.hadoop.io.ArrayWritable"

    static let className = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder { throw ParquetSerDe.elsewhere() }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder { throw ParquetSerDe.elsewhere() }

    /// Fails with `UNSUPPORTED_SERDE` on a SerDe whose rows Parquet does not hold.
    static func check(_ name: String) throws {
        if ParquetSerDe().names.contains(name) { return }
        throw HoneyError(
            .semantic, "UNSUPPORTED_SERDE", "SerDe does not store columns as Parquet does (\(className) does): \(name)")
    }

    private static func elsewhere() -> HoneyError {
        HoneyError(.semantic, "UNSUPPORTED_SERDE", "SerDe goes with Parquet files only (store the table as PARQUET)")
    }
}
