import HoneyCatalog
public import HoneyCore

/// Turns columns into records of delimited text, byte for byte as Hive writes them.
public final class LazySimpleEncoder: RecordEncoder {
    private let values: LazySimpleWriter

    /// Fails with `NESTING_TOO_DEEP`.
    public convenience init(_ request: WriteRequest) throws {
        try self.init(request, LazySimpleParameters(request))
    }

    init(_ request: WriteRequest, _ parameters: LazySimpleParameters) throws {
        values = LazySimpleWriter(parameters)
        for column in request.columns { try values.check(column.type, level: 1) }
    }

    public func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        let canCopyText = values.parameters.escape == nil
        let fields = batch.columns.map { FieldComposer($0, canCopyText: canCopyText) }
        defer { withExtendedLifetime(batch) {} }
        let values = values
        let separator = values.parameters.fieldSeparator
        let rows = batch.selection.map { UnsafePointer($0.indices) }
        var record = RecordBytes()
        var scratch = ByteSink()
        try values.parameters.nullSequence.withUnsafeBufferPointer { null in
            try fields.withUnsafeBufferPointer { fields in
                for index in 0..<batch.rowCount {
                    let row = rows.map { Int($0[index]) } ?? index
                    record.removeAll()
                    for position in fields.indices {
                        if position > 0 { record.append(separator) }
                        fields[position].append(row: row, to: &record, values, null: null, &scratch)
                    }
                    try emit(UnsafeRawBufferPointer(record.bytes))
                }
            }
        }
    }
}

/// Writes single values as LazySimpleSerDe does.
public struct LazySimpleWriter {
    public let parameters: LazySimpleParameters
    /// Which bytes are escaped in text; empty when none is.
    private let escaped: [Bool]

    public init(_ parameters: LazySimpleParameters) {
        self.parameters = parameters
        guard let escape = parameters.escape else {
            escaped = []
            return
        }
        var escaped = [Bool](repeating: false, count: 256)
        for byte in parameters.separators + [escape] { escaped[Int(byte)] = true }
        if parameters.escapesLineEnds {
            escaped[0x0A] = true
            escaped[0x0D] = true
        }
        self.escaped = escaped
    }

    /// Fails with `NESTING_TOO_DEEP` when a type needs more separators than there are.
    public func check(_ type: DataType, level: Int) throws {
        if parameters.nestsAsJSON { return }
        switch type {
        case .array(let element):
            _ = try parameters.separator(level: level)
            try check(element, level: level + 1)
        case .map(let key, let value):
            _ = try parameters.separator(level: level + 1)
            try check(key, level: level + 2)
            try check(value, level: level + 2)
        case .structure(let fields):
            _ = try parameters.separator(level: level)
            for field in fields { try check(field.type, level: level + 1) }
        case .union(let branches):
            _ = try parameters.separator(level: level)
            for branch in branches { try check(branch, level: level + 1) }
        default: break
        }
    }

    /// Appends row `row` of a column whose type has been checked; `level` is 1 for a table's columns.
    public func append(_ column: Column, row: Int, level: Int, to sink: inout ByteSink) {
        if column.isNull(at: row) { return parameters.nullSequence.withUnsafeBufferPointer { sink.append($0) } }
        let index = column.storedIndex(row)
        if parameters.nestsAsJSON, column.type.isComplex || column.type == .binary {
            return appendJSON(column, row, to: &sink)
        }
        switch column.type {
        case .void: parameters.nullSequence.withUnsafeBufferPointer { sink.append($0) }
        case .boolean: sink.append(column.values(as: UInt8.self)[index] != 0 ? "true" : "false")
        case .tinyint: IntegerText.append(Int64(column.values(as: Int8.self)[index]), to: &sink)
        case .smallint: IntegerText.append(Int64(column.values(as: Int16.self)[index]), to: &sink)
        case .int: IntegerText.append(Int64(column.values(as: Int32.self)[index]), to: &sink)
        case .bigint: IntegerText.append(column.values(as: Int64.self)[index], to: &sink)
        case .float: RealText.append(column.values(as: Float.self)[index], to: &sink)
        case .double: RealText.append(column.values(as: Double.self)[index], to: &sink)
        case .decimal(_, let scale):
            let unscaled =
                column.physical == .int64
                ? Int128(column.values(as: Int64.self)[index]) : column.values(as: Int128.self)[index]
            DecimalText.append(unscaled, scale: scale, to: &sink)
        case .string, .varchar: appendText(column.bytes(at: row), to: &sink)
        case .char(let length):
            let text = column.bytes(at: row)
            appendText(text, to: &sink)
            sink.append(repeating: 0x20, count: length - CodePoints.count(text))
        case .binary where parameters.keepsBinary: sink.append(column.bytes(at: row))
        case .binary: Base64.append(column.bytes(at: row), to: &sink)
        case .date: DateText.append(column.values(as: Int32.self)[index], to: &sink)
        case .timestamp: TimestampText.append(column.values(as: Int128.self)[index], to: &sink)
        case .intervalYearMonth: IntervalText.append(months: column.values(as: Int32.self)[index], to: &sink)
        case .intervalDayTime: IntervalText.append(nanoseconds: column.values(as: Int128.self)[index], to: &sink)
        case .array, .map, .structure, .union: appendNested(column, index, level: level, to: &sink)
        }
    }

    private func appendJSON(_ column: Column, _ row: Int, to sink: inout ByteSink) {
        var text = ByteSink()
        ValueText.append(column, row: row, to: &text)
        text.withBytes { appendText($0, to: &sink) }
    }

    private func appendNested(_ column: Column, _ index: Int, level: Int, to sink: inout ByteSink) {
        let separator = parameters.separators[level]
        switch column.type {
        case .map:
            let entries = column.values(as: ListEntry.self)[index].range
            for entry in entries {
                if entry > entries.lowerBound { sink.append(separator) }
                append(column.children[0], row: entry, level: level + 2, to: &sink)
                sink.append(parameters.separators[level + 1])
                append(column.children[1], row: entry, level: level + 2, to: &sink)
            }
        case .structure:
            for (position, child) in column.children.enumerated() {
                if position > 0 { sink.append(separator) }
                append(child, row: index, level: level + 1, to: &sink)
            }
        case .union:
            let tag = column.children[0].unionTag(at: index)
            IntegerText.append(Int64(tag), to: &sink)
            sink.append(separator)
            append(column.children[1 + tag], row: index, level: level + 1, to: &sink)
        default:
            let items = column.values(as: ListEntry.self)[index].range
            for item in items {
                if item > items.lowerBound { sink.append(separator) }
                append(column.children[0], row: item, level: level + 1, to: &sink)
            }
        }
    }

    private func appendText(_ text: UnsafeBufferPointer<UInt8>, to sink: inout ByteSink) {
        guard let escape = parameters.escape, text.contains(where: { escaped[Int($0)] }) else {
            return sink.append(text)
        }
        for byte in text {
            guard escaped[Int(byte)] else {
                sink.append(byte)
                continue
            }
            sink.append(escape)
            sink.append(
                parameters.escapesLineEnds && byte == 0x0A
                    ? 0x6E : parameters.escapesLineEnds && byte == 0x0D ? 0x72 : byte)
        }
    }
}
