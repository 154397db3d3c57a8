import HoneyCore
import HoneyWorld
import NIOCore

/// The files of a replica, read piece by piece.
struct ReplicaReader {
    let block: Block
    let volume: Volume
    let checksum: ChecksumKind
    let data: any DiskFile
    let meta: any DiskFile

    /// A piece of a replica with the checksums of its chunks.
    struct Piece {
        var offset: Int
        var data: ByteBuffer
        var checksums: ByteBuffer
        /// Where the data are not what their checksums say; nil when they are.
        var damagedAt: Int?
    }

    /// Reads up to `count` bytes from the start of a chunk up to `end`, and checks them.
    func piece(at offset: Int, count: Int, end: Int) throws -> Piece {
        let size = checksum.bytesPerChecksum
        let wanted = min(max(count - count % size, size), end - offset)
        var data = ByteBuffer()
        let taken = try self.data.read(at: offset, count: wanted, into: &data)
        let first = offset / size
        let sums = try MetaFile.readChecksums(
            meta, chunks: first..<(first + checksum.chunks(in: data.readableBytes)))
        let bad = checksum.firstMismatch(in: data, checksums: sums)
        let isShort = taken < wanted
        return Piece(
            offset: offset, data: data, checksums: sums,
            damagedAt: bad.map { offset + $0 } ?? (isShort ? offset + taken : nil))
    }
}

extension BlockStore {
    /// Opens a replica for reading; `block` may have an older stamp, when it was appended to since.
    func reader(of block: Block) throws -> ReplicaReader {
        let replica = try replica(block.id)
        guard replica.generationStamp >= block.generationStamp else {
            throw RemoteException.replicaNotFound(
                "Replica generation stamp < block generation stamp, block=\(block), replica's=\(replica.generationStamp)"
            )
        }
        if let opened = open[block.id] {
            guard replica.state == .beingWritten else {
                throw RemoteException.replicaNotFound("Replica is not readable: \(block), state \(replica.state.wire)")
            }
            return ReplicaReader(
                block: opened.block, volume: opened.volume, checksum: opened.checksum, data: opened.data,
                meta: opened.meta)
        }
        guard replica.state == .finalized else {
            throw RemoteException.replicaNotFound("Replica is not readable: \(block), state \(replica.state.wire)")
        }
        let volume = volumes[Int(replica.volume)]
        do {
            try volume.gather(block.id)
            let data = try volume.disk.open(volume.data(.finalized, block.id), .read)
            let metaPath = volume.meta(.finalized, block.id, replica.generationStamp)
            let meta = try volume.disk.open(metaPath, .read)
            let kind = try MetaFile.readKind(meta, name: volume.disk.name + "/" + metaPath)
            return ReplicaReader(
                block: Block(id: block.id, generationStamp: replica.generationStamp, size: replica.size),
                volume: volume, checksum: kind, data: data, meta: meta)
        } catch {
            if let error = error as? DiskError, error.cause == .notFound {
                let block = Block(id: block.id, generationStamp: replica.generationStamp, size: replica.size)
                try? remove(block.id)
                replicaVanished(block, volume)
            } else if error is HoneyError {
                // What says how to check the bytes is itself damaged.
                replicaDamaged(
                    Block(id: block.id, generationStamp: replica.generationStamp, size: replica.size), volume)
            }
            examine(volume, after: error)
            throw error
        }
    }
}
