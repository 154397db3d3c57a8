import Glibc
import HoneyCore

/// Who works on this machine, and how it waits.
extension LocalFileSystem {
    /// The user that Hadoop's commands work for: `$HADOOP_USER_NAME`, else the system's.
    public static var userName: String {
        if let name = getenv("HADOOP_USER_NAME").map({ String(cString: $0) }), !name.isEmpty { return name }
        return AccountNames.user(geteuid())
    }

    /// Has the calling thread wait.
    public static func sleep(milliseconds: Int) {
        var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        nanosleep(&time, nil)
    }
}

/// What the system can do of what Hadoop's commands ask; there are no replicas, no quotas and no sums.
extension LocalFileSystem {
    public var homeDirectory: FileLocation {
        FileLocation(path: getenv("HOME").map { String(cString: $0) } ?? "/")
    }

    private func change(
        _ verb: String, _ location: FileLocation, _ call: (UnsafePointer<CChar>) -> Int32
    ) throws {
        _ = try SystemCall.withPath(of: location) { path in try SystemCall.run(verb, location) { call(path) } }
    }

    public func setPermissions(_ location: FileLocation, to permissions: Int) throws {
        try change("set permissions", location) { chmod($0, mode_t(permissions & 0o1777)) }
    }

    public func setOwner(_ location: FileLocation, owner: String?, group: String?) throws {
        let user = try owner.map { name in
            guard let id = AccountNames.userID(name) else { throw unknown("user", name, location) }
            return id
        }
        let group = try group.map { name in
            guard let id = AccountNames.groupID(name) else { throw unknown("group", name, location) }
            return id
        }
        // -1 as an unsigned number leaves one as it is.
        try change("set owner", location) { chown($0, user ?? .max, group ?? .max) }
    }

    private func unknown(_ kind: String, _ name: String, _ location: FileLocation) -> HoneyError {
        HoneyError(
            .environment, "NO_SUCH_ACCOUNT", "invalid \(kind): '\(name)'", file: FilePosition(location.description))
    }

    public func setTimes(_ location: FileLocation, modifiedMilliseconds: Int?, accessedMilliseconds: Int?) throws {
        let times = [accessedMilliseconds, modifiedMilliseconds].map { milliseconds -> timespec in
            // UTIME_OMIT, which the system's Swift module leaves out.
            guard let milliseconds else { return timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2) }
            let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
            return timespec(tv_sec: seconds, tv_nsec: (milliseconds - seconds * 1000) * 1_000_000)
        }
        try change("set times", location) { utimensat(AT_FDCWD, $0, times, 0) }
    }

    public func setReplication(_ location: FileLocation, to count: Int) throws -> Bool {
        try status(location)?.isDirectory == false
    }

    public func truncate(_ location: FileLocation, to size: Int) throws -> Bool {
        guard let status = try status(location) else { throw SystemCall.failure("truncate", location, ENOENT) }
        if status.isDirectory { throw SystemCall.failure("truncate", location, EISDIR) }
        guard size >= 0, size <= status.size else { throw SystemCall.failure("truncate", location, EINVAL) }
        try change("truncate", location) { Glibc.truncate($0, size) }
        return true
    }

    public func concatenate(_ sources: [FileLocation], onto target: FileLocation) throws {
        let output = try append(target)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        for source in sources {
            let input = try open(source)
            var offset = 0
            while case let count = try input.read(at: offset, count: buffer.count, into: buffer.baseAddress!),
                count > 0
            {
                try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                offset += count
            }
        }
        try output.close()
        for source in sources { try delete(source, recursive: false) }
    }

    public func contentSummary(_ location: FileLocation) throws -> ContentSummary {
        guard let status = try status(location) else { throw SystemCall.failure("count", location, ENOENT) }
        return try summary(of: status)
    }

    private func summary(of status: FileStatus) throws -> ContentSummary {
        guard status.isDirectory else {
            return ContentSummary(directoryCount: 0, fileCount: 1, size: status.size, spaceConsumed: status.size)
        }
        var sum = ContentSummary(directoryCount: 1, fileCount: 0, size: 0, spaceConsumed: 0)
        for entry in try list(status.location) { sum.add(try summary(of: entry)) }
        return sum
    }

    public func setQuota(_ location: FileLocation, names: Int?, space: Int?) throws {
        throw unsupported("quota", location)
    }

    public func checksum(_ location: FileLocation) throws -> FileChecksum? {
        _ = try open(location)
        return nil
    }

    public func space() throws -> FileSystemSpace {
        let root = FileLocation(path: "/")
        var space = statvfs()
        try change("measure", root) { statvfs($0, &space) }
        let unit = UInt(space.f_frsize)
        let capacity = Int(clamping: UInt(space.f_blocks).multipliedReportingOverflow(by: unit).partialValue)
        let free = Int(clamping: UInt(space.f_bfree).multipliedReportingOverflow(by: unit).partialValue)
        return FileSystemSpace(capacity: capacity, used: capacity - free, remaining: free)
    }

    public func allows(_ access: FileAccess, to location: FileLocation) throws -> Bool {
        try SystemCall.withPath(of: location) { Glibc.access($0, access == .reading ? R_OK : W_OK) == 0 }
    }

    public func accessControlEntries(_ location: FileLocation) throws -> [String] {
        throw unsupported("access-control list", location)
    }

    public func setAccessControlEntries(_ location: FileLocation, to entries: [String]) throws {
        throw unsupported("access-control list", location)
    }

    public func extendedAttributes(_ location: FileLocation) throws -> [(name: String, value: [UInt8])] {
        throw unsupported("extended attribute", location)
    }

    public func setExtendedAttribute(_ location: FileLocation, name: String, value: [UInt8]) throws {
        throw unsupported("extended attribute", location)
    }

    public func removeExtendedAttribute(_ location: FileLocation, name: String) throws {
        throw unsupported("extended attribute", location)
    }
}
