import ArgumentParser
import Foundation
import HoneyHDFSService
import Logging
import NIOCore
import NIOPosix

/// Runs daemons in this process until it is told to end.
enum DaemonProcess {
    /// Starts what `start` makes and waits for its end; a failure is logged and ends the process with 1.
    static func run(
        _ log: Logger, _ start: @escaping @Sendable (any EventLoopGroup) async throws -> [any Daemon]
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(2, System.coreCount))
        let code = try waitFor {
            do {
                return await DaemonRunner.run(try await start(group), log: log)
            } catch {
                log.error("\(error)")
                return 1
            }
        }
        try? group.syncShutdownGracefully()
        throw ExitCode(code)
    }
}
