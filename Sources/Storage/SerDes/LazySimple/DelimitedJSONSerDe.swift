import HoneyCatalog
import HoneyCore

/// Delimited text whose arrays, maps, structs and binary values are JSON, in which Hive hands results to clients; it only
/// writes.
public struct DelimitedJSONSerDe: SerDe {
    public let names = ["org.apache.hadoop.hive.serde2.DelimitedJSONSerDe"]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        throw HoneyError(
            .semantic, "UNSUPPORTED_SERDE",
            "DelimitedJSONSerDe only writes (read its files with LazySimpleSerDe and string columns)")
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        var parameters = try LazySimpleParameters(request)
        parameters.nestsAsJSON = true
        return try TranscodingEncoder.wrapping(LazySimpleEncoder(request, parameters), for: request)
    }
}
