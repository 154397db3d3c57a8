import Glibc
import HoneyCore

/// An open directory whose entries are read one by one, by their raw names.
final class DirectoryReader {
    private let location: FileLocation
    private let stream: OpaquePointer

    init(_ location: FileLocation) throws {
        self.location = location
        let opened = try SystemCall.withPath(of: location) { path in opendir(path) }
        guard let opened else { throw SystemCall.failure("list", location, errno) }
        stream = opened
    }

    /// Opens the directory called `name` within `parent`, without following a link.
    private init(_ name: [CChar], in parent: DirectoryReader) throws {
        location = parent.location
        let descriptor = try SystemCall.run("open", location) {
            openat(dirfd(parent.stream), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        }
        guard let opened = fdopendir(descriptor) else {
            let cause = errno
            Glibc.close(descriptor)
            throw SystemCall.failure("list", location, cause)
        }
        stream = opened
    }

    deinit { closedir(stream) }

    /// Reads the next entry's name, with its final zero, leaving out `.` and `..`; nil at the end.
    func next() throws -> [CChar]? {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemCall.failure("list", location, errno) }
                return nil
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { start in
                    Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
                }
            }
            let dot = CChar(UInt8(ascii: "."))
            if name == [dot, 0] || name == [dot, dot, 0] { continue }
            return name
        }
    }

    /// Describes an entry, through a link if it leads somewhere; nil when it has gone meanwhile.
    func attributes(of name: [CChar]) -> stat? {
        var attributes = stat()
        if fstatat(dirfd(stream), name, &attributes, 0) == 0 { return attributes }
        return fstatat(dirfd(stream), name, &attributes, AT_SYMLINK_NOFOLLOW) == 0 ? attributes : nil
    }

    /// Deletes all entries and what is in them; links are deleted, not followed.
    func deleteEntries() throws {
        var names: [[CChar]] = []
        while let name = try next() { names.append(name) }
        for name in names {
            if unlinkat(dirfd(stream), name, 0) == 0 || errno == ENOENT { continue }
            guard errno == EISDIR || errno == EPERM else { throw SystemCall.failure("delete in", location, errno) }
            do { try DirectoryReader(name, in: self).deleteEntries() } catch let error as HoneyError
                where error.code == "FILE_NOT_FOUND"
            { continue }
            if unlinkat(dirfd(stream), name, AT_REMOVEDIR) != 0, errno != ENOENT {
                throw SystemCall.failure("delete in", location, errno)
            }
        }
    }
}
