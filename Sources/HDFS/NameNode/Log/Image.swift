import HoneyCore
import HoneyWorld
import NIOCore

// An image is records of a length (4 bytes, big-endian) and so many bytes, and after them a length of 0 and the CRC-32C of all before it.
//
// | record  | fields (as in `EditCoding`)                                                                          |
// |---------|------------------------------------------------------------------------------------------------------|
// | first   | HGIMAGE1, namespace id, last transaction, last inode id, last block id, last generation stamp,       |
// |         | number of inodes, list of owners, list of groups                                                     |
// | inode   | kind (0 directory, 1 file), id, parent, name, owner and group (places in the lists), mode, modified ±,|
// |         | flags (1 entries, 2 attributes, 4 storage policy, 8 quota, 16 writer) and what they announce;        |
// |         | for a file: accessed ±, replication, block bytes, list of blocks with 1 for a complete one           |
// | answer  | 2, wall time ±, answered call                                                                        |
//
// Parents come before their children, the root first.

/// Writes and reads images of a name space.
enum Image {
    static let pieceBytes = 1 << 20
    static let magic = "HGIMAGE1"

    /// Streams an image in pieces of about a megabyte.
    static func write(
        _ namespace: Namespace, answers: RetryCache, namespaceID: UInt32, transaction: Int,
        to sink: (ByteBuffer) throws -> Void
    ) throws {
        var buffer = ByteBuffer()
        var sum: UInt32 = 0
        func flush() throws {
            sum = Checksums.extend(sum, with: buffer)
            try sink(buffer)
            buffer.clear()
        }
        func record(_ body: (inout ByteBuffer) -> Void) throws {
            let start = buffer.writerIndex
            buffer.writeInteger(UInt32(0))
            body(&buffer)
            buffer.setInteger(UInt32(buffer.writerIndex - start - 4), at: start)
            if buffer.readableBytes >= pieceBytes { try flush() }
        }
        try record { buffer in
            buffer.writeString(magic)
            for number in [
                UInt64(namespaceID), UInt64(transaction), namespace.lastInodeID, namespace.lastBlockID,
                namespace.lastGenerationStamp, UInt64(namespace.inodeCount),
            ] { buffer.writeVarint(number) }
            for names in [namespace.owners.names, namespace.groups.names] {
                buffer.writeVarint(names.count)
                for name in names { buffer.writeText(name) }
            }
        }
        var failure: (any Error)?
        namespace.forEach(below: namespace.root) { inode in
            guard failure == nil else { return }
            do { try record { write(inode, to: &$0) } } catch { failure = error }
        }
        if let failure { throw failure }
        answers.forEach { call, time in
            guard failure == nil else { return }
            do {
                try record { buffer in
                    buffer.writeInteger(UInt8(2))
                    buffer.writeSmall(time)
                    buffer.writeAnswered(call)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        buffer.writeInteger(UInt32(0))
        sum = Checksums.extend(sum, with: buffer)
        buffer.writeInteger(sum)
        try sink(buffer)
    }

    private static func write(_ inode: Inode, to buffer: inout ByteBuffer) {
        let file = inode.file
        buffer.writeInteger(UInt8(file == nil ? 0 : 1))
        buffer.writeVarint(inode.id)
        buffer.writeVarint(inode.parent?.id ?? 0)
        buffer.writeText(inode.name.text)
        buffer.writeVarint(inode.ownership.owner)
        buffer.writeVarint(inode.ownership.group)
        buffer.writeVarint(inode.ownership.mode)
        buffer.writeSmall(inode.modified)
        let extras = inode.extras
        let flags =
            (extras?.accessControl.isEmpty == false ? 1 : 0) | (extras?.attributes.isEmpty == false ? 2 : 0)
            | (extras?.storagePolicy ?? 0 != 0 ? 4 : 0) | (extras?.quota != nil ? 8 : 0)
            | (extras?.writer != nil ? 16 : 0)
        buffer.writeInteger(UInt8(flags))
        if let extras {
            if flags & 1 != 0 { buffer.writeEntries(extras.accessControl) }
            if flags & 2 != 0 { buffer.writeAttributes(extras.attributes) }
            if flags & 4 != 0 { buffer.writeInteger(extras.storagePolicy) }
            if let quota = extras.quota {
                buffer.writeSmall(quota.names)
                buffer.writeSmall(quota.space)
            }
            if let writer = extras.writer { buffer.writeWriter(writer) }
        }
        guard let file else { return }
        buffer.writeSmall(file.accessed)
        buffer.writeVarint(file.replication)
        buffer.writeVarint(file.blockBytes)
        buffer.writeVarint(file.blocks.count)
        for block in file.blocks {
            buffer.writeBlock(block.block)
            // Of an open file the last block is the one being written, whatever was reported meanwhile.
            buffer.writeInteger(UInt8(file.isOpen && block === file.blocks.last && !block.isComplete ? 0 : 1))
        }
    }
}
