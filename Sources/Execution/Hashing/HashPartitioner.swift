package import HoneyCore
package import HoneyPlan

/// Cuts batches into parts, each for one receiver.
package protocol RowPartitioner: AnyObject {
    /// The parts, one for each receiver; they share the batch's columns.
    func parts(of batch: Batch) throws -> [Batch]
}

/// Cuts batches into parts so that rows with equal keys come into parts of one number, whoever cuts.
package final class HashPartitioner: RowPartitioner {
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
        return batch.parts(partCount, by: targets)
    }
}

extension Batch {
    /// The (selected) rows of each of `count` parts, by the number that `targets` gives each.
    func parts(_ count: Int, by targets: [UInt16]) -> [Batch] {
        (0..<count).map { part in
            let wanted = UInt16(truncatingIfNeeded: part)
            let before = selection?.indices
            let chosen = Selection(capacity: targets.count) { indices in
                var kept = 0
                targets.withUnsafeBufferPointer { targets in
                    for row in 0..<targets.count {
                        indices[kept] = before.map { $0[row] } ?? Int32(truncatingIfNeeded: row)
                        kept &+= Int(unsafeBitCast(targets[row] == wanted, to: UInt8.self))
                    }
                }
                return kept
            }
            return Batch(columns: columns, count: self.count, selection: chosen)
        }
    }
}
