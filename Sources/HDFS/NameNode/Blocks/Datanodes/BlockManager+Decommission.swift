import HoneyHDFSMessages
import HoneyWorld

// Taking nodes out of service without losing a replica: their blocks are copied first.
extension BlockManager {
    /// Takes new lists of hosts; nodes that leave the first are refused, those on the second decommissioned.
    package func refreshNodes(included: Set<String>, excluded: Set<String>) {
        registry.includedHosts = included
        registry.excludedHosts = excluded
        for node in registry.nodes {
            if !registry.isIncluded(node.id) {
                loseNode(node)
            } else if registry.isExcluded(node.id) {
                startDecommission(node)
            } else {
                stopDecommission(node)
            }
        }
    }

    func startDecommission(_ node: Datanode) {
        guard node.adminState == .normal else { return }
        node.adminState = .decommissionInprogress
        node.description = nil
        log(.info, "decommissioning \(node.address) with \(node.blockCount) blocks")
        for storage in node.storages {
            for block in storage.blocks { updateNeeded(block) }
        }
        checkDecommission(node)
    }

    func stopDecommission(_ node: Datanode) {
        guard node.adminState != .normal else { return }
        node.adminState = .normal
        node.description = nil
        log(.info, "\(node.address) is in service again")
        for storage in node.storages {
            // Trimming may shorten the list.
            for block in Array(storage.blocks) {
                updateNeeded(block)
                trimIfTooMany(block)
            }
        }
    }

    func checkDecommissions() {
        guard looksAfterReplicas else { return }
        for node in registry.nodes where node.adminState == .decommissionInprogress { checkDecommission(node) }
    }

    /// Ends the decommissioning of a node whose blocks all have replicas enough elsewhere.
    func checkDecommission(_ node: Datanode) {
        // A node that has not reported yet seems empty.
        let isEmpty = node.storages.allSatisfy { $0.blocks.isEmpty }
        guard !node.isAlive || !isEmpty || node.storages.contains(where: { $0.reportCount > 0 }) else { return }
        guard decommissionProgress(of: node).isDone else { return }
        node.adminState = .decommissioned
        node.description = nil
        log(.info, "\(node.address) is decommissioned")
    }

    /// Counts what keeps a node from being decommissioned.
    package func decommissionProgress(of node: Datanode) -> DecommissionProgress {
        var progress = DecommissionProgress()
        for storage in node.storages {
            for block in storage.blocks {
                let live = counts(of: block).live
                // What is being written is copied when it is complete.
                let enough = block.isComplete ? block.replication : configuration.minimumReplication
                if live >= enough { continue }
                progress.underReplicated += 1
                if live == 0 { progress.withoutLiveReplica += 1 }
                if !block.isComplete { progress.inOpenFiles += 1 }
            }
        }
        return progress
    }
}

/// What keeps a node from being decommissioned.
package struct DecommissionProgress: Hashable, Sendable {
    /// Blocks with too few replicas elsewhere.
    package var underReplicated = 0
    /// Of these, those only on nodes that are leaving.
    package var withoutLiveReplica = 0
    package var inOpenFiles = 0

    package init() {}

    package var isDone: Bool { underReplicated == 0 }
}
