import HoneyCore

/// Turns columns into binary rows.
final class LazyBinaryEncoder: RecordEncoder {
    private let types: [DataType]
    private let encoders: [LazyBinaryCellEncoder]
    private let cells: [CellStore]
    private let record = ByteStore()

    init(_ types: [DataType]) throws {
        self.types = types
        encoders = try types.map { try LazyBinaryCellEncoder($0, origin: .row) }
        cells = types.map { _ in CellStore() }
    }

    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        let rows =
            batch.selection.map { CellRows(UnsafePointer($0.indices), count: $0.count) } ?? CellRows(count: batch.count)
        for ((column, encoder), store) in zip(zip(batch.columns, encoders), cells) {
            store.removeAll()
            try encoder.encode(column.flattened(), rows: rows, into: store)
        }
        var walks = cells.map { LazyBinaryCellWalk($0) }
        for _ in 0..<rows.count {
            record.removeAll()
            LazyBinaryCellEncoder.appendStruct(&walks, types: types, to: record)
            try emit(record.bytes)
        }
        withExtendedLifetime(batch) {}
    }
}
