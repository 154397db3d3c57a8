import HoneyCatalog
import HoneyCore

/// Hive's delimited text: fields, items and map keys between separators of one byte each.
public struct LazySimpleSerDe: SerDe {
    public let names = [
        "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "org.apache.hadoop.hive.serde2.MetadataTypedColumnsetSerDe",
    ]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        try TranscodingDecoder.wrapping(LazySimpleDecoder(request), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        try TranscodingEncoder.wrapping(LazySimpleEncoder(request), for: request)
    }
}

extension LazySimpleParameters {
    public init(_ request: ReadRequest) throws {
        try self.init(
            serde: request.serde.properties, table: request.tableParameters, settings: request.settings)
    }

    public init(_ request: WriteRequest) throws {
        try self.init(
            serde: request.serde.properties, table: request.tableParameters, settings: request.settings)
    }
}

/// Turns records of delimited text into columns.
final class LazySimpleDecoder: RecordDecoder {
    private let rows: RowText
    private let map: FieldMap

    init(_ request: ReadRequest) throws {
        rows = RowText(request, try LazySimpleParameters(request))
        map = FieldMap(columnCount: request.columns.count)
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        try map.mapRecords(block, separator: rows.parameters.fieldSeparator)
        return try rows.batch(map, in: block.bytes, origin: block.origin?.offset)
    }
}
