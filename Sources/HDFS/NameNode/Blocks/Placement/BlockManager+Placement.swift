import HoneyHDFSMessages
import HoneyWorld

// Where new replicas go: the first on the writer's node, the second on another rack, the third on the second's rack, more anywhere
// without crowding a rack. A node must have room, not be much busier than others, be heard of lately and not be leaving.
extension BlockManager {
    /// Chooses storages for `count` replicas of a block, in the order of the pipeline; fewer, or none, when there are no more.
    ///
    /// `excluding` names nodes by uuid, `favored` hosts with transfer ports; `alreadyChosen` are replicas there are already.
    package func chooseTargets(
        count: Int, blockBytes: Int, clientHost: String, excluding: Set<String> = [], favored: [String] = [],
        alreadyChosen: [DatanodeStorage] = []
    ) -> [DatanodeStorage] {
        guard count > 0, !registry.live.isEmpty else { return [] }
        let writers = registry.liveNodes(onHost: clientHost)
        let able = writers.filter { !excluding.contains($0.uuid) }
        let writer = (able.isEmpty ? writers : able).randomElement(using: &random)
        var round = PlacementRound(
            registry: registry, count: count, blockBytes: blockBytes, writer: writer,
            writerRack: writer?.rack ?? registry.rack(ofHost: clientHost), excluding: excluding, existing: alreadyChosen
        )
        round.average = configuration.considersLoad ? registry.averageLoad * configuration.loadFactor : nil
        round.freshSince =
            avoidsStaleWritesNow ? now.monotonicNanoseconds - configuration.staleInterval : nil
        for address in favored {
            if let node = registry.node(address: address) { round.choose(node, &random) }
        }
        round.chooseRest(&random)
        // Rather a node that is late or busy than a replica less.
        if round.isShort, round.freshSince != nil {
            round.freshSince = nil
            round.chooseRest(&random)
        }
        if round.isShort, round.average != nil {
            round.average = nil
            round.chooseRest(&random)
        }
        return pipeline(round.chosen, from: writer, rack: round.writerRack)
    }

    /// Makes what Hadoop throws when a block could be placed nowhere.
    package func placementFailure(path: String, chosen: Int, excluded: Int) -> RemoteException {
        .inputOutput(
            "File \(path) could only be written to \(chosen) of the \(configuration.minimumReplication) minReplication "
                + "nodes. There are \(registry.liveCount) datanode(s) running and "
                + (excluded == 0 ? "no" : "\(excluded)") + " node(s) are excluded in this operation.")
    }

    /// With most nodes late they are written to all the same, or the few others would fill.
    private var avoidsStaleWritesNow: Bool {
        guard configuration.avoidsStaleWrites else { return false }
        let stale = registry.live.reduce(0) { $0 + (isStale($1) ? 1 : 0) }
        return Double(stale) <= Double(registry.live.count) * configuration.staleWriteRatio
    }

    /// Orders targets so that each is near the one before it.
    private func pipeline(_ targets: [DatanodeStorage], from writer: Datanode?, rack: String?) -> [DatanodeStorage] {
        guard targets.count > 1 else { return targets }
        var rest = targets
        var path: [DatanodeStorage] = []
        var node = writer
        var place = writer?.rack ?? rack ?? targets[0].node.rack
        while !rest.isEmpty {
            let nearest = rest.indices.min {
                distance(rest[$0].node, node, place) < distance(rest[$1].node, node, place)
            }!
            let next = rest.remove(at: nearest)
            path.append(next)
            node = next.node
            place = next.node.rack
        }
        return path
    }

    private func distance(_ node: Datanode, _ other: Datanode?, _ rack: String) -> Int {
        node === other ? 0 : Topology.distance(node.rack, rack)
    }
}
