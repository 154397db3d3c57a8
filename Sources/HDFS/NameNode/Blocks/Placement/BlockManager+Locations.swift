import FoundationEssentials
package import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// Where blocks are, as clients hear it.
extension BlockManager {
    /// Tells where a block is, at `offset` in its file; nearest to `clientHost` first. Without a host the pipeline's order.
    ///
    /// Nodes that are late come behind the others, and those being decommissioned last. When all replicas are damaged all are
    /// told, and that they are.
    package func locate(_ block: BlockInfo, offset: Int, clientHost: String? = nil) -> WireLocatedBlock {
        var places: [DatanodeStorage]
        var isCorrupt = false
        if let construction = block.construction, block.state != .committed || block.replicaCount == 0 {
            places = construction.replicas.map(\.storage).filter(\.node.isAlive)
        } else {
            let all = storages(of: block).filter(\.node.isAlive)
            places = damagedReplicas[block.id] == nil ? all : all.filter { !self.isCorrupt(block, on: $0) }
            if places.isEmpty, !all.isEmpty {
                places = all
                isCorrupt = true
            }
        }
        if let clientHost { places = sorted(places, near: clientHost) }
        return located(block.block, offset: offset, on: places, isCorrupt: isCorrupt)
    }

    /// Tells of a block with these storages, such as targets that were just chosen for it.
    package func located(
        _ block: Block, offset: Int = 0, on storages: [DatanodeStorage], isCorrupt: Bool = false
    ) -> WireLocatedBlock {
        .with {
            $0.b = block.extended(pool: pool)
            $0.offset = UInt64(offset)
            $0.locs = storages.map { description(of: $0.node) }
            $0.corrupt = isCorrupt
            $0.blockToken = Self.emptyToken
            $0.isCached = storages.map { _ in false }
            $0.storageTypes = storages.map(\.type)
            $0.storageIds = storages.map(\.uuid)
        }
    }

    /// What stands where Hadoop has an access token, since there is simple authentication only.
    private static let emptyToken = WireToken.with {
        $0.identifier = .init()
        $0.password = .init()
        $0.kind = ""
        $0.service = ""
    }

    private func sorted(_ storages: [DatanodeStorage], near host: String) -> [DatanodeStorage] {
        guard storages.count > 1 else { return storages }
        let rack = registry.liveNodes(onHost: host).first?.rack ?? registry.rack(ofHost: host)
        var ranked = storages.shuffled(using: &random).map { storage in
            var rank = rack.map { Topology.distance(storage.node.rack, $0) } ?? 0
            if storage.node.id.ipAddr == host || storage.node.id.hostName == host { rank = 0 }
            if configuration.avoidsStaleReads, isStale(storage.node) { rank += 1_000 }
            if !storage.node.isInService { rank += 1_000_000 }
            return (rank: rank, storage: storage)
        }
        ranked.sort { $0.rank < $1.rank }
        return ranked.map(\.storage)
    }

    /// Describes a node as reports and locations do.
    func description(of node: Datanode) -> WireDatanodeInfo {
        if let known = node.description { return known }
        let made = WireDatanodeInfo.with {
            $0.id = node.id
            $0.capacity = UInt64(clamping: node.capacity)
            $0.dfsUsed = UInt64(clamping: node.used)
            $0.remaining = UInt64(clamping: node.remaining)
            $0.blockPoolUsed = UInt64(clamping: node.storages.reduce(0) { $0 + $1.poolUsed })
            $0.nonDfsUsed = UInt64(clamping: node.storages.reduce(0) { $0 + $1.nonDFSUsed })
            $0.lastUpdate = UInt64(clamping: node.lastHeartbeatWall)
            $0.lastUpdateMonotonic = UInt64(clamping: node.lastHeartbeat / .milliseconds(1))
            $0.lastBlockReportTime = UInt64(clamping: node.lastReportWall)
            $0.lastBlockReportMonotonic = UInt64(clamping: node.lastReport / .milliseconds(1))
            $0.xceiverCount = UInt32(clamping: node.transceivers)
            $0.location = node.rack
            $0.adminState = node.adminState
            $0.numBlocks = UInt32(clamping: node.blockCount)
            $0.softwareVersion = node.softwareVersion
        }
        node.description = made
        return made
    }
}
