import HoneyHDFSMessages
import HoneyWorld
import Testing

@testable import HoneyHDFS

/// Checks that blocks and storages name each other, and that no side list names what is gone.
private func checkBooks(_ cluster: BlockCluster) {
    let manager = cluster.manager
    var links = 0
    for storage in manager.registry.storages {
        for (position, block) in storage.blocks.enumerated() {
            let index = block.slotIndex(ofStorage: storage.index)
            #expect(index.map { Int(block.slot($0).position) } == position)
            #expect(manager.blocks[block.id] === block)
        }
        links += storage.blocks.count
        if !storage.node.isAlive { #expect(storage.blocks.isEmpty) }
    }
    #expect(links == manager.blocks.values.reduce(0) { $0 + Int($1.replicaCount) })
    for (id, damaged) in manager.damagedReplicas {
        #expect(damaged.allSatisfy { manager.blocks[id]?.slotIndex(ofStorage: $0.storage) != nil })
    }
    for (id, surplus) in manager.surplusReplicas {
        #expect(surplus.allSatisfy { manager.blocks[id]?.slotIndex(ofStorage: $0.storage) != nil })
    }
}

@Test(arguments: 0..<6) func replicasReturnToTheFactorAfterAnything(run: Int) throws {
    var random = SeededRandom(seed: makeSeed("bookkeeping"))
    let hosts = Int.random(in: 4...8, using: &random)
    let (names, racks) = racked(hosts, over: Int.random(in: 1...3, using: &random))
    let cluster = try BlockCluster(names, racks: racks, seed: random.next()) { $0.recheckInterval = .seconds(15) }
    var blocks: [BlockInfo] = []
    var excluded: Set<String> = []
    for _ in 0..<150 {
        let node = cluster.nodes.randomElement(using: &random)!
        let block = blocks.randomElement(using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3:
            let written = try cluster.write(
                replication: Int.random(in: 1...5, using: &random), from: names.randomElement(using: &random)!)
            if written.isComplete { blocks.append(written) } else { cluster.manager.remove([written]) }
        case 4:
            guard let block else { break }
            cluster.manager.remove([block])
            blocks.removeAll { $0 === block }
        case 5:
            if let block { cluster.manager.setReplication(block, to: Int.random(in: 1...5, using: &random)) }
        case 6: if cluster.nodes.filter(\.isUp).count > hosts - 1 { node.isUp = false }
        case 7: for node in cluster.nodes where !node.isUp { try cluster.start(node) }
        case 8:
            // Only as long as others have it.
            if let block, cluster.manager.counts(of: block).live > 1, node.replicas[block.id] != nil {
                cluster.manager.markCorrupt(block.block, node: node.id, storage: node.storage, reason: "checksum")
            }
        case 9:
            if excluded.count < hosts - 3 { excluded.insert(node.id.ipAddr) } else { excluded = [] }
            cluster.manager.refreshNodes(included: [], excluded: excluded)
        case 10: if node.isUp { try cluster.report(node) }
        default: node.isSlow.toggle()
        }
        try cluster.run(seconds: Int.random(in: 0...20, using: &random))
        checkBooks(cluster)
    }
    for node in cluster.nodes {
        node.isSlow = false
        if !node.isUp { try cluster.start(node) }
    }
    cluster.manager.refreshNodes(included: [], excluded: [])
    try cluster.run(seconds: 600)
    for node in cluster.nodes { try cluster.report(node) }
    try cluster.run(seconds: 600)
    checkBooks(cluster)
    for block in blocks {
        let wanted = min(block.replication, hosts)
        #expect(cluster.manager.counts(of: block).live == wanted)
        #expect(cluster.holders(block).count == wanted)
        if wanted > 1, cluster.manager.registry.liveRackCount > 1 { #expect(cluster.manager.isWellSpread(block)) }
    }
    #expect(cluster.nodes.reduce(0) { $0 + $1.replicas.count } == blocks.reduce(0) { $0 + min($1.replication, hosts) })
    #expect(cluster.manager.corruptBlockCount == 0 && cluster.manager.pendingDeletionCount == 0)
}
