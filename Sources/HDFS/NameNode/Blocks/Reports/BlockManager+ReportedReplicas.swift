import HoneyHDFSMessages

// What one reported replica means, whichever report it came in.
extension BlockManager {
    /// Takes a reported replica into account.
    func takeReplica(_ reported: ReportedReplica) {
        let storage = registry.storages[Int(reported.storage)]
        guard storage.node.isAlive else { return }
        guard let block = blocks[reported.block.id] else {
            if isActive {
                invalidate(reported.block, on: storage.node, afterTransaction: owner?.lastTransaction ?? 0)
            } else {
                keepUntilLogCatchesUp(reported)
            }
            return
        }
        // It still waits to be told to delete this one.
        if let waiting = storage.node.invalidation(of: block.id),
            !isStamp(waiting.generationStamp, differentFrom: reported.block.generationStamp)
        {
            return
        }
        if !isActive, isStamp(block.generationStamp, behind: reported.block.generationStamp) {
            keepUntilLogCatchesUp(reported)
            return
        }
        if let reason = damage(of: reported, as: block) {
            if isActive {
                markCorrupt(block, on: storage, stamp: reported.block.generationStamp, reason: reason)
            } else {
                keepUntilLogCatchesUp(reported)
            }
            return
        }
        switch reported.state {
        case .finalized:
            if block.state == .underConstruction || block.state == .underRecovery {
                note(reported, of: block, on: storage)
            }
            store(block, on: storage, hint: reported.hint)
        case .rbw, .rwr:
            if !block.isComplete { note(reported, of: block, on: storage) }
        case .rur, .temporary: break
        }
    }

    /// Tells why a replica must not be read; nil when nothing speaks against it.
    private func damage(of reported: ReportedReplica, as block: BlockInfo) -> String? {
        let stamp = reported.block.generationStamp
        switch reported.state {
        case .finalized:
            guard block.isComplete || block.state == .committed else {
                return isStamp(stamp, behind: block.generationStamp)
                    ? "its generation stamp \(stamp) is behind \(block.generationStamp)" : nil
            }
            return differenceFromFinished(reported.block, block)
        case .rbw, .rwr:
            // A pipeline that has just closed may still be reported as being written.
            guard block.isComplete else { return nil }
            if isStamp(stamp, differentFrom: block.generationStamp) {
                return "its generation stamp is \(stamp), not \(block.generationStamp)"
            }
            return reported.state == .rwr ? "it is unfinished" : nil
        case .rur, .temporary: return nil
        }
    }

    /// Notes what was reported of a block being written, for its recovery.
    private func note(_ reported: ReportedReplica, of block: BlockInfo, on storage: DatanodeStorage) {
        guard let construction = block.construction,
            !isStamp(reported.block.generationStamp, behind: block.generationStamp)
        else { return }
        var replica = BlockConstruction.Replica(
            storage: storage, state: reported.state, generationStamp: reported.block.generationStamp,
            size: reported.block.size)
        replica.isReported = true
        // The node may have put it on another of its storages than was chosen.
        guard let place = construction.replicas.firstIndex(where: { $0.storage.node === storage.node }) else {
            construction.replicas.append(replica)
            return
        }
        replica.hasLed = construction.replicas[place].hasLed
        construction.replicas[place] = replica
    }

    /// Takes a good finished replica into account.
    private func store(_ block: BlockInfo, on storage: DatanodeStorage, hint: Datanode?) {
        pending.remove(block.id, target: storage.index)
        let before = intactReplicas(of: block)
        if let damaged = damagedReplicas[block.id]?.first(where: { $0.storage == storage.index }),
            damaged.generationStamp != block.generationStamp
        {
            // It was one left behind; the node has the right one now. Bytes that were found bad stay so.
            forgetCorrupt(block.id, on: storage)
        }
        let isNew = link(block, to: storage)
        if isNew { storage.node.scheduled = max(0, storage.node.scheduled - 1) }
        if block.state == .committed {
            completeIfReplicated(block)
        } else if block.isComplete {
            let now = intactReplicas(of: block)
            if now > before { safeMode.replicaAdded(replicas: now) }
            guard looksAfterReplicas else { return }
            updateNeeded(block)
            trimIfTooMany(block, hint: hint)
            removeCorruptIfEnoughGood(block)
        }
    }

    /// Keeps a report that a standby's log does not explain yet.
    private func keepUntilLogCatchesUp(_ reported: ReportedReplica) {
        var kept = aheadOfLog[reported.block.id] ?? []
        kept.removeAll { $0.storage == reported.storage }
        kept.append(reported)
        aheadOfLog[reported.block.id] = kept
    }

    /// Looks again at reports that were ahead of the log.
    func takeReportsAhead(of id: UInt64) {
        guard !aheadOfLog.isEmpty, let kept = aheadOfLog.removeValue(forKey: id) else { return }
        for replica in kept { takeReplica(replica) }
    }
}
