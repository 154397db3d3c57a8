package import NIOCore

/// A directory of a daemon's own, with paths relative to it such as `current/finalized/blk_1`.
///
/// Calls do their work at once. What was written, created, renamed or removed survives a crash only when it was synced: a
/// file's bytes by syncing the file, names by syncing their directory (`Effects.sync`).
package protocol Disk: AnyObject {
    /// What messages call it, such as its path.
    var name: String { get }

    /// Opens a file; `create` makes it, emptied when it was there.
    func open(_ path: String, _ mode: DiskOpenMode) throws(DiskError) -> any DiskFile
    /// Lists a directory by name; fails with `notFound`.
    func list(_ directory: String) throws(DiskError) -> [DiskEntry]
    /// Describes a file or directory; nil when there is none.
    func entry(_ path: String) throws(DiskError) -> DiskEntry?
    /// Makes a directory and those above it.
    func makeDirectory(_ path: String) throws(DiskError)
    /// Moves a file or directory, in place of a file that is there.
    func rename(_ source: String, to target: String) throws(DiskError)
    /// Removes a file or an empty directory; fine when there is none.
    func remove(_ path: String) throws(DiskError)
    func space() throws(DiskError) -> DiskSpace
    /// Makes the names in a directory durable before it returns; for starting up, when nobody waits.
    func synchronize(_ directory: String) throws(DiskError)
    /// The place on this machine's own file system, for who reads files by himself; nil in a simulation.
    func localPath(of path: String) -> String?
}

package enum DiskOpenMode: Hashable, Sendable {
    case read
    /// Reading and writing a file that is there.
    case update
    /// Reading and writing, with the file made or emptied.
    case create
}

/// An open file of a disk. It closes when nobody holds it any more.
package protocol DiskFile: AnyObject, Sendable {
    /// Bytes in the file now.
    var size: Int { get }
    /// Reads up to `count` bytes at `offset` onto the end of `buffer`; fewer only at the end of the file. Returns how many.
    @discardableResult
    func read(at offset: Int, count: Int, into buffer: inout ByteBuffer) throws(DiskError) -> Int
    /// Writes all readable bytes at `offset`, which may be beyond the end.
    func write(_ bytes: ByteBuffer, at offset: Int) throws(DiskError)
    func truncate(to size: Int) throws(DiskError)
    /// Makes the file's bytes durable before it returns; see `Disk.synchronize`.
    func synchronize() throws(DiskError)
    /// Begins to bring bytes to the disk, and promises nothing: whether they are there is what `synchronize` tells.
    func startWriteback(_ range: Range<Int>)
}

extension DiskFile {
    package func startWriteback(_ range: Range<Int>) {}
}

package struct DiskEntry: Hashable, Sendable {
    /// The last part of the path.
    package var name: String
    package var isDirectory: Bool
    /// Bytes; 0 for a directory.
    package var size: Int
    package var modifiedMilliseconds: Int

    package init(name: String, isDirectory: Bool, size: Int, modifiedMilliseconds: Int) {
        self.name = name
        self.isDirectory = isDirectory
        self.size = size
        self.modifiedMilliseconds = modifiedMilliseconds
    }
}

package struct DiskSpace: Hashable, Sendable {
    /// Bytes the disk has in all.
    package var capacity: Int
    /// Bytes that can still be written.
    package var available: Int

    package init(capacity: Int, available: Int) {
        self.capacity = capacity
        self.available = available
    }
}

/// What `Effects.sync` makes durable.
package enum SyncTarget {
    /// A file's bytes.
    case file(any DiskFile)
    /// The names in a directory.
    case directory(any Disk, String)
}

/// Why a disk did not do what it was asked.
package struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        case notFound, full, readOnly, failed
    }
    package var cause: Cause
    /// What was tried, on which path, and what the system said.
    package var message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }

    package var description: String { message }
}
