import Foundation
import HoneyCore
import HoneyFiles

/// Keeps two conversions from writing one target at the same time.
///
/// On local disks it is the system's lock on a file, which ends with its process however that ends. On HDFS it is a file held open
/// for writing, which the NameNode lets another process append to once its writer has ended: at once in a home, after a minute
/// elsewhere. On other file systems it is a file that only one can create. Scans do not see any of them.
final class ConversionLock {
    static let name = "_conversion.lock"

    private let location: FileLocation
    private let fileSystem: any FileSystem
    private var descriptor: Int32?
    private var heldFile: (any WritableFile)?
    /// How often a file is tried whose writer may just have ended, 200 ms apart.
    private static let tries = 100

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
        } else if fileSystem.traits.isDistributed, fileSystem.traits.canAppend {
            heldFile = try holdFile()
        } else {
            do {
                try createFile().close()
            } catch let error as HoneyError where error.code == "FILE_EXISTS" {
                throw inUse("another conversion writes this target (remove the lock when none runs)")
            }
        }
    }

    private func createFile() throws -> any WritableFile {
        let file = try fileSystem.create(location, overwrite: false)
        try Array("process \(ProcessInfo.processInfo.processIdentifier)\n".utf8).withUnsafeBytes { try file.write($0) }
        return file
    }

    private func holdFile() throws -> any WritableFile {
        do { return try createFile() } catch let error as HoneyError where error.code == "FILE_EXISTS" {
            for _ in 0..<Self.tries {
                do { return try fileSystem.append(location) } catch is HoneyError { usleep(200_000) }
            }
            throw inUse("another conversion writes this target (wait for its end, or choose another one with --into)")
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
        try? heldFile?.close()
        heldFile = nil
        _ = try? fileSystem.delete(location, recursive: false)
        if let descriptor { close(descriptor) }
        descriptor = nil
    }
}
