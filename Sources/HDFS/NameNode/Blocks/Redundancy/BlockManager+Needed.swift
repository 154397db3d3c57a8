// Which blocks have too few replicas, or all on one rack.
extension BlockManager {
    /// Looks at a block and puts it on the list of those to be copied, or takes it off.
    func updateNeeded(_ block: BlockInfo) {
        guard looksAfterReplicas, blocks[block.id] === block, block.isComplete else { return }
        let counts = counts(of: block)
        let coming = pending.count(block.id)
        let isBadlySpread = counts.live + coming >= block.replication && coming == 0 && !isWellSpread(block)
        guard counts.live + coming < block.replication || isBadlySpread else {
            needed.remove(block.id)
            return
        }
        let priority: NeededBlocks.Priority =
            if counts.live >= block.replication {
                .badlyDistributed
            } else if counts.live == 0 {
                // What is still on nodes that are leaving can be copied before they go.
                counts.readable > 0 ? .highest : .lost
            } else if counts.live == 1 {
                .highest
            } else if counts.live * 3 < block.replication {
                .veryLow
            } else {
                .low
            }
        needed.update(block.id, priority, wantsOne: block.replication == 1)
    }

    /// Tells whether a block's good replicas are on two racks at least, where there are two.
    func isWellSpread(_ block: BlockInfo) -> Bool {
        guard block.replication > 1, registry.hasSeveralRacks else { return true }
        let racks = Set(goodStorages(of: block).map(\.node.rack))
        return racks.count >= min(2, registry.liveRackCount)
    }

    /// Removes damaged replicas once there are enough good ones: before, they may be all there is.
    func removeCorruptIfEnoughGood(_ block: BlockInfo) {
        guard looksAfterReplicas, block.isComplete, let damaged = damagedReplicas[block.id] else { return }
        if counts(of: block).live >= block.replication { remove(damaged, of: block) }
    }

    /// Removes damaged replicas of a block that has good ones, if not enough of them.
    func removeCorrupt(_ block: BlockInfo) {
        guard block.isComplete, let damaged = damagedReplicas[block.id],
            counts(of: block).live >= configuration.minimumReplication
        else { return }
        remove(damaged, of: block)
    }

    private func remove(_ damaged: [DamagedReplica], of block: BlockInfo) {
        for replica in damaged {
            let storage = registry.storages[Int(replica.storage)]
            unlink(block, from: storage)
            invalidate(
                Block(id: block.id, generationStamp: replica.generationStamp, size: block.size), on: storage.node)
        }
    }

    /// Looks at every block again, some at each tick; what was known before is forgotten.
    func examineAll() {
        needed.removeAll()
        postponed.removeAll()
        unexamined = blocks.keys.sorted(by: >)
        examineNext()
    }

    /// Looks at the next of the blocks that are to be examined: as many as take a small part of a second.
    func examineNext() {
        guard looksAfterReplicas else { return }
        for _ in 0..<min(50_000, unexamined.count) {
            guard let block = blocks[unexamined.removeLast()] else { continue }
            if block.state == .committed {
                completeIfReplicated(block)
            } else {
                updateNeeded(block)
                trimIfTooMany(block)
                removeCorruptIfEnoughGood(block)
            }
        }
    }
}
