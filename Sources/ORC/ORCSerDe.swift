import HoneyCore
public import HoneyStorage

/// Hive's name for rows in ORC files, which `ORCFormat` turns into columns itself: there are no records to decode.
public struct ORCSerDe: SerDe {
    static let name = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"

    public let names = [ORCSerDe.name]
    public let writableClass = "org.apache.hadoop.hive.ql.io.orc.OrcSerde$OrcSerdeRow"

    public init() {}

    /// Fails: other containers hold no ORC rows.
    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder { throw ORCSerDe.unsupported() }

    /// Fails: other containers hold no ORC rows.
    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder { throw ORCSerDe.unsupported() }

    private static func unsupported() -> HoneyError {
        HoneyError(
            .semantic, "UNSUPPORTED_SERDE", "SerDe is of ORC files only (declare the table STORED AS ORC): \(name)")
    }
}
