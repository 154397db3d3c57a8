import HoneyCore
import HoneyExecution
import HoneyPlan
import HoneyStorage
import Synchronization

/// What all instances of a running query share: whether it goes on, and what it has done.
final class QueryState: Sendable {
    /// What one plan node did in all its instances.
    struct NodeTotals {
        var instances = 0
        /// Instances that send to it.
        var senders = 0
        var totalNanoseconds = 0
        var maximumNanoseconds = 0
        var rows = 0
        var read = ReadCounters()
        var locality = LocalityCounts()
        var peakMemoryBytes = 0
    }

    private struct State {
        var error: (any Error)?
        var totals: [Int: NodeTotals] = [:]
    }

    private let state = Mutex(State())
    private let stopped = Atomic<Bool>(false)
    let memory: MemoryTracker
    let finishedSplits = Atomic<Int>(0)
    let totalSplits = Atomic<Int>(0)
    let rowsRead = Atomic<Int>(0)
    let bytesRead = Atomic<Int>(0)
    private let onStop = Mutex<(@Sendable () -> Void)?>(nil)

    init(memory: MemoryTracker) { self.memory = memory }

    /// Tells that instances must end without finishing.
    var isStopped: Bool { stopped.load(ordering: .relaxed) }
    var error: (any Error)? { state.withLock { $0.error } }

    /// Sets what wakes everyone who waits, for when the query is stopped.
    func setStopHandler(_ handler: @escaping @Sendable () -> Void) { onStop.withLock { $0 = handler } }

    /// Ends the query with an error; the first one counts.
    func fail(with error: any Error) {
        let isFirst = state.withLock { state in
            if state.error != nil { return false }
            state.error = error
            return true
        }
        if isFirst { stop() }
    }

    /// Ends the query early.
    func stop() {
        stopped.store(true, ordering: .relaxed)
        onStop.withLock { $0 }?()
    }

    func record(_ metrics: [Driver.Metrics], peaks: [Int]) {
        state.withLock { state in
            for (index, (metric, peak)) in zip(metrics, peaks).enumerated() {
                var totals = state.totals[metric.nodeID] ?? NodeTotals()
                // The last operator sends to an exchange that another fragment counts as its own.
                if index == metrics.count - 1 { totals.senders += 1 } else { totals.instances += 1 }
                totals.totalNanoseconds += metric.nanoseconds
                totals.maximumNanoseconds = max(totals.maximumNanoseconds, metric.nanoseconds)
                totals.rows += metric.rows
                totals.peakMemoryBytes += peak
                state.totals[metric.nodeID] = totals
            }
        }
    }

    /// Adds what a scan has read since it was last asked.
    func record(_ read: ReadCounters, nodeID: Int) {
        state.withLock { state in
            var totals = state.totals[nodeID] ?? NodeTotals()
            totals.read.bytesRequested += read.bytesRequested
            totals.read.bytesRead += read.bytesRead
            totals.read.bytesDecompressed += read.bytesDecompressed
            totals.read.rowsRead += read.rowsRead
            totals.read.partsSkipped += read.partsSkipped
            state.totals[nodeID] = totals
        }
    }

    /// Counts where a split is read.
    func record(_ locality: LocalityCounts, nodeID: Int) {
        state.withLock { state in
            state.totals[nodeID, default: NodeTotals()].locality += locality
        }
    }

    var totals: [Int: NodeTotals] { state.withLock { $0.totals } }
}
