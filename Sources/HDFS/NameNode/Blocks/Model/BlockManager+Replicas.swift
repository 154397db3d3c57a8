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

    /// Counts replicas that are not known to be damaged: those that make a block safe.
    func intactReplicas(of block: BlockInfo) -> Int {
        Int(block.replicaCount) - (damagedReplicas[block.id]?.count ?? 0)
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
        let before = intactReplicas(of: block)
        guard unlink(block, from: storage) else { return }
        if block.isComplete {
            let left = intactReplicas(of: block)
            if left < before { safeMode.replicaRemoved(left: left) }
            updateNeeded(block)
        }
    }

    /// Has a node delete a replica of a block that belongs to no file, once the log durably says so.
    ///
    /// After a crash that loses the removal the file is there again, and its replicas must be too.
    func invalidate(_ replica: Block, on node: Datanode, afterTransaction transaction: UInt64) {
        if let owner, isActive, transaction > owner.durableTransaction {
            waitingDeletions.append(WaitingDeletion(transaction: transaction, replica: replica, node: node))
        } else {
            invalidate(replica, on: node)
        }
    }

    /// Orders the deletions whose reasons are durable now.
    func releaseDeletions() {
        guard let first = waitingDeletions.first, let owner, first.transaction <= owner.durableTransaction else {
            return
        }
        let durable = owner.durableTransaction
        let end = waitingDeletions.firstIndex { $0.transaction > durable } ?? waitingDeletions.count
        for deletion in waitingDeletions[..<end] where blocks[deletion.replica.id] == nil {
            invalidate(deletion.replica, on: deletion.node)
        }
        waitingDeletions.removeFirst(end)
    }

    /// Has a node delete a replica; the order goes with one of its next heartbeats.
    func invalidate(_ replica: Block, on node: Datanode) {
        guard node.isAlive else { return }
        node.invalidate(replica)
        node.transfers.removeAll { $0.block.id == replica.id }
    }
}

/// A replica that is to be deleted once a transaction is durable.
struct WaitingDeletion {
    var transaction: UInt64
    var replica: Block
    var node: Datanode
}
