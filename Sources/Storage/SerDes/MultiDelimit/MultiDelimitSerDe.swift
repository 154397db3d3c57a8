import CScan
import HoneyCatalog
import HoneyCore

/// Delimited text whose fields end with several characters; what is within a field is LazySimpleSerDe's.
public struct MultiDelimitSerDe: SerDe {
    public let names = [
        "org.apache.hadoop.hive.serde2.MultiDelimitSerDe", "org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe",
    ]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        let delimiter = try Self.delimiter(request.serde)
        return try TranscodingDecoder.wrapping(MultiDelimitDecoder(request, delimiter), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        let delimiter = try Self.delimiter(request.serde)
        return try TranscodingEncoder.wrapping(MultiDelimitEncoder(request, delimiter), for: request)
    }

    private static func delimiter(_ serde: SerDeInfo) throws -> [UInt8] {
        guard let text = serde.properties["field.delim"], !text.isEmpty else {
            throw HoneyError(
                .data, "INVALID_PROPERTY", "table with MultiDelimitSerDe lacks the SerDe property field.delim")
        }
        return Array(text.utf8)
    }
}

/// Turns records into columns. Fields past the last column are dropped, and escapes do not hide a delimiter.
final class MultiDelimitDecoder: RecordDecoder {
    private let delimiter: [UInt8]
    private let wanted: WantedFields
    private let types: [DataType]
    private let found: RecordCells
    private let cells: LazySimpleCells
    private let late: LateDecoding

    init(_ request: ReadRequest, _ delimiter: [UInt8]) throws {
        self.delimiter = delimiter
        wanted = WantedFields(request)
        types = request.projection.map { request.columns[$0].type }
        found = RecordCells(fieldCount: wanted.fields.count)
        cells = LazySimpleCells(try LazySimpleParameters(request))
        late = LateDecoding(types: types, filters: request.filters)
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        let bytes = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        found.reset(rows: block.count)
        for row in 0..<block.count {
            let start = Int(block.offsets[row])
            find(bytes, start..<start + Int(block.lengths[row]), row)
        }
        return try late.batch(count: block.count) { column, rows, count in
            guard let slot = wanted.slots[column] else { return try block.rowOffsets(rows, count) }
            return try cells.decode(
                types[column], found.cells(field: slot, rows: rows, count: count, of: bytes, owner: block.bytes))
        }
    }

    private func find(_ bytes: UnsafePointer<UInt8>, _ record: Range<Int>, _ row: Int) {
        var start = record.lowerBound
        for field in wanted.slotOfField.indices {
            let left = record.upperBound - start
            let length = Int(honey_find(bytes + start, Int64(left), delimiter, Int64(delimiter.count)))
            let slot = Int(wanted.slotOfField[field])
            if slot >= 0 { found.set(field: slot, row: row, start: start, length: length < 0 ? left : length) }
            guard length >= 0 else { return }
            start += length + delimiter.count
        }
    }
}

/// Turns columns into records. Binary values are written as they are, for their base64 could hold the delimiter.
final class MultiDelimitEncoder: RecordEncoder {
    private let delimiter: [UInt8]
    private let values: LazySimpleWriter

    init(_ request: WriteRequest, _ delimiter: [UInt8]) throws {
        self.delimiter = delimiter
        var parameters = try LazySimpleParameters(request)
        parameters.keepsBinary = true
        values = LazySimpleWriter(parameters)
        for column in request.columns { try values.check(column.type, level: 1) }
    }

    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        var record = ByteSink()
        for index in 0..<batch.rowCount {
            let row = batch.selection?[index] ?? index
            record.removeAll()
            for (position, column) in batch.columns.enumerated() {
                if position > 0 { record.append(delimiter) }
                values.append(column, row: row, level: 1, to: &record)
            }
            try record.withBytes { try emit(UnsafeRawBufferPointer($0)) }
        }
    }
}
