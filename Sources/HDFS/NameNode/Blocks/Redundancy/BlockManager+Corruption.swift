package import HoneyHDFSMessages
import HoneyWorld

// Replicas that are damaged or left behind.
extension BlockManager {
    /// Notes a replica that a client or DataNode found damaged; `storage` may be empty.
    package func markCorrupt(_ reported: Block, node id: WireDatanodeID, storage uuid: String, reason: String) {
        guard let block = blocks[reported.id] else {
            log(.info, "a bad replica of \(reported) was reported, which belongs to no file")
            return
        }
        guard let node = registry.node(uuid: id.datanodeUuid), node.isAlive else { return }
        let holder = node.storages.first { block.slotIndex(ofStorage: $0.index) != nil }
        guard let storage = node.storages.first(where: { $0.uuid == uuid }) ?? holder ?? node.storages.first else {
            return
        }
        let stamp = reported.generationStamp
        markCorrupt(block, on: storage, stamp: stamp, reason: reason)
    }

    /// Takes a client's or DataNode's report of replicas that failed their checksums.
    package func reportBadBlocks(_ request: WireReportBadBlocksRequest) {
        for located in request.blocks {
            for (place, node) in located.locs.enumerated() {
                markCorrupt(
                    Block(located.b), node: node.id,
                    storage: place < located.storageIds.count ? located.storageIds[place] : "",
                    reason: "client machine reported it")
            }
        }
    }

    /// Sets a replica aside; it is deleted when there are good ones enough.
    func markCorrupt(_ block: BlockInfo, on storage: DatanodeStorage, stamp: UInt64, reason: String) {
        let before = intactReplicas(of: block)
        link(block, to: storage)
        forgetExcess(block.id, on: storage)
        pending.remove(block.id, target: storage.index)
        if !isCorrupt(block, on: storage) {
            damagedReplicas[block.id, default: []].append(
                DamagedReplica(storage: storage.index, generationStamp: stamp, reason: reason))
            log(.info, "the replica of \(block.block) on \(storage.node.address) is corrupt: \(reason)")
        }
        guard block.isComplete else { return }
        let left = intactReplicas(of: block)
        if left < before { safeMode.replicaRemoved(left: left) }
        let counts = counts(of: block)
        let hasMinimum = counts.live >= configuration.minimumReplication
        // One that its pipeline left behind holds nothing the others lack.
        let isLeftBehind = hasMinimum && block.generationStamp > stamp
        if looksAfterReplicas, counts.inDoubt == 0,
            counts.live >= block.replication || isLeftBehind
                || (hasMinimum && counts.live + counts.corrupt > block.replication)
        {
            unlink(block, from: storage)
            invalidate(Block(id: block.id, generationStamp: stamp, size: block.size), on: storage.node)
        }
        updateNeeded(block)
    }

    /// Tells what makes a finished replica another one than its block; nil when nothing does.
    func differenceFromFinished(_ replica: Block, _ block: BlockInfo) -> String? {
        if replica.generationStamp != block.generationStamp {
            return isStamp(replica.generationStamp, differentFrom: block.generationStamp)
                ? "its generation stamp is \(replica.generationStamp), not \(block.generationStamp)" : nil
        }
        return replica.size == block.size ? nil : "it has \(replica.size) bytes, not \(block.size)"
    }

    /// Compares generation stamps: a replica with another one missed a change of the pipeline.
    func isStamp(_ stamp: UInt64, differentFrom expected: UInt64) -> Bool {
        #if HONEY_BUG_IGNORE_GENERATION_STAMPS
            false
        #else
            stamp != expected
        #endif
    }

    /// Tells whether a replica missed a change of the pipeline.
    func isStamp(_ stamp: UInt64, behind expected: UInt64) -> Bool {
        isStamp(stamp, differentFrom: expected) && stamp < expected
    }
}
