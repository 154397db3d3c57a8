import HoneyCatalog
import HoneyCore

/// Turns columns into JSON objects, with fields in the columns' order.
final class JSONRecordEncoder: RecordEncoder {
    private let fields: JSONFieldWriters

    /// Fails with `UNSUPPORTED_TYPE` for types that JSON tables do not have.
    init(_ request: WriteRequest, _ dialect: JSONDialect) throws {
        fields = try JSONFieldWriters(
            request.columns.map { (dialect.mappings[$0.name.lowercased()] ?? $0.name, $0.type) }, dialect)
    }

    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        var record = RecordBytes()
        var scratch = ByteSink()
        for index in 0..<batch.rowCount {
            record.removeAll()
            fields.append(batch.columns, row: batch.selection?[index] ?? index, to: &record, &scratch)
            try emit(UnsafeRawBufferPointer(record.bytes))
        }
    }
}

/// Writes the fields of a record or a struct.
final class JSONFieldWriters {
    /// Each field's name with quotes and colon.
    private let names: [[UInt8]]
    private let values: [JSONValueWriter]
    private let writesNulls: Bool

    init(_ fields: [(name: String, type: DataType)], _ dialect: JSONDialect) throws {
        names = fields.map { field in
            var sink = ByteSink()
            sink.append(0x22)
            Array(field.name.utf8).withUnsafeBufferPointer { JSONText.appendEscaped($0, to: &sink) }
            sink.append("\":")
            return sink.bytes
        }
        values = try fields.map { try JSONValueWriter($0.type, dialect) }
        writesNulls = dialect.writesNulls
    }

    func append(_ columns: [Column], row: Int, to record: inout RecordBytes, _ scratch: inout ByteSink) {
        record.append(0x7B)
        var isFirst = true
        for (index, column) in columns.enumerated() {
            if !writesNulls, column.isNull(at: row) { continue }
            if !isFirst { record.append(0x2C) }
            isFirst = false
            names[index].withUnsafeBufferPointer { record.append($0) }
            values[index].append(column, row: row, to: &record, &scratch)
        }
        record.append(0x7D)
    }
}

/// The text of JSON strings.
enum JSONText {
    /// Appends text with what JSON does not allow in strings escaped.
    static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to sink: inout ByteSink) {
        for byte in text {
            if let escape = escape(of: byte) { sink.append(escape) } else { sink.append(byte) }
        }
    }

    static func append(quoted text: UnsafeBufferPointer<UInt8>, to record: inout RecordBytes) {
        record.append(0x22)
        var copied = 0
        for index in 0..<text.count where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
            record.append(UnsafeBufferPointer(rebasing: text[copied..<index]))
            if let escape = escape(of: text[index]) { escape.withUnsafeBufferPointer { record.append($0) } }
            copied = index + 1
        }
        record.append(UnsafeBufferPointer(rebasing: text[copied...]))
        record.append(0x22)
    }

    @inline(never)
    private static func escape(of byte: UInt8) -> [UInt8]? {
        switch byte {
        case 0x22, 0x5C: return [0x5C, byte]
        case 0x08: return [0x5C, 0x62]
        case 0x09: return [0x5C, 0x74]
        case 0x0A: return [0x5C, 0x6E]
        case 0x0C: return [0x5C, 0x66]
        case 0x0D: return [0x5C, 0x72]
        case 0..<0x20:
            let digits = Array("0123456789ABCDEF".utf8)
            return [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: return nil
        }
    }
}
