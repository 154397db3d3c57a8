import HoneyCore

/// A file system whose owners, modes, replicas, sums and space can be looked at and changed, as `dfs` commands do.
///
/// Each call fails with `UNSUPPORTED_OPERATION` where the file system has no such thing.
public protocol AdministeredFileSystem: FileSystem {
    /// Sets the low nine bits of a POSIX mode and the sticky bit (01000).
    func setPermissions(_ location: FileLocation, to permissions: Int) throws
    /// Sets owner, group or both; nil leaves one as it is.
    func setOwner(_ location: FileLocation, owner: String?, group: String?) throws
    /// Sets times, in milliseconds since 1970-01-01 UTC; nil leaves one as it is.
    func setTimes(_ location: FileLocation, modifiedMilliseconds: Int?, accessedMilliseconds: Int?) throws
    /// Sets how many replicas a file is to have; tells whether it is a file.
    func setReplication(_ location: FileLocation, to count: Int) throws -> Bool
    /// Cuts a file short; false when that is still going on when the call returns.
    func truncate(_ location: FileLocation, to size: Int) throws -> Bool
    /// Moves the bytes of `sources` to the end of `target`, and removes the sources.
    func concatenate(_ sources: [FileLocation], onto target: FileLocation) throws
    /// Counts what is at and below a path.
    func contentSummary(_ location: FileLocation) throws -> ContentSummary
    /// Limits how many names (`names`) and bytes with replicas (`space`) a directory may hold; nil leaves one, -1 removes it.
    func setQuota(_ location: FileLocation, names: Int?, space: Int?) throws
    /// A sum by which files on such file systems compare; nil when the file system has none.
    func checksum(_ location: FileLocation) throws -> FileChecksum?
    /// Bytes on the whole file system.
    func space() throws -> FileSystemSpace
    /// Access-control entries beyond the mode, such as `user:ann:rw-` and `default:group::r-x`, in Hadoop's order.
    ///
    /// With any for access, `group::` is among them, since the mode's group bits are the mask then.
    func accessControlEntries(_ location: FileLocation) throws -> [String]
    /// Puts entries in place of all there are; those for user, group, mask and other make the mode.
    func setAccessControlEntries(_ location: FileLocation, to entries: [String]) throws
    /// Attributes by their names with prefix, such as `user.origin`.
    func extendedAttributes(_ location: FileLocation) throws -> [(name: String, value: [UInt8])]
    func setExtendedAttribute(_ location: FileLocation, name: String, value: [UInt8]) throws
    func removeExtendedAttribute(_ location: FileLocation, name: String) throws
    /// Where relative paths start.
    var homeDirectory: FileLocation { get }
    /// Tells whether the caller may read or write there.
    func allows(_ access: FileAccess, to location: FileLocation) throws -> Bool
}

/// What somebody may want with a file or directory.
public enum FileAccess: Hashable, Sendable {
    case reading, writing
}

extension AdministeredFileSystem {
    /// Answers by the mode alone: whether anybody may.
    public func allows(_ access: FileAccess, to location: FileLocation) throws -> Bool {
        let permissions = try status(location)?.permissions ?? 0
        return permissions & (access == .reading ? 0o444 : 0o222) != 0
    }

    func unsupported(_ what: String, _ location: FileLocation) -> HoneyError {
        HoneyError(
            .environment, "UNSUPPORTED_OPERATION", "no \(what) in file system '\(scheme)'",
            file: FilePosition(location.description))
    }
}

/// What is at and below a path.
public struct ContentSummary: Hashable, Sendable {
    public var directoryCount: Int
    public var fileCount: Int
    /// Bytes of all files, without replicas.
    public var size: Int
    /// Bytes on disks: each file as often as it has replicas.
    public var spaceConsumed: Int
    /// Names allowed; -1 when not limited.
    public var nameQuota: Int
    /// Bytes on disks allowed; -1 when not limited.
    public var spaceQuota: Int

    public init(
        directoryCount: Int, fileCount: Int, size: Int, spaceConsumed: Int, nameQuota: Int = -1, spaceQuota: Int = -1
    ) {
        self.directoryCount = directoryCount
        self.fileCount = fileCount
        self.size = size
        self.spaceConsumed = spaceConsumed
        self.nameQuota = nameQuota
        self.spaceQuota = spaceQuota
    }

    /// Counts what is in a directory, too; quotas stay.
    public mutating func add(_ part: ContentSummary) {
        directoryCount += part.directoryCount
        fileCount += part.fileCount
        size &+= part.size
        spaceConsumed &+= part.spaceConsumed
    }
}

public struct FileChecksum: Hashable, Sendable {
    /// Such as `MD5-of-0MD5-of-512CRC32C`.
    public var algorithm: String
    public var bytes: [UInt8]

    public init(algorithm: String, bytes: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = bytes
    }
}

public struct FileSystemSpace: Hashable, Sendable {
    public var capacity: Int
    public var used: Int
    public var remaining: Int

    public init(capacity: Int, used: Int, remaining: Int) {
        self.capacity = capacity
        self.used = used
        self.remaining = remaining
    }
}
