import HoneyCatalog
import HoneyCore

/// Turns columns into CSV records: every value between quotes, quotes and escapes escaped, null as nothing at all.
final class CSVEncoder: RecordEncoder {
    private let characters: CSVCharacters
    /// Whether values stand between quotes; a quote of NUL means none.
    private let isQuoting: Bool
    private let isEscaping: Bool

    /// Fails with `UNSUPPORTED_TYPE` for columns that have no text of their own.
    init(_ request: WriteRequest) throws {
        characters = try CSVCharacters(writing: request.serde.properties)
        isQuoting = characters.quote != [0]
        isEscaping = characters.escape != [0]
        if let column = request.columns.first(where: { $0.type.isComplex }) {
            throw HoneyError(
                .semantic, "UNSUPPORTED_TYPE", "CSV SerDe cannot store a column of type \(column.type): \(column.name)")
        }
    }

    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        var record = RecordBytes()
        var scratch = ByteSink()
        for index in 0..<batch.rowCount {
            let row = batch.selection?[index] ?? index
            record.removeAll()
            for (position, column) in batch.columns.enumerated() {
                if position > 0 { append(characters.separator, to: &record) }
                if column.isNull(at: row) { continue }
                if column.type.isText {
                    append(value: column.bytes(at: row), to: &record)
                } else {
                    scratch.removeAll()
                    ValueText.appendScalar(column, row: row, to: &scratch)
                    scratch.withBytes { append(value: $0, to: &record) }
                }
            }
            try emit(UnsafeRawBufferPointer(record.bytes))
        }
    }

    private func append(value: UnsafeBufferPointer<UInt8>, to record: inout RecordBytes) {
        if isQuoting { append(characters.quote, to: &record) }
        var copied = 0
        if isEscaping {
            // A character's first byte is none other's, so that comparing bytes finds characters.
            let (quote, escape) = (characters.quote[0], characters.escape[0])
            for index in 0..<value.count where value[index] == quote || value[index] == escape {
                guard let base = value.baseAddress,
                    characters.isThere(characters.quote, base, index, value.count)
                        || characters.isThere(characters.escape, base, index, value.count)
                else { continue }
                record.append(UnsafeBufferPointer(rebasing: value[copied..<index]))
                append(characters.escape, to: &record)
                copied = index
            }
        }
        record.append(UnsafeBufferPointer(rebasing: value[copied...]))
        if isQuoting { append(characters.quote, to: &record) }
    }

    @inline(__always)
    private func append(_ character: [UInt8], to record: inout RecordBytes) {
        character.withUnsafeBufferPointer { record.append($0) }
    }
}
