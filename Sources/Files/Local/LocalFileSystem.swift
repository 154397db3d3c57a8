import Glibc
import HoneyCore
import Synchronization

/// The machine's own files, under the scheme `file`.
///
/// What is closed, renamed or made is durable when the call returns: files and the directories that name them are synced.
public final class LocalFileSystem: AdministeredFileSystem {
    public var scheme: String { "file" }
    public var traits: FileSystemTraits {
        FileSystemTraits(renamesAtomically: true, canAppend: true, blockBytes: 128 << 20)
    }
    private let users = Mutex<[uid_t: String]>([:])
    private let groups = Mutex<[gid_t: String]>([:])

    public init() {}

    public func open(_ location: FileLocation) throws -> any ReadableFile {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = try SystemCall.withPath(of: location) { path in
            try SystemCall.run("open", location) { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        }
        do {
            let attributes = try attributes(ofOpen: descriptor, location)
            guard attributes.st_mode & S_IFMT == S_IFREG else { throw SystemCall.failure("open", location, EISDIR) }
            return LocalReadableFile(location: location, descriptor: descriptor, size: attributes.st_size)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    public func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | (overwrite ? O_TRUNC : O_EXCL)
        return try openForWriting(location, flags: flags, makesParents: true)
    }

    public func append(_ location: FileLocation) throws -> any WritableFile {
        try openForWriting(location, flags: O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK, makesParents: false)
    }

    private func openForWriting(
        _ location: FileLocation, flags: Int32, makesParents: Bool
    ) throws -> any WritableFile {
        let descriptor = try SystemCall.withPath(of: location) { path -> Int32 in
            do {
                return try SystemCall.run("create", location) { Glibc.open(path, flags, 0o666) }
            } catch let error as HoneyError where makesParents && error.code == "FILE_NOT_FOUND" {
                try makeDirectory(location.parent)
                return try SystemCall.run("create", location) { Glibc.open(path, flags, 0o666) }
            }
        }
        do {
            let attributes = try attributes(ofOpen: descriptor, location)
            guard attributes.st_mode & S_IFMT == S_IFREG else { throw SystemCall.failure("write", location, EISDIR) }
            return LocalWritableFile(location: location, descriptor: descriptor, size: attributes.st_size)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private func attributes(ofOpen descriptor: Int32, _ location: FileLocation) throws -> stat {
        var attributes = stat()
        try SystemCall.run("stat", location) { fstat(descriptor, &attributes) }
        return attributes
    }

    public func status(_ location: FileLocation) throws -> FileStatus? {
        var attributes = stat()
        let result = try SystemCall.withPath(of: location) { stat($0, &attributes) == 0 ? 0 : errno }
        switch result {
        case 0: return describe(location, attributes)
        case ENOENT, ENOTDIR: return nil
        default: throw SystemCall.failure("stat", location, result)
        }
    }

    public func list(_ location: FileLocation) throws -> [FileStatus] {
        let directory = try DirectoryReader(location)
        var entries: [(bytes: [UInt8], status: FileStatus)] = []
        while let name = try directory.next() {
            guard let attributes = directory.attributes(of: name) else { continue }
            let bytes = name.dropLast().map { UInt8(bitPattern: $0) }
            // Put together by hand: an entry's name needs no normalizing.
            var entry = location
            entry.path = (location.path == "/" ? "/" : location.path + "/") + String(decoding: bytes, as: UTF8.self)
            entries.append((bytes, describe(entry, attributes)))
        }
        return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map(\.status)
    }

    public func makeDirectory(_ location: FileLocation) throws {
        if try make(location) { return }
        // A part of the way is missing: make it from the top.
        var path = FileLocation(scheme: location.scheme, authority: location.authority, path: "/")
        for part in location.path.split(separator: "/") {
            path = path.appending(String(part))
            guard try make(path) else { throw SystemCall.failure("make directory", path, ENOENT) }
        }
    }

    /// Makes one directory unless it is there; false when its parent is missing.
    private func make(_ location: FileLocation) throws -> Bool {
        let result = try SystemCall.withPath(of: location) { mkdir($0, 0o777) == 0 ? 0 : errno }
        switch result {
        case 0:
            try synchronizeDirectory(location.parent)
            return true
        case ENOENT: return false
        case EEXIST:
            guard try status(location)?.isDirectory == true else {
                throw SystemCall.failure("make directory", location, ENOTDIR)
            }
            return true
        default: throw SystemCall.failure("make directory", location, result)
        }
    }

    public func rename(_ source: FileLocation, to target: FileLocation) throws {
        try SystemCall.withPath(of: source) { from in
            try SystemCall.withPath(of: target) { to in
                var cause = RenameWithoutReplacing.call(from, to)
                if cause == EINVAL || cause == ENOSYS { cause = renameWithoutKernelHelp(from, to) }
                if cause == ENOENT, try status(source) != nil {
                    throw SystemCall.failure("rename to", target.parent, ENOENT)
                }
                if cause != 0 { throw SystemCall.failure("rename", cause == EEXIST ? target : source, cause) }
            }
        }
        try synchronizeDirectory(target.parent)
        if source.parent != target.parent { try synchronizeDirectory(source.parent) }
    }

    /// Renames on file systems that do not know RENAME_NOREPLACE: a hard link never replaces; a directory is checked first.
    private func renameWithoutKernelHelp(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32 {
        if link(from, to) == 0 { return unlink(from) == 0 ? 0 : errno }
        if errno == EEXIST { return EEXIST }
        var attributes = stat()
        if lstat(to, &attributes) == 0 { return EEXIST }
        return Glibc.rename(from, to) == 0 ? 0 : errno
    }

    @discardableResult
    public func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
        guard location.path != "/" else { throw SystemCall.failure("delete", location, EPERM) }
        let cause = try SystemCall.withPath(of: location) { unlink($0) == 0 ? 0 : errno }
        switch cause {
        case 0: return true
        case ENOENT, ENOTDIR: return false
        case EISDIR: break
        default: throw SystemCall.failure("delete", location, cause)
        }
        if recursive {
            do { try DirectoryReader(location).deleteEntries() } catch let error as HoneyError
                where error.code == "FILE_NOT_FOUND"
            {
                // Somebody else deletes it too.
            }
        }
        let result = try SystemCall.withPath(of: location) { rmdir($0) == 0 ? 0 : errno }
        if result == ENOENT { return true }
        if result != 0 { throw SystemCall.failure("delete", location, result) }
        return true
    }

    public func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
        guard let status = try status(location) else { throw SystemCall.failure("locate", location, ENOENT) }
        let held = range.clamped(to: 0..<max(status.size, 0))
        return held.isEmpty ? [] : [BlockLocation(range: held, hosts: ["localhost"])]
    }

    private func synchronizeDirectory(_ location: FileLocation) throws {
        let descriptor = try SystemCall.withPath(of: location) { path in
            try SystemCall.run("open", location) { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        defer { Glibc.close(descriptor) }
        // Some file systems cannot sync a directory, and say so.
        if fsync(descriptor) != 0, errno != EINVAL, errno != EINTR {
            throw SystemCall.failure("sync", location, errno)
        }
    }

    private func describe(_ location: FileLocation, _ attributes: stat) -> FileStatus {
        let isDirectory = attributes.st_mode & S_IFMT == S_IFDIR
        return FileStatus(
            location: location, isDirectory: isDirectory, size: isDirectory ? 0 : attributes.st_size,
            modifiedMilliseconds: attributes.st_mtim.tv_sec * 1000 + attributes.st_mtim.tv_nsec / 1_000_000,
            owner: users.withLock { cached(attributes.st_uid, in: &$0, AccountNames.user) },
            group: groups.withLock { cached(attributes.st_gid, in: &$0, AccountNames.group) },
            permissions: Int(attributes.st_mode & 0o1777),
            accessedMilliseconds: attributes.st_atim.tv_sec * 1000 + attributes.st_atim.tv_nsec / 1_000_000)
    }

    private func cached(
        _ id: UInt32, in names: inout [UInt32: String], _ lookUp: (UInt32) -> String
    ) -> String {
        if let name = names[id] { return name }
        let name = lookUp(id)
        names[id] = name
        return name
    }
}
