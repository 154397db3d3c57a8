import HoneyHDFSMessages
import HoneyWorld

// Ordering copies of blocks that have too few replicas.
extension BlockManager {
    /// Orders copies of the most endangered blocks, so many that nodes can do them until the next round.
    func orderCopies() {
        for id in pending.takeOlder(than: now.monotonicNanoseconds - configuration.pendingTimeout) {
            guard let block = blocks[id] else { continue }
            log(.info, "copies of \(block.block) did not come in time")
            updateNeeded(block)
        }
        let limit = max(1, registry.liveCount * configuration.replicationWorkMultiplier)
        for (id, priority) in needed.first(limit) {
            guard let block = blocks[id] else {
                needed.remove(id)
                continue
            }
            if orderCopy(block, priority) { updateNeeded(block) } else { needed.moveBack(id) }
        }
    }

    /// Orders as many copies as a block lacks; false when none was possible.
    private func orderCopy(_ block: BlockInfo, _ priority: NeededBlocks.Priority) -> Bool {
        updateNeeded(block)
        guard needed.priority(of: block.id) == priority else { return needed.priority(of: block.id) == nil }
        let lacking = block.replication - counts(of: block).live - pending.count(block.id)
        guard let source = chooseSource(block, isUrgent: priority == .highest) else { return false }
        let holders = storages(of: block)
        let coming = pending.targets(block.id).map { registry.storages[Int($0)] }
        let good = goodStorages(of: block) + coming
        // A node that has yet to delete a bad replica would refuse a good one.
        let deleting = registry.live.filter { $0.invalidation(of: block.id) != nil }
        // A rack more is what a block on one rack lacks.
        var targets = chooseTargets(
            count: max(1, lacking), blockBytes: block.size, clientHost: source.node.id.ipAddr,
            excluding: Set((holders.map(\.node) + coming.map(\.node) + deleting).map(\.uuid)), alreadyChosen: good)
        if lacking <= 0 {
            let racks = Set(good.map(\.node.rack))
            targets.removeAll { racks.contains($0.node.rack) }
        }
        guard !targets.isEmpty else {
            // Every node has one: a bad one must go before there is room for a good one.
            if lacking > 0, deleting.isEmpty { removeCorrupt(block) }
            return false
        }
        source.node.transfers.append(Datanode.TransferWork(block: block, targets: targets))
        for target in targets { target.node.scheduled += 1 }
        pending.add(block.id, targets: targets, at: now.monotonicNanoseconds)
        log(
            .debug,
            "\(source.node.address) copies \(block.block) to " + targets.map(\.node.address).joined(separator: " "))
        return true
    }

    /// Takes a holder that has not much to do; rather one that is being decommissioned, since it serves no writers.
    private func chooseSource(_ block: BlockInfo, isUrgent: Bool) -> DatanodeStorage? {
        let limit = isUrgent ? configuration.replicationStreamsHardLimit : configuration.replicationStreams
        let able = goodStorages(of: block).filter {
            $0.node.isAlive && !$0.isFailed && $0.node.transfers.count < limit
        }
        let leaving = able.filter { $0.node.adminState == .decommissionInprogress }
        let staying = able.filter { $0.node.adminState == .normal }
        let preferred = leaving.isEmpty ? (staying.isEmpty ? able : staying) : leaving
        let fresh = preferred.filter { !isStale($0.node) }
        return (fresh.isEmpty ? preferred : fresh).randomElement(using: &random)
    }
}
