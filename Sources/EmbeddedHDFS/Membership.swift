import Foundation
import Glibc
import HoneyCore
import HoneyWorld
import Synchronization

/// This process's part among those over a home: whoever takes the home's lock serves the others; when it leaves, in whatever way, one of
/// them takes the lock and serves on.
///
/// ```
/// apart → (lock taken) starting → serving → (a daemon ends) apart
///       ↘ (lock held)  following → (whoever serves leaves) apart
/// ```
/// A thread of its own goes around there until `leave`.
final class Membership: @unchecked Sendable {
    private enum State {
        case apart, serving, following
    }

    private let home: HomeLayout
    private let properties: [String: String]
    private let user: String
    private let lock: HomeLock
    let log: HomeLog
    let sockets: SocketDirectory
    let marks: ClientMarks

    // What follows is touched while `changed` is locked.
    private let changed = NSCondition()
    private var state = State.apart
    /// Why it could not be served the last time that was tried.
    private var failure: (any Error)?
    private var isLeaving = false
    private var hasLeft = false

    /// Wakes the thread while it waits.
    private let wake = WakePipe()
    /// How long somebody may hold the lock without serving, such as while it reads a large name space.
    private static let patience = 120.0

    init(_ home: HomeLayout, properties: [String: String], user: String) throws {
        self.home = home
        self.properties = properties
        self.user = user
        try home.make()
        lock = try HomeLock(path: home.lock)
        log = HomeLog(path: home.log)
        marks = try ClientMarks(directory: home.clients)
        sockets = try SocketDirectory(path: home.sockets, nodes: home.dataNodes)
        Thread.detachNewThread { [self] in run() }
    }

    /// Whether this process serves the home now.
    var isServing: Bool { changed.withLock { state == .serving } }

    /// Waits until somebody serves; fails when this process should and cannot, or nobody does for long.
    func waitUntilServed() throws {
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        try changed.withLock {
            while state == .apart {
                if let failure { throw failure }
                guard !isLeaving, changed.wait(until: deadline) else {
                    throw HoneyError(
                        .environment, "HDFS_UNAVAILABLE",
                        "nobody serves the home's HDFS, though another process has taken it on",
                        file: FilePosition(home.lock))
                }
            }
        }
    }

    /// Ends this process's part in order, and waits for it.
    func leave() {
        changed.withLock {
            isLeaving = true
            changed.broadcast()
        }
        wake.signal()
        changed.withLock { while !hasLeft { changed.wait() } }
    }

    // MARK: The thread

    private func run() {
        var pauseMilliseconds: Int32 = 1
        while !changed.withLock({ isLeaving }) {
            if lock.tryAcquire() {
                serve()
                lock.release()
                pauseMilliseconds = 1_000
            } else if let connection = sockets.connect() {
                set(.following)
                // Readable when whoever serves closes it, as it does when it ends.
                wake.wait(forEnd: connection)
                close(connection)
                set(.apart)
                pauseMilliseconds = 1
            }
            // Whoever has the lock starts, or has just ended.
            if !changed.withLock({ isLeaving }) { wake.wait(milliseconds: pauseMilliseconds) }
            pauseMilliseconds = min(pauseMilliseconds * 2, 20)
        }
        changed.withLock {
            hasLeft = true
            changed.broadcast()
        }
    }

    private func serve() {
        do {
            let cluster = try Cluster.start(home, sockets: sockets, properties: properties, user: user, log: log)
            cluster.whenFailed { [wake] in wake.signal() }
            set(.serving)
            while !changed.withLock({ isLeaving }), cluster.failure == nil {
                cluster.releaseFiles(of: marks)
                wake.wait()
            }
            set(.apart, failure: cluster.failure)
            cluster.stop()
        } catch {
            // It is tried again and again.
            let isNews = changed.withLock { failure.map { "\($0)" } != "\(error)" }
            if isNews { log.write(.error, "cannot serve: \(error)") }
            set(.apart, failure: error)
        }
    }

    private func set(_ state: State, failure: (any Error)? = nil) {
        changed.withLock {
            self.state = state
            self.failure = failure
            changed.broadcast()
        }
    }
}
