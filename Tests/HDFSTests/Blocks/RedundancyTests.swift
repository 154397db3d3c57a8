import HoneyHDFSMessages
import HoneyWorld
import Testing

@testable import HoneyHDFS

@Test func blocksOfADeadNodeAreCopied() throws {
    let (names, racks) = racked(6, over: 2)
    let cluster = try BlockCluster(names, racks: racks)
    let blocks = try (0..<20).map { _ in try cluster.write() }
    cluster.node("h0").isUp = false
    try cluster.run(seconds: 620)
    #expect(cluster.manager.registry.liveCount == 6)
    try cluster.run(seconds: 60)
    #expect(cluster.manager.registry.liveCount == 5)
    for block in blocks {
        let live = cluster.holders(block).filter(\.isUp)
        #expect(live.count == 3 && Set(live.map(cluster.rack)).count == 2)
        #expect(cluster.manager.counts(of: block).live == 3)
    }
    #expect(cluster.manager.underReplicatedCount == 0 && cluster.manager.pendingCopyCount == 0)
    // It comes back with what it had: each block has one too many then.
    try cluster.start(cluster.node("h0"))
    try cluster.run(seconds: 10)
    for block in blocks {
        #expect(cluster.holders(block).count == 3)
        #expect(Set(cluster.holders(block).map(cluster.rack)).count == 2)
    }
    #expect(cluster.manager.pendingDeletionCount == 0 && cluster.manager.surplusReplicas.isEmpty)
}

@Test func mostEndangeredBlocksAreCopiedFirst() throws {
    var needed = NeededBlocks()
    needed.update(1, .low, wantsOne: false)
    needed.update(2, .highest, wantsOne: false)
    needed.update(3, .badlyDistributed, wantsOne: false)
    needed.update(4, .lost, wantsOne: true)
    needed.update(5, .veryLow, wantsOne: false)
    needed.update(6, .highest, wantsOne: false)
    #expect(needed.first(9).map(\.id) == [2, 6, 5, 1, 3] && needed.count == 5 && needed.lostWithOneReplica == 1)
    needed.moveBack(2)
    #expect(needed.first(2).map(\.id) == [6, 2, 5, 1, 3])
    #expect(needed.first(1).map(\.id) == [6, 5, 1, 3])
    needed.remove(4)
    #expect(needed.lostCount == 0 && needed.lostWithOneReplica == 0)
}

@Test func blocksThatCannotBeHelpedKeepNobodyWaiting() throws {
    let cluster = try BlockCluster(["a", "b", "c"], racks: ["a": "/one", "b": "/one", "c": "/two"])
    cluster.node("c").isUp = false
    try cluster.run(seconds: 700)
    for _ in 0..<50 { _ = try cluster.write(replication: 5) }
    let block = try cluster.write(replication: 2)
    try cluster.start(cluster.node("c"))
    try cluster.run(seconds: 60)
    #expect(cluster.manager.isWellSpread(block) && cluster.holders(block).count == 2)
}

@Test func copiesThatDoNotComeAreOrderedAgain() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let block = try cluster.write(replication: 2)
    for node in cluster.nodes { node.isSlow = true }
    cluster.manager.setReplication(block, to: 3)
    try cluster.run(seconds: 10)
    #expect(cluster.manager.pendingCopyCount == 1 && cluster.holders(block).count == 2)
    for node in cluster.nodes { node.isSlow = false }
    try cluster.run(seconds: 250)
    #expect(cluster.holders(block).count == 2)
    try cluster.run(seconds: 60)
    #expect(cluster.holders(block).count == 3)
}

@Test func trimmingKeepsRacksAndTakesTheFullest() throws {
    let (names, racks) = racked(6, over: 2)
    let cluster = try BlockCluster(names, racks: racks)
    cluster.node("h2").remaining = 1 << 30
    try cluster.beat(cluster.node("h2"))
    let block = try cluster.write(replication: 6)
    // A rack holds one fewer than all.
    #expect(cluster.holders(block).count == 5 || cluster.holders(block).count == 6)
    cluster.manager.setReplication(block, to: 3)
    try cluster.run(seconds: 6)
    let left = cluster.holders(block)
    #expect(left.count == 3 && Set(left.map(cluster.rack)).count == 2)
    #expect(!left.contains { $0.id.ipAddr == "h2" })
    cluster.manager.setReplication(block, to: 2)
    try cluster.run(seconds: 6)
    #expect(Set(cluster.holders(block).map(cluster.rack)).count == 2)
}

@Test func aMovedReplicaIsDeletedWhereItWas() throws {
    let cluster = try BlockCluster(["a", "b", "c", "d"])
    let block = try cluster.write(replication: 3, from: "a")
    let spare = cluster.nodes.first { $0.replicas[block.id] == nil }!
    try cluster.receive(spare, block.block, hint: "uuid-a")
    try cluster.run(seconds: 6)
    #expect(cluster.node("a").replicas.isEmpty && cluster.holders(block).count == 3)
}

