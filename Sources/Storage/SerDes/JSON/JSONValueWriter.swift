import HoneyCore

/// Writes the values of one type as JSON.
final class JSONValueWriter {
    private let type: DataType
    private let dialect: JSONDialect
    /// Writers of an array's elements, or of a map's keys and values.
    private let members: [JSONValueWriter]
    /// A struct's fields.
    private let fields: JSONFieldWriters?

    init(_ type: DataType, _ dialect: JSONDialect) throws {
        self.type = type
        self.dialect = dialect
        switch type {
        case .array(let element):
            members = [try JSONValueWriter(element, dialect)]
            fields = nil
        case .map(let key, let value):
            guard !key.isComplex else { throw Self.unsupported(type) }
            members = [try JSONValueWriter(key, dialect), try JSONValueWriter(value, dialect)]
            fields = nil
        case .structure(let own):
            members = []
            fields = try JSONFieldWriters(own.map { ($0.name, $0.type) }, dialect)
        case .intervalYearMonth, .intervalDayTime, .union: throw Self.unsupported(type)
        default:
            members = []
            fields = nil
        }
    }

    private static func unsupported(_ type: DataType) -> HoneyError {
        HoneyError(.semantic, "UNSUPPORTED_TYPE", "JSON SerDe cannot store a column of type \(type)")
    }

    func append(_ column: Column, row: Int, to record: inout RecordBytes, _ scratch: inout ByteSink) {
        if column.isNull(at: row) { return append("null", to: &record) }
        let index = column.storedIndex(row)
        switch type {
        case .void: append("null", to: &record)
        case .boolean: append(column.values(as: UInt8.self)[index] != 0 ? "true" : "false", to: &record)
        case .tinyint: record.append(integer: Int64(column.values(as: Int8.self)[index]))
        case .smallint: record.append(integer: Int64(column.values(as: Int16.self)[index]))
        case .int: record.append(integer: Int64(column.values(as: Int32.self)[index]))
        case .bigint: record.append(integer: column.values(as: Int64.self)[index])
        case .string, .varchar: JSONText.append(quoted: column.bytes(at: row), to: &record)
        case .array: appendArray(column, index, to: &record, &scratch)
        case .map: appendMap(column, index, to: &record, &scratch)
        case .structure: fields?.append(column.children, row: index, to: &record, &scratch)
        default: appendText(column, row: row, isKey: false, to: &record, &scratch)
        }
    }

    /// Appends what is written by way of text; a key has quotes whatever its type.
    private func appendText(
        _ column: Column, row: Int, isKey: Bool, to record: inout RecordBytes, _ scratch: inout ByteSink
    ) {
        scratch.removeAll()
        var isQuoted = true
        let index = column.storedIndex(row)
        switch type {
        case .char(let length):
            scratch.append(column.bytes(at: row))
            scratch.append(repeating: 0x20, count: length - CodePoints.count(column.bytes(at: row)))
        case .binary where dialect.hasBase64: Base64.append(column.bytes(at: row), to: &scratch)
        case .decimal(_, let scale):
            appendDecimal(column, index, scale: scale, to: &scratch)
            isQuoted = false
        case .float:
            ValueText.appendScalar(column, row: row, to: &scratch)
            isQuoted = !column.values(as: Float.self)[index].isFinite
        case .double:
            ValueText.appendScalar(column, row: row, to: &scratch)
            isQuoted = !column.values(as: Double.self)[index].isFinite
        case .timestamp where dialect.isLenient: appendZoned(column, row: row, to: &scratch)
        default: ValueText.appendScalar(column, row: row, to: &scratch)
        }
        scratch.withBytes {
            if isQuoted || isKey { JSONText.append(quoted: $0, to: &record) } else { record.append($0) }
        }
    }

    /// Appends a decimal without the zeros at its end.
    private func appendDecimal(_ column: Column, _ index: Int, scale: Int, to sink: inout ByteSink) {
        var unscaled =
            column.physical == .int64
            ? Int128(column.values(as: Int64.self)[index]) : column.values(as: Int128.self)[index]
        var scale = scale
        while scale > 0, unscaled % 10 == 0 {
            unscaled /= 10
            scale -= 1
        }
        DecimalText.append(unscaled, scale: scale, to: &sink)
    }

    /// Appends `yyyy-MM-ddTHH:mm:ss[.f…]Z`, as OpenX has it.
    private func appendZoned(_ column: Column, row: Int, to sink: inout ByteSink) {
        var text = ByteSink()
        ValueText.appendScalar(column, row: row, to: &text)
        text.withBytes { for byte in $0 { sink.append(byte == 0x20 ? 0x54 : byte) } }
        sink.append(0x5A)
    }

    private func appendArray(_ column: Column, _ index: Int, to record: inout RecordBytes, _ scratch: inout ByteSink) {
        let range = column.values(as: ListEntry.self)[index].range
        record.append(0x5B)
        for element in range {
            if element > range.lowerBound { record.append(0x2C) }
            members[0].append(column.children[0], row: element, to: &record, &scratch)
        }
        record.append(0x5D)
    }

    private func appendMap(_ column: Column, _ index: Int, to record: inout RecordBytes, _ scratch: inout ByteSink) {
        let range = column.values(as: ListEntry.self)[index].range
        record.append(0x7B)
        for entry in range {
            if entry > range.lowerBound { record.append(0x2C) }
            members[0].appendKey(column.children[0], row: entry, to: &record, &scratch)
            record.append(0x3A)
            members[1].append(column.children[1], row: entry, to: &record, &scratch)
        }
        record.append(0x7D)
    }

    private func appendKey(_ column: Column, row: Int, to record: inout RecordBytes, _ scratch: inout ByteSink) {
        if column.isNull(at: row) { return append("\"null\"", to: &record) }
        appendText(column, row: row, isKey: true, to: &record, &scratch)
    }

    private func append(_ word: StaticString, to record: inout RecordBytes) {
        record.append(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}
