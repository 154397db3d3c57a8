import CLinux
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A directory of this machine as a daemon's disk; at most one daemon holds it at a time, unless it is shared.
///
/// The lock is the file `in_use.lock`, which the system lets go when the process ends in whatever way.
package final class RealDisk: Disk {
    package let name: String
    private var lock: Int32 = -1

    /// Takes a directory, which is made when it is not there; fails when another process holds it.
    ///
    /// One that is shared is locked by nobody: its daemons agree on who writes by what is in it.
    /// `permissions` is who may enter the directory, as low nine bits of a POSIX mode: by default nobody else may, as with Hadoop.
    package init(directory: String, isShared: Bool = false, permissions: Int = 0o700) throws(DiskError) {
        name = directory
        try makeDirectory("")
        // One that belongs to another user stays as he wants it.
        guard chmod(directory, mode_t(permissions)) == 0 || errno == EPERM else {
            throw Self.error("set permissions of", directory)
        }
        if isShared { return }
        let descriptor = Self.retrying { Glibc.open(directory + "/in_use.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { throw Self.error("open", directory + "/in_use.lock") }
        guard Self.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
            close(descriptor)
            throw DiskError(.failed, "storage directory is in use by another process: \(directory)")
        }
        lock = descriptor
    }

    deinit { release() }

    /// Lets another daemon have the directory, though something may still hold this object; to be called when its machine has ended.
    package func release() {
        if lock >= 0 { close(lock) }
        lock = -1
    }

    package func open(_ path: String, _ mode: DiskOpenMode) throws(DiskError) -> any DiskFile {
        let place = try place(path)
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .update: O_RDWR
            case .create: O_RDWR | O_CREAT | O_TRUNC
            }
        let descriptor = Self.retrying { Glibc.open(place, flags | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { throw Self.error("open", place) }
        return try RealDiskFile(place, descriptor: descriptor)
    }

    package func list(_ directory: String) throws(DiskError) -> [DiskEntry] {
        let place = try place(directory)
        guard let stream = opendir(place) else { throw Self.error("list", place) }
        defer { closedir(stream) }
        var entries: [DiskEntry] = []
        while true {
            errno = 0
            guard let found = readdir(stream) else {
                guard errno == 0 else { throw Self.error("list", place) }
                break
            }
            let name = withUnsafePointer(to: &found.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            var attributes = stat()
            guard fstatat(dirfd(stream), name, &attributes, 0) == 0 else {
                // One that has gone meanwhile is not told.
                if errno == ENOENT { continue }
                throw Self.error("stat", place + "/" + name)
            }
            entries.append(Self.entry(name, attributes))
        }
        return entries.sorted { $0.name < $1.name }
    }

    package func entry(_ path: String) throws(DiskError) -> DiskEntry? {
        let place = try place(path)
        var attributes = stat()
        guard stat(place, &attributes) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Self.error("stat", place)
        }
        return Self.entry(path.split(separator: "/").last.map(String.init) ?? "", attributes)
    }

    private static func entry(_ name: String, _ attributes: stat) -> DiskEntry {
        let isDirectory = attributes.st_mode & S_IFMT == S_IFDIR
        return DiskEntry(
            name: name, isDirectory: isDirectory,
            size: isDirectory ? 0 : attributes.st_size,
            modifiedMilliseconds: attributes.st_mtim.tv_sec * 1000 + attributes.st_mtim.tv_nsec / 1_000_000)
    }

    package func makeDirectory(_ path: String) throws(DiskError) {
        let place = try place(path)
        var end = place.startIndex
        while end != place.endIndex {
            end = place[place.index(after: end)...].firstIndex(of: "/") ?? place.endIndex
            let part = String(place[..<end])
            guard mkdir(part, 0o755) == 0 || errno == EEXIST else { throw Self.error("make directory", part) }
        }
    }

    package func rename(_ source: String, to target: String) throws(DiskError) {
        let (from, to) = (try place(source), try place(target))
        guard Glibc.rename(from, to) == 0 else { throw Self.error("rename", from) }
    }

    package func remove(_ path: String) throws(DiskError) {
        let place = try place(path)
        guard Glibc.remove(place) == 0 || errno == ENOENT else { throw Self.error("remove", place) }
    }

    package func space() throws(DiskError) -> DiskSpace {
        var figures = statvfs()
        guard statvfs(name, &figures) == 0 else { throw Self.error("measure", name) }
        let unit = Int(figures.f_frsize)
        return DiskSpace(capacity: Int(figures.f_blocks) * unit, available: Int(figures.f_bavail) * unit)
    }

    package func synchronize(_ directory: String) throws(DiskError) {
        let place = try place(directory)
        let descriptor = Self.retrying { Glibc.open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw Self.error("open", place) }
        defer { close(descriptor) }
        // Some file systems cannot sync a directory, and say so.
        guard Self.retrying({ fsync(descriptor) }) == 0 || errno == EINVAL else { throw Self.error("sync", place) }
    }

    package func localPath(of path: String) -> String? { try? place(path) }

    /// The whole path; a path that leads out of the directory is a mistake of ours or a trick.
    private func place(_ path: String) throws(DiskError) -> String {
        guard !path.hasPrefix("/"), !path.utf8.contains(0), !path.split(separator: "/").contains("..") else {
            throw DiskError(.failed, "path leads out of its storage directory: \(path)")
        }
        return path.isEmpty ? name : name + "/" + path
    }

    static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    /// Says what the system's last error was.
    static func error(_ action: String, _ path: String) -> DiskError {
        let number = errno
        let cause: DiskError.Cause =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case ENOSPC, EDQUOT: .full
            case EROFS, EACCES, EPERM: .readOnly
            default: .failed
            }
        return DiskError(cause, "cannot \(action): \(path): \(String(cString: strerror(number)))")
    }
}

/// A file by its descriptor, which is safe to use from several threads.
private final class RealDiskFile: DiskFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String, descriptor: Int32) throws(DiskError) {
        self.path = path
        self.descriptor = descriptor
        var attributes = stat()
        guard fstat(descriptor, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DiskError(.failed, "not a file: \(path)")
        }
    }

    deinit { close(descriptor) }

    var size: Int {
        var attributes = stat()
        return fstat(descriptor, &attributes) == 0 ? attributes.st_size : 0
    }

    func read(at offset: Int, count: Int, into buffer: inout ByteBuffer) throws(DiskError) -> Int {
        guard count > 0 else { return 0 }
        var taken = 0
        var failed = false
        buffer.reserveCapacity(buffer.writerIndex + count)
        while taken < count, !failed {
            let left = count - taken
            let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: left) { bytes in
                let result = RealDisk.retrying { pread(descriptor, bytes.baseAddress, left, offset + taken) }
                failed = result < 0
                return max(result, 0)
            }
            if got == 0 { break }
            taken += got
        }
        guard !failed else { throw RealDisk.error("read", path) }
        return taken
    }

    func write(_ data: ByteBuffer, at offset: Int) throws(DiskError) {
        let isWhole = data.withUnsafeReadableBytes { bytes in
            var done = 0
            while done < bytes.count {
                let result = RealDisk.retrying {
                    pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, offset + done)
                }
                if result <= 0 { return false }
                done += result
            }
            return true
        }
        guard isWhole else { throw RealDisk.error("write", path) }
    }

    func truncate(to size: Int) throws(DiskError) {
        guard RealDisk.retrying({ ftruncate(descriptor, size) }) == 0 else { throw RealDisk.error("truncate", path) }
    }

    func synchronize() throws(DiskError) {
        guard RealDisk.retrying({ fdatasync(descriptor) }) == 0 else { throw RealDisk.error("sync", path) }
    }

    func startWriteback(_ range: Range<Int>) {
        _ = sync_file_range(descriptor, range.lowerBound, range.count, UInt32(HONEY_SYNC_FILE_RANGE_WRITE))
    }
}
