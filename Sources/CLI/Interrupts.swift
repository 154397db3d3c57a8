import Foundation
import Honeyguide
import Synchronization

/// Turns Ctrl-C into cancelling the running query; without one it ends the program.
final class Interrupts: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isRunning = false
        var isInteractive = false
        var wasInterrupted = false
    }

    init(session: Session) {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        Thread.detachNewThread { [self] in
            var signals = awaited
            while true {
                var signal: Int32 = 0
                guard sigwait(&signals, &signal) == 0 else { return }
                let now = state.withLock { state in
                    state.wasInterrupted = true
                    return state
                }
                if now.isRunning { session.cancel() } else if !now.isInteractive { exit(130) }
            }
        }
    }

    /// Tells whether a statement is running.
    var isRunning: Bool {
        get { state.withLock { $0.isRunning } }
        set { state.withLock { $0.isRunning = newValue } }
    }

    /// Tells that an interrupt at the prompt drops the pending line rather than ending the program.
    var isInteractive: Bool {
        get { state.withLock { $0.isInteractive } }
        set { state.withLock { $0.isInteractive = newValue } }
    }

    /// Tells whether there was an interrupt since the last call.
    func takeInterrupt() -> Bool {
        state.withLock { state in
            defer { state.wasInterrupted = false }
            return state.wasInterrupted
        }
    }
}
