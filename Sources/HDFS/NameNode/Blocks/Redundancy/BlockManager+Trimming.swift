import HoneyWorld

// Removing replicas of blocks that have too many.
extension BlockManager {
    /// Orders replicas deleted while there are more good ones than there should be.
    ///
    /// `added` is where one has just come, `hint` the node it was moved from: that one goes if the racks stay as many.
    func trimIfTooMany(_ block: BlockInfo, hint: Datanode? = nil) {
        guard looksAfterReplicas, block.isComplete else { return }
        guard Int(block.replicaCount) > block.replication else {
            if !postponed.isEmpty { postponed.remove(block.id) }
            return
        }
        var candidates = goodStorages(of: block).filter(\.node.isInService)
        guard candidates.count > block.replication else {
            postponed.remove(block.id)
            return
        }
        // A storage in doubt may have had its replica deleted by another NameNode's order.
        if candidates.contains(where: \.isContentStale) {
            postponed.insert(block.id)
            return
        }
        postponed.remove(block.id)
        if let hint, let place = candidates.firstIndex(where: { $0.node === hint }),
            keepsRacks(removing: candidates[place], from: candidates)
        {
            orderDeletion(block, on: candidates.remove(at: place))
        }
        while candidates.count > block.replication {
            let victim = chooseVictim(candidates)
            candidates.removeAll { $0 === victim }
            orderDeletion(block, on: victim)
        }
    }

    /// Tells whether without a replica there are as many racks as before, or still two.
    private func keepsRacks(removing victim: DatanodeStorage, from candidates: [DatanodeStorage]) -> Bool {
        let rest = Set(candidates.lazy.filter { $0 !== victim }.map(\.node.rack))
        return rest.count >= 2 || rest.contains(victim.node.rack)
    }

    /// Takes from racks that have several; of those a node that is silent for long, or else the fullest.
    private func chooseVictim(_ candidates: [DatanodeStorage]) -> DatanodeStorage {
        let racks = Dictionary(grouping: candidates, by: \.node.rack)
        let shared = candidates.filter { racks[$0.node.rack]!.count > 1 }
        // With three racks and more one of them can be given up.
        let choice = shared.isEmpty ? candidates : shared
        let oldest = choice.min { $0.node.lastHeartbeat < $1.node.lastHeartbeat }!
        if now.monotonicNanoseconds - oldest.node.lastHeartbeat > 4 * configuration.heartbeatInterval { return oldest }
        return choice.min { $0.remaining < $1.remaining }!
    }

    private func orderDeletion(_ block: BlockInfo, on storage: DatanodeStorage) {
        surplusReplicas[block.id, default: []].append(
            SurplusReplica(storage: storage.index, since: now.monotonicNanoseconds))
        invalidate(block.block, on: storage.node)
        log(
            .debug,
            "\(block.block) has more than \(block.replication) replicas, so \(storage.node.address) deletes its own")
    }

    /// Looks again at blocks that waited for a storage's report.
    func trimPostponed() {
        for id in postponed.all {
            if let block = blocks[id] { trimIfTooMany(block) } else { postponed.remove(id) }
        }
    }

    /// Orders the deletion of a replica again that is still reported, as after a restart of its node.
    ///
    /// It must be the same one: to choose anew could delete both.
    func repeatDeletion(of reported: Block, on storage: DatanodeStorage) {
        guard let surplus = surplusReplicas[reported.id], surplus.contains(where: { $0.storage == storage.index }),
            storage.node.invalidation(of: reported.id) == nil
        else { return }
        invalidate(reported, on: storage.node)
    }

    /// Gives orders again that were not carried out for long; an answer to a heartbeat may have been lost.
    func repeatDeletions() {
        let deadline = now.monotonicNanoseconds - configuration.excessTimeout
        for id in surplusReplicas.keys.sorted() {
            guard let block = blocks[id], var surplus = surplusReplicas[id] else { continue }
            for place in surplus.indices where surplus[place].since < deadline {
                surplus[place].since = now.monotonicNanoseconds
                invalidate(block.block, on: registry.storages[Int(surplus[place].storage)].node)
            }
            surplusReplicas[id] = surplus
        }
    }
}
