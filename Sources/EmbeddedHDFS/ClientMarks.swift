import Foundation
import Glibc
import HoneyCore

/// Which processes use a home's HDFS: a locked file each, named as the client whose leases are the process's.
///
/// The system unlocks a file when its process ends in whatever way. So whoever serves knows that nobody writes on at that process's
/// files, and has them closed at once rather than when leases run out.
struct ClientMarks: Sendable {
    private let directory: String

    /// Makes the directory.
    init(directory: String) throws {
        self.directory = directory
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw HoneyError.system("make directory", directory)
        }
    }

    /// This process's mark, there as long as the object.
    final class Mark: Sendable {
        let name: String
        private let descriptor: Int32

        fileprivate init(name: String, descriptor: Int32) {
            self.name = name
            self.descriptor = descriptor
        }

        deinit { close(descriptor) }
    }

    /// Makes a mark under a name of its own.
    func make() throws -> Mark {
        let name = "home-\(getpid())-\(UUID().uuidString.lowercased())"
        let path = directory + "/" + name
        // Locked under a hidden name first: one that is found unlocked counts as left behind.
        let hidden = directory + "/." + name
        let descriptor = open(hidden, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HoneyError.system("create", hidden) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, rename(hidden, path) == 0 else {
            let error = HoneyError.system("lock", hidden)
            close(descriptor)
            throw error
        }
        return Mark(name: name, descriptor: descriptor)
    }

    /// Names the clients whose processes have ended.
    func leftBehind() -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return [] }
        return names.filter { name in
            guard !name.hasPrefix(".") else { return false }
            let descriptor = open(directory + "/" + name, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            return flock(descriptor, LOCK_EX | LOCK_NB) == 0
        }.sorted()
    }

    /// Forgets a client whose process has ended.
    func remove(_ name: String) { unlink(directory + "/" + name) }
}
