import HoneyWorld
import NIOCore

// How a writer gets its replica: new, finished before, or left by another writer.
extension BlockStore {
    enum Newcomer {
        /// Written by a client.
        case written
        /// Copied from another DataNode.
        case copied
    }

    /// Makes an empty replica; one with an older stamp goes.
    func create(
        _ block: Block, as newcomer: Newcomer, checksum: ChecksumKind, storageID: String
    ) throws -> OpenReplica {
        if let known = replicas[block.id] {
            // An older one missed a change of the pipeline: nobody will ever ask for it, and the NameNode may not know that it is here.
            let mayReplace = known.generationStamp < block.generationStamp
            guard mayReplace else {
                throw RemoteException.replicaExists(
                    "Block \(block) already exists in state \(known.state.wire) with stamp \(known.generationStamp)")
            }
            try remove(block.id)
        }
        let volume = try chooseVolume(storageID: storageID, bytes: block.size)
        var isTemporary = true
        if case .written = newcomer { isTemporary = false }
        let place: Volume.Place = isTemporary ? .temporary : .beingWritten
        do {
            try volume.gather(block.id)
            let meta = try volume.disk.open(volume.meta(place, block.id, block.generationStamp), .create)
            try meta.write(MetaFile.header(checksum), at: 0)
            let data = try volume.disk.open(volume.data(place, block.id), .create)
            let replica = OpenReplica(
                id: block.id, generationStamp: block.generationStamp, volume: volume,
                checksum: checksum, data: data, meta: meta, prefix: nil)
            replica.reserved = block.size
            volume.reserved += block.size
            volume.used += Replica.footprint(of: 0)
            volume.count += 1
            open[block.id] = replica
            replicas[block.id] = Replica(
                generationStamp: block.generationStamp, size: 0, volume: UInt16(volume.index),
                state: isTemporary ? .temporary : .beingWritten)
            return replica
        } catch {
            try? volume.disk.remove(volume.meta(place, block.id, block.generationStamp))
            try? volume.disk.remove(volume.data(place, block.id))
            examine(volume, after: error)
            throw error
        }
    }

    /// Opens a finished replica for more, under a new stamp; tells what must be durable before the writer is told.
    func append(_ block: Block, newStamp: UInt64, expectedBytes: Int) throws -> (OpenReplica, [SyncTarget]) {
        let replica = try replica(block.id)
        guard replica.state == .finalized else {
            throw RemoteException.replicaNotFound("Cannot append to an unfinalized replica \(block)")
        }
        guard newStamp >= block.generationStamp, replica.generationStamp == block.generationStamp else {
            throw RemoteException.replicaNotFound(
                "Cannot append to \(block): the replica's stamp is \(replica.generationStamp), the new one \(newStamp)")
        }
        return try reopen(block.id, replica, newStamp: newStamp, expectedBytes: expectedBytes)
    }

    func reopen(
        _ id: UInt64, _ replica: Replica, newStamp: UInt64, expectedBytes: Int
    ) throws -> (OpenReplica, [SyncTarget]) {
        try checkFree(id)
        guard replica.size == expectedBytes else {
            throw RemoteException.inputOutput(
                "Corrupted replica blk_\(id) with a length of \(replica.size) expected length is \(expectedBytes)")
        }
        let volume = volumes[Int(replica.volume)]
        do {
            let opened = try files(id, replica, of: volume, newStamp: newStamp, isWhole: true)
            // The meta file first: a block file without one beside it belongs to an append that a crash ended.
            try volume.move(
                id,
                [
                    .init(
                        source: volume.meta(.finalized, id, replica.generationStamp),
                        target: volume.meta(.beingWritten, id, newStamp)),
                    .init(source: volume.data(.finalized, id), target: volume.data(.beingWritten, id)),
                ])
            open[id] = opened
            replicas[id]?.state = .beingWritten
            replicas[id]?.generationStamp = newStamp
            return (
                opened,
                (try opened.noteTail().map { [.file($0)] } ?? []) + [
                    .directory(volume.disk, volume.directory(.beingWritten, id)),
                    .directory(volume.disk, volume.directory(.finalized, id)),
                ]
            )
        } catch {
            examine(volume, after: error)
            throw error
        }
    }

