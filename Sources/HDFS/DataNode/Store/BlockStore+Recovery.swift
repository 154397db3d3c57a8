import HoneyWorld

// Replicas of a block whose writer went away are made equal: first all are asked and held, then each is cut and finished.
extension BlockStore {
    /// Holds a replica for a recovery that gives it `stamp`, and tells what there is; nil when there is none.
    func beginRecovery(_ block: Block, stamp: UInt64) throws -> (block: Block, state: Replica.State)? {
        guard let replica = replicas[block.id], replica.state != .temporary else { return nil }
        if let other = recoveries[block.id], other.stamp >= stamp {
            throw RemoteException.recoveryInProgress(
                "replica blk_\(block.id) is already under recovery to stamp \(other.stamp), not to \(stamp)")
        }
        guard replica.generationStamp >= block.generationStamp, replica.generationStamp < stamp else {
            throw RemoteException.inputOutput(
                "replica blk_\(block.id) has generation stamp \(replica.generationStamp), "
                    + "recovery is from \(block.generationStamp) to \(stamp)")
        }
        stopWriter(of: block.id, "a recovery takes over")
        recoveries[block.id] = ReplicaRecovery(stamp: stamp)
        return self.block(block.id).map { ($0, replica.state) }
    }

    /// Cuts a replica that a recovery holds and gives it its stamp; what is still to be done is told.
    func applyRecovery(_ id: UInt64, stamp: UInt64, bytes: Int) throws -> Recovered {
        guard let replica = replicas[id], let here = block(id), recoveries[id]?.stamp == stamp else {
            throw RemoteException.inputOutput("replica blk_\(id) is not under recovery to stamp \(stamp)")
        }
        guard here.size >= bytes else {
            throw RemoteException.inputOutput("replica blk_\(id) has \(here.size) bytes, fewer than \(bytes)")
        }
        recoveries[id] = nil
        if replica.state == .finalized {
            guard here.size > bytes else { return .finished(try changeFinalizedStamp(id, to: stamp)) }
            let (opened, _) = try reopen(id, replica, newStamp: stamp, expectedBytes: replica.size)
            try opened.truncate(to: bytes)
            return .open(opened)
        }
        let opened = try takenOver(id, replica)
        try opened.truncate(to: bytes)
        try changeStamp(of: opened, to: stamp)
        return .open(opened)
    }
}
