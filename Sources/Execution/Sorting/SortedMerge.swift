package import HoneyCore
package import HoneyPlan

/// Merges streams that are each in order into one in order.
///
/// The driver of the streams gives it the next batch of the stream it asks for.
package final class SortedMerge {
    package enum Need {
        /// Give the next batch of this stream (or say that it has ended).
        case stream(Int)
        case batch(Batch)
        case finished
    }

    private struct Stream {
        var batch: Batch?
        var keys: [Column] = []
        var position = 0
        var hasEnded = false
    }

    private let expressions: CompiledExpressions
    private let order: RowOrder
    private let types: [DataType]
    private var streams: [Stream]

    package init(
        keys: [Sort.Key], streams count: Int, over input: [ColumnReference], in context: EvaluationContext
    ) throws {
        expressions = try CompiledExpressions(keys.map(\.expression), over: input, in: context)
        order = RowOrder(keys.map { KeyDirection($0) })
        types = input.map(\.type)
        streams = [Stream](repeating: Stream(), count: count)
    }

    /// Gives a stream's next batch; nil at its end.
    package func accept(_ batch: Batch?, stream: Int) throws {
        guard let batch else {
            streams[stream].hasEnded = true
            streams[stream].batch = nil
            return
        }
        let whole = batch.materialized()
        guard whole.count > 0 else { return }
        streams[stream].keys = try expressions.evaluate(whole.columns, count: whole.count)
        streams[stream].batch = whole
        streams[stream].position = 0
    }

    package func next() -> Need {
        if let missing = streams.firstIndex(where: { $0.batch == nil && !$0.hasEnded }) { return .stream(missing) }
        let active = streams.indices.filter { streams[$0].batch != nil }
        guard let first = active.first else { return .finished }
        if active.count == 1 {
            let stream = streams[first]
            streams[first].batch = nil
            return .batch(stream.position == 0 ? stream.batch! : stream.batch!.rows(from: stream.position))
        }
        return .batch(mergeUntilOneEnds(active))
    }

    /// Takes rows in order until the batch of one stream is used up.
    private func mergeUntilOneEnds(_ active: [Int]) -> Batch {
        var offsets: [Int] = []
        var total = 0
        for index in active {
            offsets.append(total)
            total += streams[index].batch!.count
        }
        let keys = active.map { streams[$0].keys }
        let ends = active.map { streams[$0].batch!.count }
        var positions = active.map { streams[$0].position }
        var taken: [Int32] = []
        taken.reserveCapacity(total)
        while true {
            var best = 0
            for candidate in 1..<keys.count
            where order.compare(keys[candidate], positions[candidate], keys[best], positions[best]) < 0 {
                best = candidate
            }
            taken.append(Int32(truncatingIfNeeded: offsets[best] + positions[best]))
            positions[best] += 1
            if positions[best] == ends[best] { break }
        }
        for (index, position) in zip(active, positions) { streams[index].position = position }
        let whole = Batch.concatenated(active.map { streams[$0].batch! }, types: types)
        for index in active where streams[index].position == streams[index].batch!.count { streams[index].batch = nil }
        return taken.withUnsafeBufferPointer { indices in
            Batch(
                columns: whole.columns.map { $0.gathered(indices.baseAddress!, count: indices.count) },
                count: indices.count)
        }
    }
}

extension Batch {
    /// The rows from `start` on, of a batch without a selection.
    package func rows(from start: Int) -> Batch {
        let selection = Selection(capacity: count - start) { target in
            for row in start..<count { target[row - start] = Int32(truncatingIfNeeded: row) }
            return count - start
        }
        return Batch(columns: columns, count: count, selection: selection)
    }
}
