package import HoneyCore
package import HoneyPlan

/// Orders all rows; with a limit it keeps only rows that can still be among the first.
package final class SortOperator: Operator {
    private let expressions: CompiledExpressions
    private let order: RowOrder
    private let limit: Int?
    private let width: Int
    private let memory: MemoryReservation
    private let types: [DataType]
    private var rows: BatchAppender
    /// Where each key is among the kept columns: input columns first, computed keys after them.
    private let keyPositions: [Int]
    /// The first key's prefix of the last row within the limit; rows above it cannot matter.
    private var threshold: UInt64?
    private var sorted: (batch: Batch, order: [Int32])?
    private var cursor = 0
    private var isFinished = false

    package init(
        keys: [Sort.Key], limit: Int?, over input: [ColumnReference], in context: EvaluationContext,
        memory: MemoryReservation
    ) throws {
        var positions: [Int] = []
        var computed: [Expression] = []
        for key in keys {
            if case .column(let reference) = key.expression, let position = input.firstIndex(of: reference) {
                positions.append(position)
            } else {
                positions.append(input.count + computed.count)
                computed.append(key.expression)
            }
        }
        keyPositions = positions
        width = input.count
        expressions = try CompiledExpressions(input.map { .column($0) } + computed, over: input, in: context)
        order = RowOrder(keys.map { KeyDirection($0) })
        self.limit = limit
        self.memory = memory
        types = input.map(\.type) + computed.map(\.type)
        rows = BatchAppender(types)
    }

    package var peakMemoryBytes: Int { memory.peakBytes }

    package func accept(_ batch: Batch) throws {
        guard batch.rowCount > 0, limit != 0 else { return }
        var evaluated = try expressions.evaluate(batch)
        if let threshold { evaluated.selection = rowsBelow(threshold, evaluated) }
        guard evaluated.rowCount > 0 else { return }
        guard rows.count + evaluated.rowCount < Int(Int32.max) else {
            throw HoneyError(
                .environment, "TOO_MANY_ROWS", "more rows to sort than one instance can number: \(rows.count)")
        }
        rows.append(evaluated)
        if let limit, rows.count > max(4 * limit, 8 * Batch.targetRows) { shrink(to: limit) }
        // The order itself takes 16 bytes a row while sorting.
        try memory.set(rows.memoryBytes + rows.count * 24)
    }

    private func rowsBelow(_ threshold: UInt64, _ batch: Batch) -> Selection? {
        let prefixes = UnsafeMutablePointer<UInt64>.allocate(capacity: max(batch.count, 1))
        defer { prefixes.deallocate() }
        SortPrefix.fill(prefixes, batch.columns[keyPositions[0]], count: batch.count, order.directions[0])
        let before = batch.selection
        return Selection(capacity: batch.rowCount) { target in
            var kept = 0
            for position in 0..<batch.rowCount {
                let row = before.map { $0[position] } ?? position
                target[kept] = Int32(truncatingIfNeeded: row)
                kept &+= Int(unsafeBitCast(prefixes[row] <= threshold, to: UInt8.self))
            }
            return kept
        }
    }

    private func keyColumns(_ batch: Batch) -> [Column] { keyPositions.map { batch.columns[$0] } }

    /// Keeps the first `limit` rows only, and learns the threshold.
    private func shrink(to limit: Int) {
        let whole = rows.finish()
        let first = RowSorting.sortedRows(keyColumns(whole), count: whole.count, order: order, limit: limit)
        rows = BatchAppender(types)
        let selection = Selection(capacity: first.count) { target in
            for (position, row) in first.enumerated() { target[position] = row }
            return first.count
        }
        rows.append(Batch(columns: whole.columns, count: whole.count, selection: selection))
        if let last = first.last, !keyPositions.isEmpty {
            let column = whole.columns[keyPositions[0]]
            let single = withUnsafePointer(to: last) { column.gathered($0, count: 1) }
            var prefix: UInt64 = 0
            SortPrefix.fill(&prefix, single, count: 1, order.directions[0])
            threshold = prefix
        }
    }

    package func finish() throws {
        isFinished = true
        let whole = rows.finish()
        rows = BatchAppender([])
        sorted = (whole, RowSorting.sortedRows(keyColumns(whole), count: whole.count, order: order, limit: limit))
    }

    package func next() throws -> Step {
        guard isFinished else { return limit == 0 ? .finished : .needsInput }
        guard let sorted, cursor < sorted.order.count else {
            self.sorted = nil
            try memory.set(0)
            return .finished
        }
        let count = min(Batch.targetRows, sorted.order.count - cursor)
        let columns = sorted.order.withUnsafeBufferPointer { indices in
            sorted.batch.columns[..<width].map { $0.gathered(indices.baseAddress! + cursor, count: count) }
        }
        cursor += count
        return .batch(Batch(columns: columns, count: count))
    }

    package func close() {
        sorted = nil
        rows = BatchAppender([])
    }
}
