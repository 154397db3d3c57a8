import Glibc
import HoneyCore

/// The lock that one process of those over a home holds: the one that serves its HDFS.
///
/// The system lets it go when the process ends in whatever way, so that there is never a holder that is gone.
final class HomeLock: Sendable {
    private let descriptor: Int32

    /// Opens the file, which is made when it is missing; takes nothing yet.
    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HoneyError.system("open", path) }
    }

    deinit { close(descriptor) }

    /// Takes the lock if nobody holds it.
    func tryAcquire() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    func release() { _ = flock(descriptor, LOCK_UN) }
}

extension HoneyError {
    /// Makes the error of a call of the system that failed just now.
    static func system(_ verb: String, _ path: String) -> HoneyError {
        let cause = String(cString: strerror(errno)).lowercased()
        return HoneyError(.environment, "IO_ERROR", "cannot \(verb): \(cause)", file: FilePosition(path))
    }
}