    /// Opens a replica's files; a finished one's last chunk is checked, the rest of it by readers and the scanner.
    private func files(
        _ id: UInt64, _ replica: Replica, of volume: Volume, newStamp: UInt64, isWhole: Bool
    ) throws -> OpenReplica {
        try volume.gather(id)
        let place = replica.state.place
        let metaPath = volume.meta(place, id, replica.generationStamp)
        let data = try volume.disk.open(volume.data(place, id), .update)
        let meta = try volume.disk.open(metaPath, .update)
        let kind = try MetaFile.readKind(meta, name: volume.disk.name + "/" + metaPath)
        var prefix = VerifiedPrefix(bytes: replica.size, lastChecksum: 0)
        let partial = replica.size % kind.bytesPerChecksum
        if partial != 0 {
            var tail = ByteBuffer()
            try data.read(at: replica.size - partial, count: partial, into: &tail)
            let chunk = replica.size / kind.bytesPerChecksum
            let stored = try MetaFile.readChecksums(meta, chunks: chunk..<(chunk + 1))
            guard kind.firstMismatch(in: tail, checksums: stored) == nil else {
                throw RemoteException.inputOutput("Corrupted replica blk_\(id): its last chunk has another checksum")
            }
            prefix.lastChecksum = stored.getInteger(at: stored.readerIndex) ?? 0
        }
        return OpenReplica(
            id: id, generationStamp: newStamp, volume: volume, checksum: kind, data: data,
            meta: meta, prefix: prefix)
    }

    /// Takes over a replica whose pipeline failed, under a new stamp, with at least what the client was acknowledged.
    ///
    /// What is handed back must be durable before the writer is told: the NameNode will know no older stamp then.
    func takeOver(
        _ block: Block, newStamp: UInt64, bytes: ClosedRange<Int>
    ) throws -> (OpenReplica, [SyncTarget]) {
        let replica = try unfinishedReplica(block, newStamp: newStamp)
        let size = open[block.id]?.received ?? replica.size
        guard bytes.contains(size) else {
            throw RemoteException.replicaNotFound(
                "Unmatched length replica \(block): has \(size) bytes, not \(bytes.lowerBound) to \(bytes.upperBound)")
        }
        let opened = try takenOver(block.id, replica)
        try changeStamp(of: opened, to: newStamp)
        return (opened, [.directory(opened.volume.disk, opened.volume.directory(.beingWritten, block.id))])
    }

    /// Takes over a replica of an append whose pipeline failed: finished or not, with exactly so many bytes.
    func recoverAppend(_ block: Block, newStamp: UInt64, expectedBytes: Int) throws -> (OpenReplica, [SyncTarget]) {
        let replica = try replica(block.id)
        guard replica.state == .finalized else {
            return try takeOver(block, newStamp: newStamp, bytes: expectedBytes...expectedBytes)
        }
        try check(replica.generationStamp, of: block, newStamp: newStamp)
        return try reopen(block.id, replica, newStamp: newStamp, expectedBytes: expectedBytes)
    }

    /// Gives a replica whose pipeline failed at its very end its new stamp, and finishes it if it is not; tells what must be
    /// durable then. `syncsData` are to be synced before.
    func recoverClose(_ block: Block, newStamp: UInt64, expectedBytes: Int) throws -> Recovered {
        let replica = try replica(block.id)
        guard replica.state == .finalized else {
            return .open(try takeOver(block, newStamp: newStamp, bytes: expectedBytes...expectedBytes).0)
        }
        try checkFree(block.id)
        try check(replica.generationStamp, of: block, newStamp: newStamp)
        guard replica.size == expectedBytes else {
            throw RemoteException.inputOutput(
                "Corrupted replica \(block) with a length of \(replica.size) expected length is \(expectedBytes)")
        }
        return .finished(try changeFinalizedStamp(block.id, to: newStamp))
    }

    enum Recovered {
        /// It must still be finished.
        case open(OpenReplica)
        case finished([SyncTarget])
    }

    private func unfinishedReplica(_ block: Block, newStamp: UInt64) throws -> Replica {
        let replica = try replica(block.id)
        guard replica.state == .beingWritten || replica.state == .waiting else {
            throw RemoteException.replicaNotFound(
                "Cannot recover a non-RBW replica \(block) in state \(replica.state.wire)")
        }
        try checkFree(block.id)
        try check(replica.generationStamp, of: block, newStamp: newStamp)
        return replica
    }

    private func check(_ stamp: UInt64, of block: Block, newStamp: UInt64) throws {
        guard stamp >= block.generationStamp, stamp <= newStamp else {
            throw RemoteException.replicaNotFound(
                "Cannot append to a replica with unexpected generation stamp \(stamp): "
                    + "not \(block.generationStamp) to \(newStamp)")
        }
    }

    /// Fails while a recovery of the block is under way.
    private func checkFree(_ id: UInt64) throws {
        if let recovery = recoveries[id] {
            throw RemoteException.replicaNotFound("Replica blk_\(id) is under recovery to stamp \(recovery.stamp)")
        }
    }

    /// Stops an unfinished replica's writer, or opens the files of one that waits since the start.
    func takenOver(_ id: UInt64, _ replica: Replica) throws -> OpenReplica {
        stopWriter(of: id, "another writer takes over")
        if let known = open[id] { return known }
        let volume = volumes[Int(replica.volume)]
        let opened: OpenReplica
        do {
            opened = try files(id, replica, of: volume, newStamp: replica.generationStamp, isWhole: false)
        } catch {
            examine(volume, after: error)
            throw error
        }
        open[id] = opened
        replicas[id]?.state = .beingWritten
        return opened
    }
}
