import HoneyCore
import HoneyExecution
import HoneyPlan

/// Ends a pipeline: sends rows to the queues of another fragment's instances.
final class ExchangeSink: Operator {
    private let queues: [BatchQueue]
    /// Cuts rows up when there are several queues.
    private let partitioner: (any RowPartitioner)?
    private var pending: [(queue: Int, batch: Batch)] = []
    private var isFinished = false
    private var hasEnded = false

    init(_ queues: [BatchQueue], partitioner: (any RowPartitioner)? = nil) {
        self.queues = queues
        self.partitioner = partitioner
    }

    func accept(_ batch: Batch) throws {
        guard batch.rowCount > 0 else { return }
        guard let partitioner, queues.count > 1 else {
            pending.append((0, batch))
            return
        }
        for (index, part) in try partitioner.parts(of: batch).enumerated() where part.rowCount > 0 {
            pending.append((index, part))
        }
    }

    func finish() { isFinished = true }

    func next() throws -> Step {
        while let (index, batch) = pending.last {
            guard try queues[index].push(batch) else { return .blocked(queues[index].roomEvent) }
            pending.removeLast()
        }
        if isFinished || queues.allSatisfy(\.isClosed) {
            end()
            return .finished
        }
        return .needsInput
    }

    func close() { end() }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        for queue in queues { queue.producerEnded() }
    }
}

/// Starts a pipeline with what other instances send, in any order.
final class ExchangeSource: SourceOperator {
    private let queues: [BatchQueue]
    private var open: [Int]
    private var turn = 0

    /// Reads several queues as one.
    init(_ queues: [BatchQueue]) {
        self.queues = queues
        open = Array(queues.indices)
    }

    func next() -> Step {
        var tried = 0
        while tried < open.count {
            if turn >= open.count { turn = 0 }
            switch queues[open[turn]].take() {
            case .batch(let batch): return .batch(batch)
            case .ended: open.remove(at: turn)
            case .empty:
                turn += 1
                tried += 1
            }
        }
        guard !open.isEmpty else { return .finished }
        return .blocked(AnyDataEvent(open.map { queues[$0] }))
    }

    func close() { for queue in queues { queue.close() } }

    /// Data in any of some queues.
    private final class AnyDataEvent: Event {
        let queues: [BatchQueue]
        init(_ queues: [BatchQueue]) { self.queues = queues }
        func notify(_ wake: @escaping @Sendable () -> Void) -> Bool {
            // A queue that wakes in vain does no harm.
            queues.allSatisfy { $0.dataEvent.notify(wake) }
        }
    }
}

/// Starts a pipeline with the rows of senders that are each in order, merged.
final class MergeSource: SourceOperator {
    private let queues: [BatchQueue]
    private let merge: SortedMerge

    init(_ queues: [BatchQueue], _ merge: SortedMerge) {
        self.queues = queues
        self.merge = merge
    }

    func next() throws -> Step {
        while true {
            switch merge.next() {
            case .finished: return .finished
            case .batch(let batch): return .batch(batch)
            case .stream(let index):
                switch queues[index].take() {
                case .batch(let batch): try merge.accept(batch, stream: index)
                case .ended: try merge.accept(nil, stream: index)
                case .empty: return .blocked(queues[index].dataEvent)
                }
            }
        }
    }

    func close() { for queue in queues { queue.close() } }
}
