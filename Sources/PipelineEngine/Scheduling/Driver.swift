import HoneyCore
import HoneyExecution

/// Pushes batches through the operators of one fragment instance, from its source to its sink.
final class Driver: ScheduledTask, @unchecked Sendable {
    /// What an operator did in this instance.
    struct Metrics {
        var nodeID: Int
        var rows = 0
        var nanoseconds = 0
    }

    private var operators: [any Operator]
    private(set) var metrics: [Metrics]
    private let query: QueryState
    /// Operators below this one have ended or are not wanted any more.
    private var lowest = 0
    private var isClosed = false
    /// Batches moved before other tasks get a turn.
    private static let turnSteps = 256

    init(_ operators: [(nodeID: Int, operator: any Operator)], query: QueryState) {
        self.operators = operators.map(\.operator)
        metrics = operators.map { Metrics(nodeID: $0.nodeID) }
        self.query = query
    }

    func run() -> TaskOutcome {
        do {
            let outcome = try step()
            if case .done = outcome { close() }
            return outcome
        } catch {
            query.fail(with: error)
            close()
            return .done
        }
    }

    private func step() throws -> TaskOutcome {
        let last = operators.count - 1
        var index = last
        var steps = 0
        var started = monotonicNanoseconds()
        func charge(_ index: Int) {
            let now = monotonicNanoseconds()
            metrics[index].nanoseconds += now - started
            started = now
        }
        while true {
            if query.isStopped { return .done }
            let step = try operators[index].next()
            charge(index)
            switch step {
            case .batch(let batch):
                metrics[index].rows += batch.rowCount
                steps += 1
                guard index < last else { throw HoneyError.unexpected("the last operator of a pipeline gave rows") }
                try operators[index + 1].accept(batch)
                charge(index + 1)
                index += 1
                if steps >= Self.turnSteps { return .again }
            case .needsInput:
                guard index > lowest else { throw HoneyError.unexpected("an operator wants input after its end") }
                index -= 1
            case .blocked(let event): return .blocked(event)
            case .finished:
                for below in lowest..<index { operators[below].close() }
                lowest = index + 1
                if index == last { return .done }
                try operators[index + 1].finish()
                charge(index + 1)
                index += 1
            }
        }
    }

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        for index in operators.indices { operators[index].close() }
        query.record(metrics, peaks: operators.map(\.peakMemoryBytes))
        operators = []
    }
}
