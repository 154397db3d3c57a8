import HoneyExecution

/// Work that is done in pieces and can wait without holding a thread.
protocol ScheduledTask: AnyObject, Sendable {
    /// Does a piece; one thread at a time.
    func run() -> TaskOutcome
}

enum TaskOutcome {
    /// There is more to do now.
    case again
    case blocked(any Event)
    case done
}

/// Runs tasks on some long-lived threads, each task on one thread at a time; first come, first served.
///
/// ```
/// queued → running → queued | done
///             ↓ blocked        ↑ woken
///           parked ────────────┘      (a wake that comes while it still runs queues it again at once)
/// ```
final class Scheduler: @unchecked Sendable {
    private enum TaskState { case queued, running, wokenWhileRunning, parked, done }

    private let condition = Condition()
    private let tasks: [any ScheduledTask]
    private var states: [TaskState]
    private var queue: [Int]
    private var head = 0
    private var remaining: Int
    private let onEnd: @Sendable () -> Void

    /// Starts `threads` threads; they end when all tasks are done, and the last calls `onEnd`.
    init(_ tasks: [any ScheduledTask], threads: Int, onEnd: @escaping @Sendable () -> Void) {
        self.tasks = tasks
        self.onEnd = onEnd
        states = tasks.map { _ in .queued }
        queue = Array(tasks.indices)
        remaining = tasks.count
        for _ in 0..<max(1, min(threads, tasks.count)) { startThread { self.work() } }
    }

    /// Queues every waiting task, so that it can see that the query has ended.
    func wakeAll() { for index in tasks.indices { wake(index) } }

    private func wake(_ index: Int) {
        condition.withLock {
            switch states[index] {
            case .parked:
                states[index] = .queued
                queue.append(index)
                condition.signal()
            case .running: states[index] = .wokenWhileRunning
            case .queued, .wokenWhileRunning, .done: break
            }
        }
    }

    private func work() {
        while let index = takeNext() {
            let outcome = tasks[index].run()
            switch outcome {
            case .done: end(index)
            case .again: settle(index, isReady: true)
            case .blocked(let event):
                let waits = event.notify { [weak self] in self?.wake(index) }
                settle(index, isReady: !waits)
            }
        }
    }

    private func takeNext() -> Int? {
        condition.withLock {
            while true {
                if remaining == 0 { return nil }
                if head < queue.count {
                    let index = queue[head]
                    head += 1
                    if head > 64 && head * 2 > queue.count {
                        queue.removeFirst(head)
                        head = 0
                    }
                    states[index] = .running
                    return index
                }
                condition.wait()
            }
        }
    }

    private func settle(_ index: Int, isReady: Bool) {
        condition.withLock {
            if isReady || states[index] == .wokenWhileRunning {
                states[index] = .queued
                queue.append(index)
                condition.signal()
            } else {
                states[index] = .parked
            }
        }
    }

    private func end(_ index: Int) {
        let isLast = condition.withLock {
            states[index] = .done
            remaining -= 1
            if remaining == 0 { condition.broadcast() }
            return remaining == 0
        }
        if isLast { onEnd() }
    }
}
