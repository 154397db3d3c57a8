import HoneyHDFSMessages
import HoneyWorld

// What the name space says of its blocks: from being added to being removed.
extension BlockManager {
    /// Adds a block that a client is about to write to `targets`.
    @discardableResult
    package func add(block: Block, file: UInt64, replication: Int, targets: [DatanodeStorage]) -> BlockInfo {
        let info = BlockInfo(block, file: file, replication: replication, state: .underConstruction)
        info.construction = BlockConstruction(targets: targets, generationStamp: block.generationStamp)
        blocks[block.id] = info
        for target in targets { target.node.scheduled += 1 }
        takeReportsAhead(of: block.id)
        return info
    }

    /// Takes where a block is to be written, of which that is not known since nothing was reported of it.
    package func setTargets(of block: BlockInfo, to targets: [DatanodeStorage]) {
        block.construction = BlockConstruction(targets: targets, generationStamp: block.generationStamp)
        for target in targets { target.node.scheduled += 1 }
    }

    /// Adds a block as the image or the log has it, or brings a known one up to date; where its replicas are, reports tell.
    @discardableResult
    package func restore(block: Block, file: UInt64, replication: Int, isComplete: Bool) -> BlockInfo {
        guard let known = blocks[block.id] else {
            let info = BlockInfo(
                block, file: file, replication: replication, state: isComplete ? .complete : .underConstruction)
            if !isComplete {
                info.construction = BlockConstruction(targets: [], generationStamp: block.generationStamp)
            }
            blocks[block.id] = info
            if isComplete { safeMode.blockAdded(replicas: 0) }
            takeReportsAhead(of: block.id)
            return info
        }
        known.file = file
        known.replication = replication
        if known.generationStamp != block.generationStamp { unlinkAll(known) }
        known.generationStamp = block.generationStamp
        known.size = block.size
        if isComplete, !known.isComplete {
            complete(known)
        } else if !isComplete, known.isComplete {
            reopen(known)
        }
        takeReportsAhead(of: block.id)
        return known
    }

    /// Takes the size and generation stamp that the client says its block has now that it is written.
    package func commit(_ block: BlockInfo, as reported: Block) throws(RemoteException) {
        guard block.state == .underConstruction || block.state == .underRecovery else { return }
        if block.size > reported.size {
            throw .inputOutput("commitBlock length is less than the stored one \(reported.size) vs. \(block.size)")
        }
        if block.generationStamp != reported.generationStamp {
            throw .inputOutput(
                "Commit block with mismatching GS. NN has \(block.block), client submits \(reported)")
        }
        block.size = reported.size
        block.state = .committed
        dropReplicasUnlike(block)
        takeReportsAhead(of: block.id)
    }

    /// Forgets replicas that were reported finished, but are not what was committed.
    private func dropReplicasUnlike(_ block: BlockInfo) {
        guard let construction = block.construction else { return }
        for replica in construction.replicas where replica.isReported && replica.state == .finalized {
            let reported = Block(id: block.id, generationStamp: replica.generationStamp, size: replica.size)
            guard let reason = differenceFromFinished(reported, block) else { continue }
            unlink(block, from: replica.storage)
            markCorrupt(block, on: replica.storage, stamp: replica.generationStamp, reason: reason)
        }
    }

    /// Makes a committed block complete when it has the least number of replicas; tells whether it is complete.
    @discardableResult
    package func completeIfReplicated(_ block: BlockInfo) -> Bool {
        if block.state == .committed, counts(of: block).readable >= configuration.minimumReplication {
            complete(block)
            owner?.blockBecameComplete(block)
        }
        return block.isComplete
    }

    /// Makes a block complete without asking for replicas, as the log says.
    package func complete(_ block: BlockInfo) {
        guard !block.isComplete else { return }
        let expected = block.construction?.replicas.map(\.storage) ?? []
        block.construction = nil
        block.state = .complete
        safeMode.blockAdded(replicas: intactReplicas(of: block))
        guard looksAfterReplicas else { return }
        // The rest of the pipeline will report in a moment; only when it does not, copies are made.
        let missing = expected.filter { $0.node.isAlive && block.slotIndex(ofStorage: $0.index) == nil }
        if !missing.isEmpty, Int(block.replicaCount) < block.replication {
            pending.add(block.id, targets: missing, at: now.monotonicNanoseconds)
        }
        updateNeeded(block)
        trimIfTooMany(block)
        removeCorruptIfEnoughGood(block)
    }

