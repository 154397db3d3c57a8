/// One change of the name space, complete in itself: who may and what the time is was decided before.
///
/// Inodes go by number, so that a change means the same however often its path was renamed. See `EditCoding` for its bytes.
package enum Edit: Hashable, Sendable {
    case makeDirectory(NewInode)
    case createFile(NewInode, replication: Int, blockBytes: Int, writer: Writer)
    case addBlock(file: UInt64, Block)
    /// Size and generation stamp of a block as they are known now.
    case updateBlock(file: UInt64, Block)
    /// The last block goes; its file stays open.
    case abandonBlock(file: UInt64, block: UInt64)
    /// The file is whole: its blocks are complete and it has no writer any more.
    case close(file: UInt64, modified: Int)
    /// A writer begins or changes; `reopensLast` when the last block is to be written on or cut.
    case open(file: UInt64, writer: Writer, reopensLast: Bool)
    /// Blocks after the first `keptBlocks` go.
    case truncate(file: UInt64, keptBlocks: Int, modified: Int)
    case rename(inode: UInt64, parent: UInt64, name: String, time: Int)
    case delete(inode: UInt64, time: Int)
    case concatenate(target: UInt64, sources: [UInt64], time: Int)
    case setMode(inode: UInt64, mode: Int)
    /// Empty leaves one as it is.
    case setOwner(inode: UInt64, owner: String, group: String)
    /// -1 leaves one as it is.
    case setTimes(inode: UInt64, modified: Int, accessed: Int)
    case setReplication(file: UInt64, Int)
    /// -1 is no limit.
    case setQuota(directory: UInt64, names: Int, space: Int)
    case setAccessControl(inode: UInt64, mode: Int, entries: [AccessControlEntry])
    case setAttributes(inode: UInt64, [ExtendedAttribute])
    case setStoragePolicy(inode: UInt64, policy: UInt8)
    /// A generation stamp was handed out.
    case advanceGenerationStamp(UInt64)

    package struct NewInode: Hashable, Sendable {
        package var parent: UInt64
        package var id: UInt64
        package var name: String
        package var owner: String
        package var group: String
        package var mode: Int
        /// Milliseconds since 1970-01-01 UTC.
        package var time: Int
        package var accessControl: [AccessControlEntry]
    }
}

/// An edit that does not fit the name space it is applied to, so that log and image are not of one kind.
struct MisfitEdit: Error {
    var reason: String
}
