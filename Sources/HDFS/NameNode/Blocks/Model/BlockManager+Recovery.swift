import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// Making the replicas of a block equal after its writer went away: a DataNode leads it by the NameNode's order.
extension BlockManager {
    /// Has the replicas of an unfinished block made equal; `truncateTo` cuts it to so many bytes.
    ///
    /// Asked again while a recovery runs, another node leads; the older recovery's outcome no longer counts.
    package func beginRecovery(_ block: BlockInfo, newGenerationStamp: UInt64, truncateTo: Int? = nil) {
        if block.construction == nil { reopen(block) }
        guard let construction = block.construction else { return }
        block.state = .underRecovery
        construction.recoveryStamp = newGenerationStamp
        construction.truncation = truncateTo ?? construction.truncation
        orderRecovery(block, construction)
    }

    private func orderRecovery(_ block: BlockInfo, _ construction: BlockConstruction) {
        construction.primary?.recoveries.removeAll { $0.id == block.id }
        construction.primary = nil
        let live = construction.replicas.indices.filter { construction.replicas[$0].storage.node.isAlive }
        guard !live.isEmpty else {
            log(.warning, "no live DataNode to lead the recovery of \(block.block)")
            return
        }
        if live.allSatisfy({ construction.replicas[$0].hasLed }) {
            for index in live { construction.replicas[index].hasLed = false }
        }
        // The one that was heard last is the most likely to answer.
        let leader = live.filter { !construction.replicas[$0].hasLed }.max {
            construction.replicas[$0].storage.node.lastHeartbeat < construction.replicas[$1].storage.node.lastHeartbeat
        }!
        construction.replicas[leader].hasLed = true
        let node = construction.replicas[leader].storage.node
        construction.primary = node
        node.recoveries.append(block)
        log(.info, "\(node.address) leads the recovery of \(block.block) to stamp \(construction.recoveryStamp)")
    }

    /// Makes the order that goes to the leader; nil when the block was finished or removed meanwhile.
    func recoveryOrder(_ block: BlockInfo) -> WireRecoveringBlock? {
        guard block.state == .underRecovery, blocks[block.id] === block, let construction = block.construction else {
            return nil
        }
        let live = construction.replicas.map(\.storage).filter { $0.node.isAlive }
        let fresh = live.filter { !isStale($0.node) }
        let located = located(block.block, on: fresh.isEmpty ? live : fresh)
        return .with {
            $0.newGenStamp = construction.recoveryStamp
            $0.block = located
            if let truncation = construction.truncation {
                $0.truncateBlock =
                    Block(id: block.id, generationStamp: construction.recoveryStamp, size: truncation).message
            }
        }
    }

    /// Takes a recovered block's final size, stamp and places from `commitBlockSynchronization`.
    ///
    /// With `closeFile` the block is committed, and complete as soon as it has replicas enough.
    package func finishRecovery(
        _ block: BlockInfo, as recovered: Block, storages uuids: [String], closeFile: Bool = true
    ) throws(RemoteException) {
        guard !block.isComplete, let construction = block.construction else { return }
        if construction.recoveryStamp != recovered.generationStamp {
            throw .inputOutput(
                "The recovery id \(recovered.generationStamp) does not match current recovery id "
                    + "\(construction.recoveryStamp) for block \(block.block)")
        }
        for storage in storages(of: block) { unlink(block, from: storage) }
        construction.primary?.recoveries.removeAll { $0.id == block.id }
        block.generationStamp = recovered.generationStamp
        block.size = recovered.size
        let places = uuids.compactMap { registry.storage(uuid: $0) }
        let next = BlockConstruction(
            targets: places, generationStamp: recovered.generationStamp, state: closeFile ? .finalized : .rbw)
        block.construction = next
        block.state = closeFile ? .committed : .underConstruction
        guard closeFile else { return }
        for place in places where place.node.isAlive { link(block, to: place) }
        completeIfReplicated(block)
    }
}
