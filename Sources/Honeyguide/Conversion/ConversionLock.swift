import Foundation
import HoneyCore
import HoneyFiles

/// Keeps two conversions from writing one target at the same time.
///
/// On local disks it is the system's lock on a file, which ends with its process however that ends. Elsewhere it is a file that
/// only one can create, and that stays behind when its process is killed. Scans do not see either.
final class ConversionLock {
    static let name = "_conversion.lock"

    private let location: FileLocation
    private let fileSystem: any FileSystem
    private var descriptor: Int32?

    /// Takes the lock of a target directory, which is made; fails with `TARGET_IN_USE` while another has it.
    init(in directory: FileLocation, _ fileSystem: any FileSystem) throws {
        location = directory.appending(ConversionLock.name)
        self.fileSystem = fileSystem
        if let status = try fileSystem.status(directory), !status.isDirectory {
            throw HoneyError(
                .semantic, "TARGET_IN_USE", "target is a file (choose another one with --into)",
                file: FilePosition(directory.description))
        }
        try fileSystem.makeDirectory(directory)
        if fileSystem.scheme == "file" {
            descriptor = try lockFile()
        } else {
            do {
                let owner = "process \(ProcessInfo.processInfo.processIdentifier)\n"
                let file = try fileSystem.create(location, overwrite: false)
                try Array(owner.utf8).withUnsafeBytes { try file.write($0) }
                try file.close()
            } catch let error as HoneyError where error.code == "FILE_EXISTS" {
                throw inUse("another conversion writes this target (remove the lock when none runs)")
            }
        }
    }

    private func lockFile() throws -> Int32 {
        while true {
            let descriptor = open(location.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                throw HoneyError(
                    .environment, "IO_ERROR", "cannot open lock: \(String(cString: strerror(errno)))",
                    file: FilePosition(location.description))
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw inUse(
                    "another conversion writes this target (wait for its end, or choose another one with --into)")
            }
            // Whoever had the lock may have removed the file since it was opened here.
            var own = stat()
            var there = stat()
            if fstat(descriptor, &own) == 0, stat(location.path, &there) == 0, own.st_ino == there.st_ino {
                return descriptor
            }
            close(descriptor)
        }
    }

    private func inUse(_ complaint: String) -> HoneyError {
        HoneyError(.environment, "TARGET_IN_USE", complaint, file: FilePosition(location.description))
    }

    /// Gives the lock back.
    func release() {
        _ = try? fileSystem.delete(location, recursive: false)
        if let descriptor { close(descriptor) }
        descriptor = nil
    }
}
