import Foundation
import Glibc
import HoneyWorld
import Synchronization

/// What the daemons of a home have to say, in a file of the home: several processes add to it by turns.
final class HomeLog: Sendable {
    private let path: String
    private let descriptor = Mutex<Int32?>(nil)
    /// What is less important is not written.
    private static let leastLevel = LogLevel.warning
    /// A log that has grown beyond this makes room for a new one.
    private static let limitBytes = 1 << 20

    init(path: String) { self.path = path }

    deinit { if let opened = descriptor.withLock({ $0 }), opened >= 0 { close(opened) } }

    /// Adds a line; never fails, since nobody could be told.
    func write(_ level: LogLevel, _ message: String) {
        guard level >= Self.leastLevel else { return }
        note("\(level.rawValue.uppercased()) \(message)")
    }

    /// Adds a line whatever its importance, such as who serves now.
    func note(_ message: String) {
        let line = "\(Date().formatted(.iso8601)) [\(getpid())] \(message)\n"
        descriptor.withLock { opened in
            if opened == nil { opened = openFile() }
            guard let opened, opened >= 0 else { return }
            Array(line.utf8).withUnsafeBytes { _ = Glibc.write(opened, $0.baseAddress, $0.count) }
        }
    }

    private func openFile() -> Int32 {
        var attributes = stat()
        if stat(path, &attributes) == 0, attributes.st_size > Self.limitBytes { rename(path, path + ".old") }
        return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    }
}
