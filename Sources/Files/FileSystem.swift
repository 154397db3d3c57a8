// Files is named bytes: the file-system protocol, the local file system and one in memory.
// In come paths and bytes, out go bytes and statuses; it knows no format, no table and no query.

/// A place that holds files by path; safe to use from several threads at once.
///
/// Paths given and returned are whole locations such as `file:/a/b` or `/a/b`; see `FileLocation`.
public protocol FileSystem: Sendable {
    /// The scheme it serves, such as `file`.
    var scheme: String { get }
    var traits: FileSystemTraits { get }

    /// Opens a file for reading at any offset; fails with `FILE_NOT_FOUND` or `NOT_A_FILE`.
    func open(_ location: FileLocation) throws -> any ReadableFile
    /// Creates a file, and its parents, for writing; fails with `FILE_EXISTS` unless `overwrite`.
    func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile
    /// Creates a file as `settings` have it, such as with another `dfs.replication` than the file system's own.
    func create(_ location: FileLocation, overwrite: Bool, settings: [String: String]) throws -> any WritableFile
    /// Opens a file for writing at its end.
    func append(_ location: FileLocation) throws -> any WritableFile
    /// Describes a file or directory; nil when there is none.
    func status(_ location: FileLocation) throws -> FileStatus?
    /// Lists a directory's entries by name; fails with `FILE_NOT_FOUND`.
    func list(_ location: FileLocation) throws -> [FileStatus]
    /// Lists a directory whose files are to be read soon: with what their opening would have to ask for once more, where it can be told.
    func listForReading(_ location: FileLocation) throws -> [ListedFile]
    /// Opens a file as it was when it was listed, as far as that is known.
    func open(_ listed: ListedFile) throws -> any ReadableFile
    /// Makes a directory and its parents; fine when it is there already.
    func makeDirectory(_ location: FileLocation) throws
    /// Moves a file or directory to a path that must not exist; atomic where the traits say so.
    func rename(_ source: FileLocation, to target: FileLocation) throws
    /// Deletes a file or, when `recursive`, a directory with all in it; tells whether there was anything.
    @discardableResult
    func delete(_ location: FileLocation, recursive: Bool) throws -> Bool
    /// Tells which hosts hold the bytes of `range`, part by part.
    func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation]
}

extension FileSystem {
    /// Makes a file as all others, where there is nothing to set.
    public func create(
        _ location: FileLocation, overwrite: Bool, settings: [String: String]
    ) throws -> any WritableFile { try create(location, overwrite: overwrite) }

    public func listForReading(_ location: FileLocation) throws -> [ListedFile] {
        try list(location).map { ListedFile($0) }
    }

    public func open(_ listed: ListedFile) throws -> any ReadableFile { try open(listed.status.location) }
}

/// A file, or a directory, as a listing told of it.
public struct ListedFile: Sendable {
    public var status: FileStatus
    /// Where its bytes are; nil when that was not told.
    public var blocks: [BlockLocation]?
    /// What its file system needs to open it without asking again.
    public var handle: (any Sendable)?

    public init(_ status: FileStatus, blocks: [BlockLocation]? = nil, handle: (any Sendable)? = nil) {
        self.status = status
        self.blocks = blocks
        self.handle = handle
    }
}

/// What a file system can and cannot do; contract tests are steered by it.
public struct FileSystemTraits: Hashable, Sendable {
    public var renamesAtomically: Bool
    public var canAppend: Bool
    /// Bytes a block holds; a good upper size for splits.
    public var blockBytes: Int
    /// Whether files lie on several hosts, so that it is worth asking for their locations.
    public var isDistributed: Bool

    public init(renamesAtomically: Bool, canAppend: Bool, blockBytes: Int, isDistributed: Bool = false) {
        self.renamesAtomically = renamesAtomically
        self.canAppend = canAppend
        self.blockBytes = blockBytes
        self.isDistributed = isDistributed
    }
}

/// An open file that is read at offsets; safe to use from several threads at once.
public protocol ReadableFile: AnyObject, Sendable {
    var location: FileLocation { get }
    /// Bytes in the file when it was opened.
    var size: Int { get }
    /// Reads up to `count` bytes at `offset` into `target`; fewer only at the end of the file. Returns how many.
    func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int
}

/// An open file that is written at its end by one thread.
public protocol WritableFile: AnyObject {
    var location: FileLocation { get }
    /// Bytes written so far, with those that were there.
    var size: Int { get }
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Makes what was written durable, and ends writing.
    func close() throws
}

public struct FileStatus: Hashable, Sendable {
    public var location: FileLocation
    public var isDirectory: Bool
    /// Bytes; 0 for a directory.
    public var size: Int
    /// Milliseconds since 1970-01-01 UTC.
    public var modifiedMilliseconds: Int
    public var owner: String
    public var group: String
    /// The low nine bits of a POSIX mode, and the sticky bit (01000).
    public var permissions: Int
    /// Replicas the file is to have; 0 for a directory.
    public var replication: Int
    /// Bytes a block of the file may hold; 0 for a directory or where there are no blocks.
    public var blockBytes: Int
    /// Milliseconds since 1970-01-01 UTC; 0 where nobody counts.
    public var accessedMilliseconds: Int
    /// Tells whether there are access-control entries beyond the mode; the mode's group bits limit them then.
    public var hasAccessControlEntries: Bool

    public init(
        location: FileLocation, isDirectory: Bool, size: Int, modifiedMilliseconds: Int, owner: String, group: String,
        permissions: Int, replication: Int? = nil, blockBytes: Int = 0, accessedMilliseconds: Int = 0,
        hasAccessControlEntries: Bool = false
    ) {
        self.location = location
        self.isDirectory = isDirectory
        self.size = size
        self.modifiedMilliseconds = modifiedMilliseconds
        self.owner = owner
        self.group = group
        self.permissions = permissions
        self.replication = replication ?? (isDirectory ? 0 : 1)
        self.blockBytes = blockBytes
        self.accessedMilliseconds = accessedMilliseconds
        self.hasAccessControlEntries = hasAccessControlEntries
    }
}

/// The hosts that hold a range of a file's bytes.
public struct BlockLocation: Hashable, Sendable, Codable {
    public var range: Range<Int>
    public var hosts: [String]
    /// The rack of each host, as Hadoop's topology names it, such as `/default-rack`; empty where nobody knows.
    public var racks: [String]

    public init(range: Range<Int>, hosts: [String], racks: [String] = []) {
        self.range = range
        self.hosts = hosts
        self.racks = racks
    }
}