    /// Opens a complete block for appending. The new stamp is nil where the client will ask for one itself.
    package func reopen(_ block: BlockInfo, newGenerationStamp: UInt64? = nil) {
        if block.isComplete { safeMode.blockRemoved(replicas: intactReplicas(of: block)) }
        block.state = .underConstruction
        needed.remove(block.id)
        pending.remove(block.id)
        let good = goodStorages(of: block)
        let construction = BlockConstruction(targets: good, generationStamp: block.generationStamp)
        block.construction = construction
        if let newGenerationStamp {
            block.generationStamp = newGenerationStamp
            unlinkAll(block)
        }
    }

    private func unlinkAll(_ block: BlockInfo) {
        for storage in storages(of: block) { unlink(block, from: storage) }
    }

    /// Takes the new pipeline of a block after a DataNode failed in mid-write or an append began.
    package func updatePipeline(
        _ block: BlockInfo, newGenerationStamp: UInt64, size: Int, storages uuids: [String]
    ) throws(RemoteException) {
        if newGenerationStamp <= block.generationStamp || size < block.size {
            let new = Block(id: block.id, generationStamp: newGenerationStamp, size: size)
            throw .inputOutput(
                "Update \(block.block) but the new block \(new) does not have a larger generation stamp than the last block "
                    + "\(block.block)")
        }
        block.generationStamp = newGenerationStamp
        block.size = size
        let next = BlockConstruction(
            targets: uuids.compactMap { registry.storage(uuid: $0) }, generationStamp: newGenerationStamp)
        // A DataNode may have told of the new stamp before the client did; what has the old one is left behind.
        for reported in block.construction?.replicas ?? []
        where reported.isReported && reported.generationStamp == newGenerationStamp {
            guard let place = next.replicas.firstIndex(where: { $0.storage === reported.storage }) else { continue }
            next.replicas[place] = reported
        }
        for storage in storages(of: block)
        where !next.replicas.contains(where: { $0.storage === storage && $0.state == .finalized }) {
            unlink(block, from: storage)
        }
        block.construction = next
        block.state = .underConstruction
        takeReportsAhead(of: block.id)
    }

    /// Sets how many replicas there should be; copies and removals follow.
    package func setReplication(_ block: BlockInfo, to replication: Int) {
        block.replication = replication
        guard block.isComplete else { return }
        updateNeeded(block)
        trimIfTooMany(block)
    }

    /// Forgets blocks of deleted files and has their replicas deleted.
    ///
    /// To be called before the removal is put into the log: the owner's next transaction.
    package func remove(_ removed: [BlockInfo]) {
        let transaction = (owner?.lastTransaction ?? 0) + 1
        for block in removed where blocks.removeValue(forKey: block.id) != nil {
            if block.isComplete { safeMode.blockRemoved(replicas: intactReplicas(of: block)) }
            needed.remove(block.id)
            pending.remove(block.id)
            postponed.remove(block.id)
            for storage in storages(of: block) {
                let stamp = damagedReplicas[block.id]?.first { $0.storage == storage.index }?.generationStamp
                unlink(block, from: storage)
                invalidate(
                    Block(id: block.id, generationStamp: stamp ?? block.generationStamp, size: block.size),
                    on: storage.node, afterTransaction: transaction)
            }
            for replica in block.construction?.replicas ?? [] where replica.isReported {
                invalidate(
                    Block(id: block.id, generationStamp: replica.generationStamp, size: replica.size),
                    on: replica.storage.node, afterTransaction: transaction)
            }
            for replica in block.construction?.replicas ?? [] where !replica.isReported {
                replica.storage.node.scheduled = max(0, replica.storage.node.scheduled - 1)
            }
            aheadOfLog[block.id] = nil
            block.construction = nil
            block.file = 0
        }
    }

    /// Gives blocks to another file, as `concat` does.
    package func move(_ moved: [BlockInfo], toFile file: UInt64) {
        for block in moved { block.file = file }
    }
}
