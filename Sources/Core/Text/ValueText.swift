/// Prints values as the Hive command line does.
///
/// At the top level text stands as it is and null is `NULL`; inside arrays, maps and structs values look like JSON.
public enum ValueText {
    /// Appends row `row` of a column.
    public static func append(_ column: Column, row: Int, to sink: inout ByteSink) {
        if column.isNull(at: row) || column.type == .void {
            sink.append("NULL")
        } else if column.type.isComplex {
            appendNested(column, row: row, to: &sink)
        } else {
            appendScalar(column, row: row, to: &sink)
        }
    }

    /// Appends a value that is not null and has no parts.
    public static func appendScalar(_ column: Column, row index: Int, to sink: inout ByteSink) {
        let row = column.storedIndex(index)
        switch column.type {
        case .void: sink.append("NULL")
        case .boolean: sink.append(column.values(as: UInt8.self)[row] != 0 ? "true" : "false")
        case .tinyint: IntegerText.append(Int64(column.values(as: Int8.self)[row]), to: &sink)
        case .smallint: IntegerText.append(Int64(column.values(as: Int16.self)[row]), to: &sink)
        case .int: IntegerText.append(Int64(column.values(as: Int32.self)[row]), to: &sink)
        case .bigint: IntegerText.append(column.values(as: Int64.self)[row], to: &sink)
        case .float: RealText.append(column.values(as: Float.self)[row], to: &sink)
        case .double: RealText.append(column.values(as: Double.self)[row], to: &sink)
        case .decimal(_, let scale):
            let unscaled =
                column.physical == .int64
                ? Int128(column.values(as: Int64.self)[row]) : column.values(as: Int128.self)[row]
            DecimalText.append(unscaled, scale: scale, to: &sink)
        case .string, .varchar, .char, .binary: sink.append(column.bytes(at: index))
        case .date: DateText.append(column.values(as: Int32.self)[row], to: &sink)
        case .timestamp: TimestampText.append(column.values(as: Int128.self)[row], to: &sink)
        case .intervalYearMonth: IntervalText.append(months: column.values(as: Int32.self)[row], to: &sink)
        case .intervalDayTime: IntervalText.append(nanoseconds: column.values(as: Int128.self)[row], to: &sink)
        case .array, .map, .structure, .union: appendNested(column, row: index, to: &sink)
        }
    }

    /// Appends a value as it looks inside another: quoted text, `null`.
    public static func appendNested(_ column: Column, row index: Int, to sink: inout ByteSink) {
        if column.isNull(at: index) || column.type == .void { return sink.append("null") }
        switch column.type {
        case .array:
            appendList(column, row: index, open: 0x5B, close: 0x5D, to: &sink) { element, sink in
                appendNested(column.children[0], row: element, to: &sink)
            }
        case .map:
            appendList(column, row: index, open: 0x7B, close: 0x7D, to: &sink) { entry, sink in
                appendNested(column.children[0], row: entry, to: &sink)
                sink.append(0x3A)
                appendNested(column.children[1], row: entry, to: &sink)
            }
        case .structure(let fields): appendStructure(column, fields, row: index, to: &sink)
        case .union:
            let row = column.storedIndex(index)
            let tag = column.children[0].unionTag(at: row)
            sink.append(0x7B)
            IntegerText.append(Int64(tag), to: &sink)
            sink.append(0x3A)
            appendNested(column.children[1 + tag], row: row, to: &sink)
            sink.append(0x7D)
        case .string, .varchar, .char:
            sink.append(0x22)
            appendEscaped(column.bytes(at: index), to: &sink)
            sink.append(0x22)
        case .date, .timestamp:
            sink.append(0x22)
            appendScalar(column, row: index, to: &sink)
            sink.append(0x22)
        default: appendScalar(column, row: index, to: &sink)
        }
    }

    private static func appendList(
        _ column: Column, row index: Int, open: UInt8, close: UInt8, to sink: inout ByteSink,
        _ appendElement: (Int, inout ByteSink) -> Void
    ) {
        let range = column.values(as: ListEntry.self)[column.storedIndex(index)].range
        sink.append(open)
        for element in range {
            if element > range.lowerBound { sink.append(0x2C) }
            appendElement(element, &sink)
        }
        sink.append(close)
    }

    private static func appendStructure(_ column: Column, _ fields: [Field], row index: Int, to sink: inout ByteSink) {
        let row = column.storedIndex(index)
        sink.append(0x7B)
        for (position, field) in fields.enumerated() {
            if position > 0 { sink.append(0x2C) }
            sink.append(0x22)
            sink.append(field.name)
            sink.append("\":")
            appendNested(column.children[position], row: row, to: &sink)
        }
        sink.append(0x7D)
    }

    /// Appends text with quotes, backslashes and control characters escaped as in JSON.
    public static func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>, to sink: inout ByteSink) {
        let hexadecimal: StaticString = "0123456789abcdef"
        for byte in bytes {
            switch byte {
            case 0x22: sink.append("\\\"")
            case 0x5C: sink.append("\\\\")
            case 0x08: sink.append("\\b")
            case 0x0C: sink.append("\\f")
            case 0x0A: sink.append("\\n")
            case 0x0D: sink.append("\\r")
            case 0x09: sink.append("\\t")
            case 0..<0x20:
                sink.append("\\u00")
                sink.append(hexadecimal.utf8Start[Int(byte >> 4)])
                sink.append(hexadecimal.utf8Start[Int(byte & 15)])
            default: sink.append(byte)
            }
        }
    }
}
