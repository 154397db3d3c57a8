import HoneyWorld

// How a replica is finished, renamed and removed.
extension BlockStore {
    /// Gives an unfinished replica another stamp.
    func changeStamp(of replica: OpenReplica, to stamp: UInt64) throws {
        guard replica.generationStamp != stamp else { return }
        let (volume, place) = (replica.volume, replicas[replica.id]?.state.place ?? .beingWritten)
        try volume.changeStamp(of: replica.id, in: place, from: replica.generationStamp, to: stamp)
        replica.generationStamp = stamp
        replicas[replica.id]?.generationStamp = stamp
    }

    /// Gives a finished replica another stamp; tells what to sync.
    func changeFinalizedStamp(_ id: UInt64, to stamp: UInt64) throws -> [SyncTarget] {
        guard let replica = replicas[id] else { return [] }
        let volume = volumes[Int(replica.volume)]
        if replica.generationStamp != stamp {
            try volume.changeStamp(of: id, in: .finalized, from: replica.generationStamp, to: stamp)
            replicas[id]?.generationStamp = stamp
        }
        return [.directory(volume.disk, volume.directory(.finalized, id))]
    }

    /// What makes the bytes of a replica durable, and that it is there.
    func bytes(of replica: OpenReplica) -> [SyncTarget] {
        let place: Volume.Place = replicas[replica.id]?.state.place ?? .beingWritten
        return [
            .file(replica.data), .file(replica.meta),
            .directory(replica.volume.disk, replica.volume.directory(place, replica.id)),
        ]
    }

    /// Moves a replica whose bytes are durable to the finished ones; tells what to sync, in this order.
    func finalize(_ replica: OpenReplica) throws -> [SyncTarget] {
        guard open[replica.id] === replica, let known = replicas[replica.id] else { return [] }
        let (volume, id, place) = (replica.volume, replica.id, known.state.place)
        do {
            var targets: [SyncTarget] = [.directory(volume.disk, volume.directory(.finalized, id))]
            targets += try volume.makeFinalizedDirectory(id)
            try volume.move(
                id,
                [
                    .init(source: volume.data(place, id), target: volume.data(.finalized, id)),
                    .init(
                        source: volume.meta(place, id, replica.generationStamp),
                        target: volume.meta(.finalized, id, replica.generationStamp)),
                ])
            targets.append(.directory(volume.disk, volume.directory(place, id)))
            volume.reserved -= replica.reserved
            replica.reserved = 0
            if place == .beingWritten { try? volume.disk.remove(volume.tail(id)) }
            open[id] = nil
            replicas[id] = Replica(
                generationStamp: replica.generationStamp, size: replica.received, volume: known.volume,
                state: .finalized)
            return targets
        } catch {
            examine(volume, after: error)
            throw error
        }
    }

    /// Makes a copy that came for a client's pipeline a replica that the client may write on; tells what to sync.
    func adopt(_ replica: OpenReplica) throws -> [SyncTarget] {
        guard open[replica.id] === replica else { return [] }
        let (volume, id, stamp) = (replica.volume, replica.id, replica.generationStamp)
        try volume.move(
            id,
            [
                .init(source: volume.meta(.temporary, id, stamp), target: volume.meta(.beingWritten, id, stamp)),
                .init(source: volume.data(.temporary, id), target: volume.data(.beingWritten, id)),
            ])
        replicas[id]?.state = .beingWritten
        replica.acknowledged = replica.received
        replica.writer = nil
        return [.directory(volume.disk, volume.directory(.beingWritten, id))]
    }
}
