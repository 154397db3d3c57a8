import Glibc
import HoneyCore

/// An open file of the machine that is written at its end, through a small buffer.
final class LocalWritableFile: WritableFile {
    let location: FileLocation
    private(set) var size: Int
    private var descriptor: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    private var pending = 0

    /// Takes the descriptor over; `size` bytes are there already.
    init(location: FileLocation, descriptor: Int32, size: Int) {
        self.location = location
        self.descriptor = descriptor
        self.size = size
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
        buffer.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard descriptor >= 0 else { throw SystemCall.failure("write", location, EBADF) }
        guard let start = bytes.baseAddress else { return }
        if pending + bytes.count > buffer.count { try flush() }
        if bytes.count >= buffer.count {
            try writeOut(start, bytes.count)
        } else {
            (buffer.baseAddress! + pending).copyMemory(from: start, byteCount: bytes.count)
            pending += bytes.count
        }
        size += bytes.count
    }

    func close() throws {
        guard descriptor >= 0 else { return }
        try flush()
        try SystemCall.run("sync", location) { fsync(descriptor) }
        let closing = descriptor
        descriptor = -1
        // Not repeated when interrupted: the descriptor is gone in any case.
        if Glibc.close(closing) != 0, errno != EINTR { throw SystemCall.failure("close", location, errno) }
        try synchronizeParent()
    }

    private func flush() throws {
        guard pending > 0 else { return }
        try writeOut(UnsafeRawPointer(buffer.baseAddress!), pending)
        pending = 0
    }

    private func writeOut(_ start: UnsafeRawPointer, _ count: Int) throws {
        var done = 0
        while done < count {
            done += try SystemCall.run("write", location) { Glibc.write(descriptor, start + done, count - done) }
        }
    }

    private func synchronizeParent() throws {
        let parent = location.parent
        let directory = try SystemCall.withPath(of: parent) { path in
            try SystemCall.run("open", parent) { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        defer { Glibc.close(directory) }
        if fsync(directory) != 0, errno != EINVAL, errno != EINTR { throw SystemCall.failure("sync", parent, errno) }
    }
}
