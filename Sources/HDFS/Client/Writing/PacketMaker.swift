package import NIOCore

/// Cuts what is written to a file into packets with checksums, block by block.
///
/// A packet that begins within a chunk holds no more than the rest of that chunk, so that a DataNode sums the chunk anew from what
/// it has.
package struct PacketMaker: Sendable {
    private let blockBytes: Int
    private let packetBytes: Int
    /// Where in its block the next packet begins.
    private var offset: Int
    private var data = ByteBuffer()
    /// Bytes the packet being filled holds when it is full.
    private var limit = 0

    /// Begins at `offset` of a block, which is not 0 when a block is appended to.
    package init(blockBytes: Int, packetBytes: Int, offset: Int = 0) {
        self.blockBytes = max(blockBytes, 1)
        self.packetBytes = max(packetBytes / Block.bytesPerChecksum, 1) * Block.bytesPerChecksum
        self.offset = offset
        startPacket()
    }

    private mutating func startPacket() {
        let inChunk = offset % Block.bytesPerChecksum
        limit = min(inChunk == 0 ? packetBytes : Block.bytesPerChecksum - inChunk, blockBytes - offset)
        data = ByteBuffer()
    }

    /// Takes bytes, and gives out the packets they fill.
    package mutating func append(_ bytes: UnsafeRawBufferPointer, to sink: (OutgoingPacket) throws -> Void) rethrows {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, limit - data.readableBytes)
            if data.readableBytes == 0 {
                data.reserveCapacity(rest.count >= limit ? limit : min(limit, 4 * rest.count))
            }
            data.writeBytes(UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            rest = rest.dropFirst(count)
            if data.readableBytes == limit { try emit(to: sink) }
        }
    }

    private mutating func emit(sync: Bool = false, to sink: (OutgoingPacket) throws -> Void) rethrows {
        let packet = OutgoingPacket(
            offset: offset, data: data, checksums: Checksums.make(of: data), isLast: false, sync: sync)
        offset += data.readableBytes
        let isFull = offset == blockBytes
        if !isFull { startPacket() }
        try sink(packet)
        if isFull { try endBlock(to: sink) }
    }

    private mutating func endBlock(to sink: (OutgoingPacket) throws -> Void) rethrows {
        let last = OutgoingPacket(
            offset: offset, data: ByteBuffer(), checksums: ByteBuffer(), isLast: true, sync: true)
        offset = 0
        startPacket()
        try sink(last)
    }

    /// Gives out what has gathered; with `sync` DataNodes are to make the block durable, if one is being written.
    package mutating func flush(sync: Bool, to sink: (OutgoingPacket) throws -> Void) rethrows {
        guard data.readableBytes > 0 || sync && offset > 0 else { return }
        try emit(sync: sync, to: sink)
    }

    /// Gives out what has gathered, and the end of the block.
    package mutating func finish(to sink: (OutgoingPacket) throws -> Void) rethrows {
        if data.readableBytes > 0 { try emit(to: sink) }
        if offset > 0 { try endBlock(to: sink) }
    }
}

/// A packet to be written.
package struct OutgoingPacket: Sendable {
    /// Where in its block its data begin.
    package var offset: Int
    package var data: ByteBuffer
    package var checksums: ByteBuffer
    /// Ends the block; has no data.
    package var isLast: Bool
    /// Has DataNodes make the block durable before they acknowledge.
    package var sync: Bool
    /// Its number in the file, once it was given to a writer.
    var sequence: Int64 = 0

    var end: Int { offset + data.readableBytes }

    init(offset: Int, data: ByteBuffer, checksums: ByteBuffer, isLast: Bool, sync: Bool) {
        self.offset = offset
        self.data = data
        self.checksums = checksums
        self.isLast = isLast
        self.sync = sync
    }

    var message: TransferPacket {
        TransferPacket(
            sequence: sequence, offsetInBlock: Int64(offset), isLast: isLast, sync: sync, checksums: checksums,
            data: data)
    }
}
