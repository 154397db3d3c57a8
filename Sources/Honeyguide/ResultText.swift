public import HoneyCore

/// Prints rows as the Hive CLI does: columns by TAB, a line a row, `NULL` for null, complex values like JSON.
public struct ResultText {
    private var sink = ByteSink()

    public init() {}

    /// Calls `body` with the lines of a batch's rows.
    public mutating func withLines<R>(
        of batch: Batch, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R {
        sink.removeAll()
        for position in 0..<batch.rowCount {
            let row = batch.selection?[position] ?? position
            for (index, column) in batch.columns.enumerated() {
                if index > 0 { sink.append(UInt8(ascii: "\t")) }
                ValueText.append(column, row: row, to: &sink)
            }
            sink.append(UInt8(ascii: "\n"))
        }
        return try sink.withBytes(body)
    }

    /// The header line that `hive.cli.print.header` asks for.
    public static func header(_ schema: Schema) -> String {
        schema.fields.map(\.name).joined(separator: "\t") + "\n"
    }
}
