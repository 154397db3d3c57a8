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
        try LazySimpleDecoder(request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        try LazySimpleEncoder(request)
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
        let block = rows.parameters.charset.map { block.transcoded(from: $0) } ?? block
        try map.mapRecords(block, separator: rows.parameters.fieldSeparator)
        return try rows.batch(map, in: block.bytes)
    }
}

extension RecordBlock {
    /// The same records in UTF-8.
    func transcoded(from charset: Charset) -> RecordBlock {
        var text: [UInt8] = []
        var newOffsets: [Int32] = []
        var newLengths: [Int32] = []
        let source = bytes.pointer(to: UInt8.self)
        for (offset, length) in zip(offsets, lengths) {
            let start = text.count
            charset.appendUTF8(
                of: UnsafeBufferPointer(start: source + Int(offset), count: Int(length)), to: &text)
            newOffsets.append(Int32(truncatingIfNeeded: start))
            newLengths.append(Int32(truncatingIfNeeded: text.count - start))
        }
        let buffer = Buffer(capacity: text.count + 64)
        text.withUnsafeBytes { source in
            if let base = source.baseAddress { buffer.base.copyMemory(from: base, byteCount: source.count) }
        }
        return RecordBlock(bytes: buffer, offsets: newOffsets, lengths: newLengths)
    }
}
