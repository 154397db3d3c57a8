import HoneyCore

extension ColumnConversion {
    /// Converts texts where their new type reads them otherwise than a file's text; nil elsewhere.
    static func texts(_ column: Column, to type: DataType) throws -> Column? {
        switch (column.type, type) {
        case (.string, .binary), (.varchar, .binary), (.char, .binary): return rebuilt(column, type, [])
        case (.binary, .string), (.binary, .varchar), (.binary, .char):
            return try convert(rebuilt(column, .string, []), to: type)
        case (.string, .boolean), (.varchar, .boolean), (.char, .boolean):
            // Any text is true, and none is false.
            return mapped(column, type) { (text: BytesView) in text.head & 0xFFFF_FFFF != 0 ? 1 : 0 as UInt8 }
        case (.string, .timestamp), (.varchar, .timestamp), (.char, .timestamp):
            return try timestamps(column)
        default: return nil
        }
    }

    /// Reads timestamps; a date alone is its midnight.
    private static func timestamps(_ column: Column) throws -> Column {
        let moments = try throughText(column, to: .timestamp)
        let midnights = try convert(try throughText(column, to: .date), to: .timestamp)
        let builder = ColumnBuilder(.timestamp, capacity: column.storedCount)
        for row in 0..<column.storedCount {
            let source = moments.isNull(at: row) ? midnights : moments
            if source.isNull(at: row) {
                builder.appendNull()
            } else {
                builder.append(source.values(as: Int128.self)[row])
            }
        }
        return builder.finish(isConstant: column.isConstant, count: column.count)
    }

    /// The part of a text that Hive reads as a value of the type: decimals without spaces around, dates without a time.
    private static func extent(_ text: UnsafeBufferPointer<UInt8>, as type: DataType) -> (start: Int, length: Int) {
        switch type {
        case .decimal:
            let start = text.firstIndex { $0 != 0x20 } ?? text.count
            let end = (text.lastIndex { $0 != 0x20 } ?? start - 1) + 1
            return (start, max(end - start, 0))
        case .date: return (0, min(text.firstIndex(of: 0x20) ?? text.count, text.count))
        default: return (0, text.count)
        }
    }

    /// Writes values as text and reads them as the other type.
    static func throughText(_ column: Column, to type: DataType) throws -> Column {
        // A null sequence that no value has: what is null is taken from the column.
        let parameters = try LazySimpleParameters(serde: ["serialization.null.format": "\0"])
        let writer = LazySimpleWriter(parameters)
        var text = ByteSink()
        var cells = CellList()
        for row in 0..<column.storedCount {
            let start = text.count
            if column.isNull(at: row) {
                cells.appendMissing()
                continue
            }
            if case .char = column.type {
                // Padding is no part of the value elsewhere.
                var bytes = column.bytes(at: row)
                while bytes.last == 0x20 { bytes = UnsafeBufferPointer(rebasing: bytes.dropLast()) }
                text.append(bytes)
            } else {
                writer.append(column, row: row, level: 1, to: &text)
            }
            let (first, length) = text.withBytes { extent(UnsafeBufferPointer(rebasing: $0[start...]), as: type) }
            cells.append(start: start + first, length: length)
        }
        let buffer = Buffer(zeroed: text.count + 64)
        text.withBytes { bytes in
            if let base = bytes.baseAddress { buffer.base.copyMemory(from: base, byteCount: bytes.count) }
        }
        let start = UnsafePointer(buffer.pointer(to: UInt8.self))
        let converted = try cells.starts.withUnsafeBufferPointer { starts in
            try cells.lengths.withUnsafeBufferPointer { lengths in
                guard let first = starts.baseAddress, let second = lengths.baseAddress else {
                    return ColumnBuilder(type, capacity: 1).finish()
                }
                return try LazySimpleCells(parameters).decode(
                    type, Cells(bytes: start, starts: first, lengths: second, count: starts.count, owner: buffer))
            }
        }
        return Column(
            type: type, count: column.count, isConstant: column.isConstant, validity: converted.validity,
            data: converted.data, owners: converted.owners, children: converted.children)
    }
}
