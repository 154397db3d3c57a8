package import HoneyHDFSMessages
import SwiftProtobuf

// Figures and lists for administrators.
extension BlockManager {
    /// Blocks that have a damaged replica.
    package var corruptBlockCount: Int { damagedReplicas.count }
    /// Blocks with too few good replicas, without those that have none.
    package var underReplicatedCount: Int { needed.count }
    /// Copies that were ordered and are waited for, in blocks.
    package var pendingCopyCount: Int { pending.blockCount }
    /// Replicas that nodes are to delete.
    package var pendingDeletionCount: Int {
        waitingDeletions.count + registry.nodes.reduce(0) { $0 + $1.invalidations.count }
    }

    /// Counts for `getFsStats`.
    package var statistics: WireGetFsStatsResponse {
        .with {
            $0.capacity = UInt64(clamping: registry.live.reduce(0) { $0 + $1.capacity })
            $0.used = UInt64(clamping: registry.live.reduce(0) { $0 + $1.used })
            $0.remaining = UInt64(clamping: registry.live.reduce(0) { $0 + $1.remaining })
            $0.underReplicated = UInt64(needed.count)
            $0.corruptBlocks = UInt64(damagedReplicas.count)
            $0.missingBlocks = UInt64(needed.lostCount)
            $0.missingReplOneBlocks = UInt64(needed.lostWithOneReplica)
            $0.blocksInFuture = 0
            $0.pendingDeletionBlocks = UInt64(pendingDeletionCount)
        }
    }

    /// Counts for `getFsReplicatedBlockStats`.
    package var replicatedBlockStatistics: WireGetFsReplicatedBlockStatsResponse {
        .with {
            $0.lowRedundancy = UInt64(needed.count)
            $0.corruptBlocks = UInt64(damagedReplicas.count)
            $0.missingBlocks = UInt64(needed.lostCount)
            $0.missingReplOneBlocks = UInt64(needed.lostWithOneReplica)
            $0.blocksInFuture = 0
            $0.pendingDeletionBlocks = UInt64(pendingDeletionCount)
            $0.highestPrioLowRedundancyBlocks = UInt64(needed.highestCount)
            $0.badlyDistributedBlocks = UInt64(needed.badlyDistributedCount)
        }
    }

    private func nodes(of type: WireDatanodeReportType) -> [Datanode] {
        registry.nodes.filter { node in
            switch type {
            case .all: true
            case .live: node.isAlive
            case .dead: !node.isAlive && registry.isIncluded(node.id)
            case .decommissioning: node.isAlive && node.adminState == .decommissionInprogress
            case .enteringMaintenance: node.adminState == .enteringMaintenance
            case .inMaintenance: node.adminState == .inMaintenance
            }
        }
    }

    /// Describes nodes for `getDatanodeReport`.
    package func report(of type: WireDatanodeReportType) -> [WireDatanodeInfo] {
        nodes(of: type).map { description(of: $0) }
    }

    /// Describes nodes and their storages for `getDatanodeStorageReport`.
    package func storageReport(of type: WireDatanodeReportType) -> [WireDatanodeStorageReport] {
        nodes(of: type).map { node in
            .with {
                $0.datanodeInfo = description(of: node)
                $0.storageReports = node.storages.map(report)
            }
        }
    }

    private func report(_ storage: DatanodeStorage) -> WireStorageReport {
        .with {
            $0.storageUuid = storage.uuid
            $0.failed = storage.isFailed
            $0.capacity = UInt64(clamping: storage.capacity)
            $0.dfsUsed = UInt64(clamping: storage.used)
            $0.remaining = UInt64(clamping: storage.remaining)
            $0.blockPoolUsed = UInt64(clamping: storage.poolUsed)
            $0.nonDfsUsed = UInt64(clamping: storage.nonDFSUsed)
            if !storage.mount.isEmpty { $0.mount = storage.mount }
            $0.storage = .with {
                $0.storageUuid = storage.uuid
                $0.state = storage.isReadOnly ? .readOnlyShared : .normal
                $0.storageType = storage.type
            }
        }
    }

    /// Lists blocks that have no good replica, by number, for `listCorruptFileBlocks`.
    package var blocksWithoutGoodReplica: [BlockInfo] {
        needed.lost.sorted().compactMap { blocks[$0] }
    }

    /// Lists blocks a node holds, of about `size` bytes together, for the balancer's `getBlocks`.
    ///
    /// It begins anywhere in the node's list, so that asking again finds others.
    package func heldBlocks(_ request: WireGetBlocksRequest) throws(RemoteException) -> WireGetBlocksResponse {
        guard let node = registry.node(uuid: request.datanode.datanodeUuid) else {
            throw RemoteException(
                "org.apache.hadoop.hdfs.protocol.UnregisteredNodeException",
                "Datanode \(request.datanode.ipAddr):\(request.datanode.xferPort) not found.")
        }
        let smallest = Int(clamping: request.minBlockSize)
        let wanted = Int(clamping: request.size)
        let held = node.storages.flatMap(\.blocks)
        var found = WireBlocksWithLocations()
        var bytes = 0
        let start = held.isEmpty ? 0 : Int(random.next(upperBound: UInt64(held.count)))
        for place in held.indices {
            guard bytes < wanted else { break }
            let block = held[(start + place) % held.count]
            guard block.isComplete, block.size >= smallest else { continue }
            let storages = goodStorages(of: block)
            found.blocks.append(
                .with {
                    $0.block = block.block.message
                    $0.datanodeUuids = storages.map(\.node.uuid)
                    $0.storageUuids = storages.map(\.uuid)
                    $0.storageTypes = storages.map(\.type)
                })
            bytes += block.size
        }
        return .with { $0.blocks = found }
    }
}
