package import HoneyHDFSMessages
package import HoneyWorld
package import NIOCore

// First version of what the name space calls.
extension BlockManager {
    /// Adds a block that a client is about to write to `targets`.
    @discardableResult
    package func add(block: Block, file: UInt64, replication: Int, targets: [DatanodeStorage]) -> BlockInfo {
        let info = BlockInfo(block, file: file, replication: replication, state: .underConstruction)
        info.construction = BlockConstruction(targets: targets, generationStamp: block.generationStamp)
        blocks[block.id] = info
        return info
    }

    /// Adds a block as the image or the log has it, or brings a known one up to date; nothing is known of its replicas.
    @discardableResult
    package func restore(block: Block, file: UInt64, replication: Int, isComplete: Bool) -> BlockInfo {
        let info = BlockInfo(
            block, file: file, replication: replication, state: isComplete ? .complete : .underConstruction)
        blocks[block.id] = info
        return info
    }

    /// Chooses storages for `count` replicas of a block, in the order of the pipeline; fewer, or none, when there are no more.
    ///
    /// `excluding` names nodes by uuid, `favored` hosts with transfer ports; `alreadyChosen` are replicas there are already.
    package func chooseTargets(
        count: Int, blockBytes: Int, clientHost: String, excluding: Set<String> = [], favored: [String] = [],
        alreadyChosen: [DatanodeStorage] = []
    ) -> [DatanodeStorage] { [] }

    /// Makes what Hadoop throws when a block could be placed nowhere.
    package func placementFailure(path: String, chosen: Int, excluded: Int) -> RemoteException {
        .inputOutput(
            "File \(path) could only be written to \(chosen) of the \(configuration.minimumReplication) minReplication nodes. "
                + "There are \(registry.nodes.count) datanode(s) running and \(excluded) node(s) are excluded in this operation."
        )
    }

    /// Tells where a block is, at `offset` in its file; nearest to `clientHost` first. Without a host the pipeline's order.
    package func locate(_ block: BlockInfo, offset: Int, clientHost: String? = nil) -> WireLocatedBlock {
        WireLocatedBlock()
    }

    /// Takes the size and generation stamp that the client says its block has now that it is written.
    package func commit(_ block: BlockInfo, as reported: Block) throws(RemoteException) {}

    /// Makes a committed block complete when it has the least number of replicas; tells whether it is complete.
    package func completeIfReplicated(_ block: BlockInfo) -> Bool { block.isComplete }

    /// Makes a block complete without asking for replicas, as the log says.
    package func complete(_ block: BlockInfo) { block.state = .complete }

    /// Opens a complete block for appending; the new stamp is nil where the client will ask for one itself.
    package func reopen(_ block: BlockInfo, newGenerationStamp: UInt64? = nil) {}

    /// Sets how many replicas there should be; copies and removals follow.
    package func setReplication(_ block: BlockInfo, to replication: Int) {}

    /// Forgets blocks of deleted files and has their replicas deleted.
    package func remove(_ removed: [BlockInfo]) {}

    /// Gives blocks to another file, as `concat` does.
    package func move(_ moved: [BlockInfo], toFile file: UInt64) { for block in moved { block.file = file } }

    /// Has the replicas of an unfinished block made equal; `truncateTo` cuts it to so many bytes.
    package func beginRecovery(_ block: BlockInfo, newGenerationStamp: UInt64, truncateTo: Int? = nil) {}

    /// Takes a recovered block's final size, stamp and places from `commitBlockSynchronization`.
    package func finishRecovery(_ block: BlockInfo, as recovered: Block, storages: [String]) throws(RemoteException) {}

    /// Takes the new pipeline of a block after a DataNode failed in mid-write.
    package func updatePipeline(_ block: BlockInfo, newGenerationStamp: UInt64, size: Int, storages: [String])
        throws(RemoteException)
    {}

    /// Notes a replica that a client or DataNode found damaged; `storage` may be empty.
    package func markCorrupt(_ reported: Block, node: WireDatanodeID, storage: String, reason: String) {}

    /// Counts for `getFsStats`.
    package var statistics: WireGetFsStatsResponse { .init() }
    /// Counts for `getFsReplicatedBlockStats`.
    package var replicatedBlockStatistics: WireGetFsReplicatedBlockStatsResponse { .init() }

    /// Describes nodes for `getDatanodeReport`.
    package func report(of type: WireDatanodeReportType) -> [WireDatanodeInfo] { [] }
    /// Describes nodes and their storages for `getDatanodeStorageReport`.
    package func storageReport(of type: WireDatanodeReportType) -> [WireDatanodeStorageReport] { [] }
    /// Lists blocks that have no good replica, by number, for `listCorruptFileBlocks`.
    package var blocksWithoutGoodReplica: [BlockInfo] { [] }

    /// Lists blocks a node holds, of about `size` bytes together, for the balancer's `getBlocks`.
    package func heldBlocks(_ request: WireGetBlocksRequest) throws(RemoteException) -> WireGetBlocksResponse {
        .init()
    }

    /// Has all DataNodes limit their balancing to so many bytes a second.
    package func setBalancerBandwidth(_ bytesPerSecond: Int) {}

    /// Takes new lists of hosts; nodes that leave them are decommissioned or refused.
    package func refreshNodes(included: Set<String>, excluded: Set<String>) {}

    /// Begins to give orders, with all that DataNodes may have deleted meanwhile in doubt.
    package func becomeActive() {}
    /// Stops giving orders; reports ahead of the log are kept until it catches up.
    package func becomeStandby() {}

    /// Does what is due: dead nodes, copies, removals, decommissioning. Once a second is often enough.
    package func tick(_ now: Moment) { self.now = now }

    /// Answers a call of `DatanodeProtocol`; its body is the response message.
    package func answer(_ call: RPCCall, at now: Moment) throws(RemoteException) -> ByteBuffer { ByteBuffer() }
}
