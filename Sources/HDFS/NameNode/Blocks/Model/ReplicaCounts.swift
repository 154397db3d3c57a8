import HoneyHDFSMessages
import HoneyWorld

/// How many replicas of a block are in which condition.
package struct ReplicaCounts: Hashable, Sendable {
    /// Good ones on nodes in service.
    package var live = 0
    package var decommissioning = 0
    package var decommissioned = 0
    package var corrupt = 0
    /// To be deleted since there are too many.
    package var excess = 0
    /// Of the live ones, those on nodes whose heartbeats are late.
    package var stale = 0
    /// Those on storages whose content is in doubt after this NameNode became active.
    package var inDoubt = 0

    package init() {}

    /// Replicas that can be read.
    package var readable: Int { live + decommissioning + decommissioned }
}

extension BlockManager {
    /// Counts a block's replicas.
    package func counts(of block: BlockInfo) -> ReplicaCounts {
        var counts = ReplicaCounts()
        let damaged = damagedReplicas[block.id]
        let surplus = surplusReplicas[block.id]
        for index in 0..<Int(block.replicaCount) {
            let storage = registry.storages[Int(block.slot(index).storage)]
            if storage.isContentStale { counts.inDoubt += 1 }
            if damaged != nil, damaged!.contains(where: { $0.storage == storage.index }) {
                counts.corrupt += 1
            } else if surplus != nil, surplus!.contains(where: { $0.storage == storage.index }) {
                counts.excess += 1
            } else {
                switch storage.node.adminState {
                case .decommissionInprogress: counts.decommissioning += 1
                case .decommissioned: counts.decommissioned += 1
                default:
                    counts.live += 1
                    if isStale(storage.node) { counts.stale += 1 }
                }
            }
        }
        return counts
    }

    /// Lists the storages with a good replica that is to stay.
    func goodStorages(of block: BlockInfo) -> [DatanodeStorage] {
        storages(of: block).filter { !isCorrupt(block, on: $0) && !isExcess(block, on: $0) }
    }

    /// Lists the storages with a replica of whatever condition, in the order in which they came.
    package func storages(of block: BlockInfo) -> [DatanodeStorage] {
        (0..<Int(block.replicaCount)).map { registry.storages[Int(block.slot($0).storage)] }
    }

    func isCorrupt(_ block: BlockInfo, on storage: DatanodeStorage) -> Bool {
        damagedReplicas[block.id]?.contains { $0.storage == storage.index } ?? false
    }

    func isExcess(_ block: BlockInfo, on storage: DatanodeStorage) -> Bool {
        surplusReplicas[block.id]?.contains { $0.storage == storage.index } ?? false
    }

    /// Tells whether a node's heartbeats are late.
    func isStale(_ node: Datanode) -> Bool {
        now.monotonicNanoseconds - node.lastHeartbeat > configuration.staleInterval
    }
}
