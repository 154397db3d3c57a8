import Dispatch
import NIOCore
import NIOPosix

/// Makes files and directories durable on a thread of its own, one request after another, so that tokens come back in order.
final class SyncQueue: Sendable {
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let eventLoop: any EventLoop

    init(reportingOn eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        thread.start()
    }

    /// Synchronizes all targets, then calls `done` on the event loop with the first failure.
    func sync(_ targets: [SyncTarget], _ done: @escaping @Sendable (DiskError?) -> Void) {
        let request = Request(targets: targets)
        thread.submit { [eventLoop] state in
            let failure = state == .active ? request.run() : DiskError(.failed, "the daemon ended before the sync")
            eventLoop.execute { done(failure) }
        }
    }

    /// Begins to bring bytes to the disk when the requests before it are done: the system may have to wait for the disk's queue.
    func startWriteback(_ file: any DiskFile, _ range: Range<Int>) {
        thread.submit { state in
            if state == .active { file.startWriteback(range) }
        }
    }

    func stop() { thread.shutdownGracefully(queue: .global()) { _ in } }

    /// Carries the targets to the thread. Disks with which files are synced here are safe to call from any thread (`RealDisk`).
    private struct Request: @unchecked Sendable {
        var targets: [SyncTarget]

        func run() -> DiskError? {
            for target in targets {
                do throws(DiskError) {
                    switch target {
                    case .file(let file): try file.synchronize()
                    case .directory(let disk, let path): try disk.synchronize(path)
                    }
                } catch {
                    return error
                }
            }
            return nil
        }
    }
}
