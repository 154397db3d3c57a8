public import HoneyStorage
import HoneyCore

/// Hive's class for rows of Avro; the rows are read and written by `AvroFormat`, since they are stored in its files only.
public struct AvroSerDe: SerDe {
    public let names = ["org.apache.hadoop.hive.serde2.avro.AvroSerDe"]
    public let writableClass = "org.apache.hadoop.hive.serde2.avro.AvroGenericRecordWritable"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder { throw onlyAvro() }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder { throw onlyAvro() }

    private func onlyAvro() -> HoneyError {
        HoneyError(.semantic, "UNSUPPORTED_SERDE", "SerDe stores rows in Avro files (use it with AVRO): \(names[0])")
    }
}
