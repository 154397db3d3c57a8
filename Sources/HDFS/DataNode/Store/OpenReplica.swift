import HoneyWorld
import NIOCore

/// Who writes a replica, and stops when another takes it over.
protocol ReplicaWriter: AnyObject {
    func stopWriting(_ reason: String)
}

/// A replica that may still grow, with its files.
final class OpenReplica {
    let id: UInt64
    var generationStamp: UInt64
    let volume: Volume
    let checksum: ChecksumKind
    let data: any DiskFile
    let meta: any DiskFile
    /// Bytes written to the files.
    private(set) var received: Int
    /// Bytes that the whole pipeline has, as far as is known here: what readers may count on.
    var acknowledged: Int
    /// The checksum of the last chunk as far as it goes; 0 when the chunk is whole.
    private var lastChecksum: UInt32
    private var tail: (any DiskFile)?
    /// Bytes set aside on the volume for what is still to come.
    var reserved = 0
    /// Where the bytes end whose way to the disk has begun.
    private var writebackEnd: Int
    weak var writer: (any ReplicaWriter)?

    init(
        id: UInt64, generationStamp: UInt64, volume: Volume, checksum: ChecksumKind,
        data: any DiskFile, meta: any DiskFile, prefix: VerifiedPrefix?
    ) {
        self.id = id
        self.generationStamp = generationStamp
        self.volume = volume
        self.checksum = checksum
        self.data = data
        self.meta = meta
        received = prefix?.bytes ?? 0
        acknowledged = received
        writebackEnd = received
        lastChecksum = prefix?.lastChecksum ?? 0
    }

    var block: Block { Block(id: id, generationStamp: generationStamp, size: received) }

    /// Tells whether the checksums of a packet are those of its data.
    ///
    /// A packet begins with a chunk, or fills up the last one and then has nothing else.
    func accepts(offset: Int, data: ByteBuffer, checksums: ByteBuffer) -> Bool {
        let partial = offset % checksum.bytesPerChecksum
        if partial != 0, data.readableBytes > checksum.bytesPerChecksum - partial { return false }
        return checksum.firstMismatch(in: data, checksums: checksums) == nil
    }

    /// Writes what is new of a packet that was found right; fails with `gap` when bytes before it are missing.
    func write(at offset: Int, data bytes: ByteBuffer, checksums: ByteBuffer) throws {
        guard offset >= 0, offset <= received else { throw Gap(offset: offset, received: received) }
        let end = offset + bytes.readableBytes
        guard end > received else { return }
        let size = checksum.bytesPerChecksum
        var new = bytes
        var sums = checksums
        let last: UInt32
        if offset % size != 0 {
            new.moveReaderIndex(forwardBy: received - offset)
            last = checksum.extend(lastChecksum, with: new)
            sums = ByteBuffer(integer: last)
        } else {
            // From the start of the chunk that is not whole yet.
            let begin = received - received % size
            new.moveReaderIndex(forwardBy: begin - offset)
            sums.moveReaderIndex(forwardBy: (begin - offset) / size * 4)
            last = sums.getInteger(at: sums.writerIndex - 4) ?? 0
        }
        let place = end - new.readableBytes
        try data.write(new, at: place)
        try meta.write(sums, at: MetaFile.offset(ofChunk: place / size))
        lastChecksum = end % size == 0 ? 0 : last
        let grown = end - received
        volume.used += Replica.footprint(of: end) - Replica.footprint(of: received)
        received = end
        let released = min(reserved, grown)
        reserved -= released
        volume.reserved -= released
    }

    /// Bytes that are worth being brought to the disk now; each is given out once.
    func takeWriteback() -> Range<Int>? {
        let end = received - received % Self.writebackBytes
        guard end > writebackEnd else { return nil }
        defer { writebackEnd = end }
        return writebackEnd..<end
    }

    private static let writebackBytes = 8 << 20

    /// Notes what a sync that is asked for now makes durable of a last chunk that is not whole; nil when it is whole.
    func noteTail() throws -> (any DiskFile)? {
        guard received % checksum.bytesPerChecksum != 0 else { return nil }
        let path = volume.tail(id)
        let file = try tail ?? volume.disk.open(path, volume.disk.entry(path) == nil ? .create : .update)
        tail = file
        try ReplicaTail(bytes: received, checksum: lastChecksum).write(to: file)
        return file
    }

    /// Cuts the replica to fewer bytes, which must be right so far.
    func truncate(to bytes: Int) throws {
        guard bytes < received else { return }
        let size = checksum.bytesPerChecksum
        let whole = bytes / size
        var tail = ByteBuffer()
        try data.read(at: whole * size, count: min(size, received - whole * size), into: &tail)
        let stored = try MetaFile.readChecksums(meta, chunks: whole..<(whole + 1))
        if bytes % size != 0, checksum.firstMismatch(in: tail, checksums: stored) != nil {
            throw RemoteException.inputOutput("\(block) is damaged in its chunk at \(whole * size)")
        }
        try data.truncate(to: bytes)
        try meta.truncate(to: MetaFile.size(of: bytes, checksum))
        lastChecksum = 0
        if bytes % size != 0, let kept = tail.getSlice(at: tail.readerIndex, length: bytes % size) {
            lastChecksum = checksum.extend(0, with: kept)
            try meta.write(ByteBuffer(integer: lastChecksum), at: MetaFile.offset(ofChunk: whole))
        }
        volume.used -= Replica.footprint(of: received) - Replica.footprint(of: bytes)
        received = bytes
        acknowledged = min(acknowledged, bytes)
    }

    /// A packet that does not join what came before it.
    struct Gap: Error, CustomStringConvertible {
        var offset: Int
        var received: Int
        var description: String { "a packet at \(offset) after \(received) bytes" }
    }
}
