package import HoneyCore

/// Decodes a projection column by column, filters first, so that what a filter drops is not decoded for columns after it.
package final class LateDecoding {
    private let columnCount: Int
    private let filters: [any RowFilter]
    /// What stands for the columns of no rows.
    private let empty: [Column]
    /// The chosen rows of the run, when some are dropped.
    private var rows: UnsafeMutablePointer<Int32>
    private var capacity: Int

    package init(types: [DataType], filters: [any RowFilter]) {
        empty = types.map { ColumnBuilder($0, capacity: 1).finish() }
        self.filters = filters
        columnCount = types.count
        capacity = Batch.targetRows
        rows = .allocate(capacity: capacity)
    }

    deinit { rows.deallocate() }

    /// Makes the batch of a run of `count` rows; `decode` decodes one column of the projection for `rows` (nil: all).
    ///
    /// `prepare` is told which columns will be decoded next, as soon as it is known that they will.
    package func batch(
        count: Int, prepare: (_ columns: [Int]) throws -> Void = { _ in },
        decode: (_ column: Int, _ rows: UnsafePointer<Int32>?, _ count: Int) throws -> Column
    ) throws -> Batch {
        var decoded = [Column?](repeating: nil, count: columnCount)
        var left = count
        var isWhole = true
        for filter in filters {
            let missing = filter.columns.filter { decoded[$0] == nil }
            if !missing.isEmpty { try prepare(missing) }
            for column in missing where decoded[column] == nil {
                decoded[column] = try decode(column, isWhole ? nil : UnsafePointer(rows), left)
            }
            guard let selection = try filter.select(filter.columns.map { decoded[$0]! }, count: left),
                selection.count < left
            else { continue }
            choose(selection, isWhole: isWhole)
            isWhole = false
            left = selection.count
            if left == 0 { return emptyBatch }
            for column in 0..<columnCount {
                decoded[column] = decoded[column]?.gathered(selection.indices, count: left)
            }
        }
        let missing = (0..<columnCount).filter { decoded[$0] == nil }
        if !missing.isEmpty { try prepare(missing) }
        for column in missing {
            decoded[column] = try decode(column, isWhole ? nil : UnsafePointer(rows), left)
        }
        return Batch(columns: decoded.map { $0! }, count: left)
    }

    /// Narrows the chosen rows to those selected among them.
    private func choose(_ selection: Selection, isWhole: Bool) {
        if selection.count > capacity {
            rows.deallocate()
            capacity = selection.count
            rows = .allocate(capacity: capacity)
        }
        if isWhole {
            rows.update(from: selection.indices, count: selection.count)
        } else {
            // In place: an index is never larger than its row's own.
            for index in 0..<selection.count { rows[index] = rows[Int(selection.indices[index])] }
        }
    }

    /// A batch of no rows.
    package var emptyBatch: Batch { Batch(columns: empty, count: 0) }
}
