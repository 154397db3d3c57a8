import Dispatch
import Foundation
import HoneyWorld
package import Logging
import NIOCore

/// Keeps a process alive while its daemons run, and ends them in order when the system says so.
package enum DaemonRunner {
    /// Waits for SIGTERM, SIGINT or the end of a daemon, then stops all, the last first; tells the process's exit code. Another
    /// signal while they stop ends the process at once.
    package static func run(_ daemons: [any Daemon], log: Logger) async -> Int32 {
        let (ends, continuation) = AsyncStream<Cause>.makeStream()
        let signals = [SIGTERM, SIGINT].map { number in
            // Else the default would end the process before anything is stopped.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(.signal(number)) }
            source.resume()
            return source
        }
        defer { for source in signals { source.cancel() } }
        for daemon in daemons {
            daemon.ended.whenComplete { result in
                let end = (try? result.get()) ?? .failed("it was never started")
                continuation.yield(.end(daemon.name, end))
            }
        }
        var causes = ends.makeAsyncIterator()
        let cause = await causes.next()
        // Whoever asks again does not want to wait.
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        var code: Int32 = 0
        switch cause {
        case .signal(let number): log.info("stopping after \(number == SIGTERM ? "SIGTERM" : "SIGINT")")
        case .end(let name, .failed(let reason)):
            log.error("\(name) ended: \(reason)")
            code = 1
        case .end(let name, .stopped): log.info("\(name) ended")
        case nil: break
        }
        for daemon in daemons.reversed() {
            await daemon.stop()
            log.info("\(daemon.name) stopped")
        }
        return code
    }

    private enum Cause: Sendable {
        case signal(Int32)
        case end(String, MachineEnd)
    }
}