@Test func blocksOnOneRackGetAnother() throws {
    let cluster = try BlockCluster(["a", "b"], racks: ["a": "/r1", "b": "/r1", "c": "/r2"])
    let block = try cluster.write(replication: 2)
    let late = BlockCluster.Node("c")
    cluster.nodes.append(late)
    try cluster.start(late)
    #expect(!cluster.manager.isWellSpread(block))
    #expect(cluster.manager.replicatedBlockStatistics.badlyDistributedBlocks == 1)
    try cluster.run(seconds: 30)
    #expect(late.replicas[block.id] != nil && cluster.holders(block).count == 2)
}

@Test func blocksWrittenWhileOneRackWasGoneAreSpreadWhenItIsBack() throws {
    let cluster = try BlockCluster(["a", "b", "c"], racks: ["a": "/one", "b": "/one", "c": "/two"])
    cluster.node("c").isUp = false
    try cluster.run(seconds: 700)
    let block = try cluster.write(replication: 2)
    #expect(cluster.manager.isWellSpread(block))
    try cluster.start(cluster.node("c"))
    try cluster.run(seconds: 60)
    #expect(cluster.manager.isWellSpread(block) && cluster.holders(block).count == 2)
}

@Test func damagedReplicasGoWhenThereAreGoodOnesEnough() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let block = try cluster.write(replication: 3)
    let bad = cluster.node("b")
    cluster.manager.markCorrupt(block.block, node: bad.id, storage: bad.storage, reason: "checksum")
    #expect(cluster.manager.counts(of: block).corrupt == 1 || cluster.manager.counts(of: block).live == 2)
    let located = cluster.manager.locate(block, offset: 0, clientHost: "b")
    #expect(located.locs.count == 2 && !located.locs.contains { $0.id.ipAddr == "b" } && !located.corrupt)
    // The only node left is the one that had it: it deletes the bad one and gets a good one.
    try cluster.run(seconds: 60)
    #expect(cluster.holders(block).count == 3 && cluster.manager.corruptBlockCount == 0)
    #expect(cluster.manager.counts(of: block).live == 3)
}

@Test func theLastReplicaIsKeptThoughDamaged() throws {
    let cluster = try BlockCluster(["a"])
    let block = try cluster.write(replication: 1)
    cluster.manager.markCorrupt(
        block.block, node: cluster.node("a").id, storage: "", reason: "checksum")
    try cluster.run(seconds: 30)
    #expect(cluster.node("a").replicas[block.id] != nil)
    #expect(cluster.manager.locate(block, offset: 0).corrupt)
    #expect(cluster.manager.statistics.missingBlocks == 1 && cluster.manager.statistics.missingReplOneBlocks == 1)
    #expect(cluster.manager.blocksWithoutGoodReplica.map(\.id) == [block.id])
}

@Test func decommissioningCopiesBeforeANodeGoes() throws {
    let cluster = try BlockCluster(["a", "b", "c", "d"])
    let blocks = try (0..<12).map { _ in try cluster.write(replication: 2, from: "a") }
    cluster.manager.refreshNodes(included: [], excluded: ["a"])
    let node = cluster.manager.registry.node(uuid: "uuid-a")!
    #expect(cluster.manager.report(of: .decommissioning).map(\.id.ipAddr) == ["a"])
    #expect(cluster.manager.decommissionProgress(of: node).underReplicated == 12)
    try cluster.run(seconds: 120)
    #expect(node.adminState == .decommissioned)
    for block in blocks { #expect(cluster.holders(block).filter { $0.id.ipAddr != "a" }.count == 2) }
    // Back in service: what is too much is trimmed.
    cluster.manager.refreshNodes(included: [], excluded: [])
    try cluster.run(seconds: 10)
    for block in blocks { #expect(cluster.holders(block).count == 2) }
}

@Test func removedBlocksAreDeletedEverywhere() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let blocks = try (0..<3).map { _ in try cluster.write() }
    cluster.manager.remove(blocks)
    #expect(cluster.manager.pendingDeletionCount == 9)
    try cluster.run(seconds: 3)
    #expect(cluster.nodes.allSatisfy(\.replicas.isEmpty) && cluster.manager.blockCount == 0)
}

@Test func nothingIsDeletedBeforeTheLogHasTheReason() throws {
    let cluster = try BlockCluster(["a", "b"])
    let (first, second) = (try cluster.write(replication: 2), try cluster.write(replication: 2))
    cluster.owner.lastTransaction = 10
    cluster.owner.durableTransaction = 10
    cluster.manager.remove([first])
    cluster.owner.lastTransaction = 11
    cluster.manager.remove([second])
    cluster.owner.lastTransaction = 12
    for node in cluster.nodes { try cluster.report(node) }
    try cluster.run(seconds: 9)
    #expect(cluster.nodes.allSatisfy { $0.replicas.count == 2 })
    cluster.owner.durableTransaction = 11
    try cluster.run(seconds: 3)
    #expect(cluster.nodes.allSatisfy { $0.replicas[first.id] == nil && $0.replicas[second.id] != nil })
    cluster.owner.durableTransaction = 12
    try cluster.run(seconds: 3)
    #expect(cluster.nodes.allSatisfy { $0.replicas.isEmpty } && cluster.manager.pendingDeletionCount == 0)
}
