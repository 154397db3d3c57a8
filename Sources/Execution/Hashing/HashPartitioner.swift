package import HoneyCore
package import HoneyPlan

/// Cuts batches into parts so that rows with equal keys come into parts of one number, whoever cuts.
package final class HashPartitioner {
    private let expressions: CompiledExpressions
    private let keys: KeyEncoder
    private let partCount: Int

    package init(
        _ keys: [Expression], parts: Int, over input: [ColumnReference], in context: EvaluationContext
    ) throws {
        expressions = try CompiledExpressions(keys, over: input, in: context)
        self.keys = KeyEncoder(KeyLayout(keys.map(\.type)))
        partCount = parts
    }

    /// The parts, one for each number; they share the batch's columns.
    package func parts(of batch: Batch) throws -> [Batch] {
        // The keys are evaluated on every row, so that rows keep their places.
        let columns = try expressions.evaluate(batch.columns, count: batch.count)
        keys.encode(columns, count: batch.count, selection: batch.selection)
        let hashes = keys.hashes
        let rows = keys.count
        var targets = [UInt16](repeating: 0, count: rows)
        let parts = UInt64(partCount)
        for row in 0..<rows {
            // Mixed once more: the tables behind use the same hash.
            let spread = HashMixing.fold(hashes[row] ^ HashMixing.third, HashMixing.first)
            targets[row] = UInt16(truncatingIfNeeded: ((spread >> 32) &* parts) >> 32)
        }
        return (0..<partCount).map { part in
            let wanted = UInt16(truncatingIfNeeded: part)
            let before = batch.selection?.indices
            let selection = Selection(capacity: rows) { indices in
                var kept = 0
                targets.withUnsafeBufferPointer { targets in
                    for row in 0..<rows {
                        indices[kept] = before.map { $0[row] } ?? Int32(truncatingIfNeeded: row)
                        kept &+= Int(unsafeBitCast(targets[row] == wanted, to: UInt8.self))
                    }
                }
                return kept
            }
            return Batch(columns: batch.columns, count: batch.count, selection: selection)
        }
    }
}
