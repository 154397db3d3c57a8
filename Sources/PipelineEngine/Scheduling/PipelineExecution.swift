import HoneyCore
import HoneyExecution
import HoneyPlan
import Synchronization

/// A running query of the pipeline engine.
final class PipelineExecution: QueryExecution, @unchecked Sendable {
    let schema: Schema
    private let plan: PhysicalPlan
    private let fragments: [Fragment]
    private let query: QueryState
    private let results: BatchQueue
    private let scheduler: Scheduler
    private let signal = Condition()
    private let started = monotonicNanoseconds()

    init(_ fragments: [Fragment], plan: PhysicalPlan, schema: Schema, in context: QueryContext) throws {
        self.plan = plan
        self.fragments = fragments
        self.schema = schema
        let memory = MemoryTracker(limitBytes: context.memoryLimitBytes)
        let query = QueryState(memory: memory)
        self.query = query
        let instances = try InstanceBuilder(fragments, query: query, context: context)
        let drivers = try instances.makeDrivers()
        results = instances.results
        let signal = signal
        let lateEnd = EndTime()
        scheduler = Scheduler(drivers, threads: context.threads) {
            lateEnd.nanoseconds.store(monotonicNanoseconds(), ordering: .releasing)
            signal.withLock { signal.broadcast() }
        }
        endTime = lateEnd
        query.setStopHandler { [weak scheduler] in
            scheduler?.wakeAll()
            signal.withLock { signal.broadcast() }
        }
        // A driver may have failed before the handler was there.
        if query.isStopped { scheduler.wakeAll() }
    }

    private final class EndTime: Sendable {
        let nanoseconds = Atomic<Int>(0)
    }
    private let endTime: EndTime

    deinit { query.stop() }

    func next() throws -> Batch? {
        while true {
            if let error = query.error { throw error }
            switch results.take() {
            case .batch(let batch):
                if batch.rowCount > 0 { return batch }
            case .ended:
                // An error closes the query before its last producer has ended.
                if let error = query.error { throw error }
                waitForEnd()
                if let error = query.error { throw error }
                return nil
            case .empty: waitForData()
            }
        }
    }

    private func waitForData() {
        let arrived = Flag()
        let signal = signal
        let waits = results.dataEvent.notify {
            signal.withLock {
                arrived.isSet.store(true, ordering: .releasing)
                signal.broadcast()
            }
        }
        guard waits else { return }
        signal.withLock {
            while !arrived.isSet.load(ordering: .acquiring), !query.isStopped { signal.wait() }
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    /// Waits until every instance has reported, so that the summary is complete.
    private func waitForEnd() {
        signal.withLock { while endTime.nanoseconds.load(ordering: .acquiring) == 0 { signal.wait() } }
    }

    func cancel() { query.fail(with: HoneyError(.cancelled, "CANCELLED", "query was cancelled")) }

    var progress: QueryProgress {
        QueryProgress(
            finishedSplits: query.finishedSplits.load(ordering: .relaxed),
            totalSplits: query.totalSplits.load(ordering: .relaxed),
            rowsRead: query.rowsRead.load(ordering: .relaxed), bytesRead: query.bytesRead.load(ordering: .relaxed))
    }

    var summary: QuerySummary {
        let end = endTime.nanoseconds.load(ordering: .acquiring)
        return QuerySummary(
            rows: SummaryRows.make(plan, fragments: fragments, totals: query.totals),
            wallNanoseconds: (end == 0 ? monotonicNanoseconds() : end) - started,
            peakMemoryBytes: query.memory.peakBytes, bytesRead: query.bytesRead.load(ordering: .relaxed))
    }
}
