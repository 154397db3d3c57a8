// Which storage holds which block, kept on both sides.
extension BlockManager {
    /// Notes a replica; a replica on another storage of the node is forgotten, since it has moved. False when it was known.
    @discardableResult
    func link(_ block: BlockInfo, to storage: DatanodeStorage) -> Bool {
        guard block.slotIndex(ofStorage: storage.index) == nil else { return false }
        for other in storage.node.storages where block.slotIndex(ofStorage: other.index) != nil {
            unlink(block, from: other)
        }
        block.append(BlockInfo.ReplicaSlot(storage: storage.index, position: UInt32(storage.blocks.count)))
        storage.blocks.append(block)
        return true
    }

    /// Forgets a replica and what was known of its condition.
    @discardableResult
    func unlink(_ block: BlockInfo, from storage: DatanodeStorage) -> Bool {
        guard let index = block.slotIndex(ofStorage: storage.index) else { return false }
        let position = Int(block.slot(index).position)
        block.removeSlot(index)
        let last = storage.blocks.removeLast()
        if position < storage.blocks.count {
            storage.blocks[position] = last
            last.setPosition(UInt32(position), inStorage: storage.index)
        }
        forgetCorrupt(block.id, on: storage)
        forgetExcess(block.id, on: storage)
        return true
    }

    func forgetCorrupt(_ id: UInt64, on storage: DatanodeStorage) {
        guard var damaged = damagedReplicas[id] else { return }
        damaged.removeAll { $0.storage == storage.index }
        damagedReplicas[id] = damaged.isEmpty ? nil : damaged
    }

    func forgetExcess(_ id: UInt64, on storage: DatanodeStorage) {
        guard var surplus = surplusReplicas[id] else { return }
        surplus.removeAll { $0.storage == storage.index }
        surplusReplicas[id] = surplus.isEmpty ? nil : surplus
    }

    /// Takes a replica off the books and looks whether the block has too few now.
    func dropReplica(_ block: BlockInfo, from storage: DatanodeStorage) {
        guard unlink(block, from: storage) else { return }
        if block.isComplete {
            safeMode.replicaRemoved(left: Int(block.replicaCount))
            updateNeeded(block)
        }
    }

    /// Has a node delete a replica; the order goes with one of its next heartbeats.
    func invalidate(_ replica: Block, on node: Datanode) {
        guard node.isAlive else { return }
        node.invalidate(replica)
        node.transfers.removeAll { $0.block.id == replica.id }
    }
}
