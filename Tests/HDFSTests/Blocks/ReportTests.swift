import FoundationEssentials
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

@Test func bothEncodingsOfReportsAreRead() throws {
    let replicas: [(block: Block, state: WireReplicaState)] = [
        (Block(id: Block.firstID, generationStamp: 1001, size: 134_217_728), .finalized),
        (Block(id: UInt64(bitPattern: -5), generationStamp: 1002, size: 0), .finalized),
        (Block(id: Block.firstID + 9, generationStamp: 1003, size: 300), .rbw),
    ]
    let bytes = BlockReportReader.buffer(of: replicas)
    let new = WireStorageBlockReport.with {
        $0.numberOfBlocks = 3
        // A buffer may end in the middle of a number.
        $0.blocksBuffers = [.init(bytes[..<7]), .init(bytes[7...])]
    }
    var numbers: [UInt64] = [2, 1]
    for (block, _) in replicas[..<2] { numbers += [block.id, UInt64(block.size), block.generationStamp] }
    numbers += [.max, .max, .max]
    numbers += [replicas[2].block.id, 300, 1003, 1]
    let old = WireStorageBlockReport.with { $0.blocks = numbers }
    for report in [new, old] {
        let read = try BlockReportReader.replicas(in: report)
        #expect(read.map(\.block) == replicas.map(\.block) && read.map(\.state) == replicas.map(\.state))
    }
    #expect(try BlockReportReader.replicas(in: .with { $0.blocks = [0, 0, .max, .max, .max] }).isEmpty)
    #expect(try BlockReportReader.replicas(in: .init()).isEmpty)
}

@Test func damagedReportsAreRefused() throws {
    let damaged: [WireStorageBlockReport] = [
        .with { $0.blocks = [1] }, .with { $0.blocks = [.max, .max, 1] }, .with { $0.blocks = [1, 0, 1, 2, 3] },
        .with { $0.blocks = [1, 0, 1, 2, 3, 4, 5, 6] },
        .with { $0.blocks = [0, 1, .max, .max, .max, 1, 2, 3, 77] },
        .with { $0.blocks = [1, 0, 1, .max, 3, .max, .max, .max] },
        .with { $0.numberOfBlocks = .max }, .with { $0.numberOfBlocks = 1 },
        .with {
            $0.numberOfBlocks = 1
            $0.blocksBuffers = [.init(repeating: 0xFF, count: 40)]
        },
        .with {
            $0.numberOfBlocks = 1
            $0.blocksBuffers = [.init([2, 2, 2, 9])]
        },
    ]
    for report in damaged {
        #expect(throws: BlockReportReader.Damage.self) { try BlockReportReader.replicas(in: report) }
    }
}

@Test func replicasWithAnOldStampAreDeleted() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let block = try cluster.write(replication: 2, from: "a")
    let stale = cluster.nodes.first { $0.replicas[block.id] == nil }!
    try cluster.receive(stale, Block(id: block.id, generationStamp: 1000, size: 500))
    #expect(cluster.manager.counts(of: block).live == 2)
    try cluster.run(seconds: 6)
    #expect(stale.replicas.isEmpty)
    // A wrong size is no better.
    try cluster.receive(stale, Block(id: block.id, generationStamp: 1001, size: 999))
    try cluster.run(seconds: 6)
    #expect(stale.replicas.isEmpty && cluster.manager.counts(of: block).live == 2)
}

@Test func replicasOfUnknownBlocksAreDeleted() throws {
    let cluster = try BlockCluster(["a"])
    cluster.node("a").replicas[77] = (Block(id: 77, generationStamp: 1, size: 1), .finalized)
    cluster.node("a").replicas[78] = (Block(id: 78, generationStamp: 1, size: 1), .rbw)
    try cluster.report(cluster.node("a"))
    try cluster.run(seconds: 3)
    #expect(cluster.node("a").replicas.isEmpty)
}

@Test func aFullReportTakesBackWhatIsGone() throws {
    let cluster = try BlockCluster(["a", "b", "c", "d"])
    let blocks = try (0..<10).map { _ in try cluster.write() }
    let node = cluster.node("a")
    let lost = blocks.filter { node.replicas[$0.id] != nil }
    node.replicas = [:]
    try cluster.report(node)
    for block in lost { #expect(cluster.manager.counts(of: block).live == 2) }
    #expect(cluster.manager.underReplicatedCount == lost.count)
    try cluster.run(seconds: 30)
    for block in blocks { #expect(cluster.manager.counts(of: block).live == 3) }
}

@Test func aPipelineThatLosesANodeLeavesItsReplicaBehind() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let targets = cluster.manager.chooseTargets(count: 3, blockBytes: 1, clientHost: "a")
    let info = cluster.manager.add(
        block: Block(id: Block.firstID, generationStamp: 1001, size: 0), file: 5, replication: 3, targets: targets)
    let nodes = targets.map { cluster.node(holding: $0) }
    for node in nodes { try cluster.tell(node, info.block, .receiving) }
    try cluster.manager.updatePipeline(
        info, newGenerationStamp: 1002, size: 100, storages: nodes[..<2].map(\.storage))
    #expect(throws: RemoteException.self) {
        try cluster.manager.updatePipeline(info, newGenerationStamp: 1002, size: 100, storages: [])
    }
    #expect(cluster.manager.locate(info, offset: 0).locs.map(\.id.ipAddr) == nodes[..<2].map(\.id.ipAddr))
    let written = Block(id: info.id, generationStamp: 1002, size: 200)
    #expect(throws: RemoteException.self) {
        try cluster.manager.commit(info, as: Block(id: info.id, generationStamp: 1001, size: 200))
    }
    try cluster.manager.commit(info, as: written)
    #expect(!cluster.manager.completeIfReplicated(info))
    for node in nodes[..<2] { try cluster.receive(node, written) }
    #expect(info.isComplete && cluster.owner.completed == [info.id])
    try cluster.receive(nodes[2], Block(id: info.id, generationStamp: 1001, size: 100))
    #expect(cluster.manager.counts(of: info).live == 2)
    try cluster.run(seconds: 30)
    #expect(cluster.manager.counts(of: info).live == 3)
    #expect(nodes[2].replicas[info.id]?.block == written)
}

@Test func safeModeEndsWhenEnoughBlocksWereReported() throws {
    let cluster = try BlockCluster(["a", "b"])
    let blocks = try (0..<1_000).map { _ in try cluster.write(replication: 2) }
    // Another NameNode starts from the log and hears the same DataNodes.
    let next = try BlockCluster([])
    for block in blocks { next.manager.restore(block: block.block, file: 1, replication: 2, isComplete: true) }
    next.manager.safeMode.start()
    next.nodes = cluster.nodes
    try next.run(seconds: 1)
    #expect(next.manager.safeMode.isOn && next.manager.safeMode.totalBlocks == 1_000)
    #expect(
        next.manager.safeMode.tip(at: next.now).contains("needs additional 999 blocks to reach the threshold 0.9990"))
    let kept = next.node("a").replicas
    next.node("a").replicas = kept.filter { $0.key < Block.firstID + 900 }
    try next.start(next.node("a"))
    #expect(next.manager.safeMode.safeBlocks == 900)
    try next.start(next.node("b"))
    #expect(next.manager.safeMode.safeBlocks == 1_000)
    #expect(next.manager.underReplicatedCount == 0)
    try next.run(seconds: 28)
    #expect(next.manager.safeMode.isOn)
    #expect(next.manager.safeMode.tip(at: next.now).contains("Safe mode will be turned off automatically in"))
    try next.run(seconds: 4)
    #expect(!next.manager.safeMode.isOn)
    #expect((90...100).contains(next.manager.underReplicatedCount))
    try next.run(seconds: 200)
    #expect(next.manager.underReplicatedCount == 0)
}

@Test func aRecoveryIsLedByANodeAndItsOutcomeCounts() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let targets = cluster.manager.chooseTargets(count: 3, blockBytes: 1, clientHost: "a")
    let info = cluster.manager.add(
        block: Block(id: Block.firstID, generationStamp: 1001, size: 0), file: 5, replication: 3, targets: targets)
    cluster.manager.beginRecovery(info, newGenerationStamp: 1005)
    try cluster.run(seconds: 3)
    let leaders = cluster.nodes.filter { !$0.recoveries.isEmpty }
    #expect(leaders.count == 1)
    let order = try #require(leaders.first?.recoveries.first)
    #expect(order.newGenStamp == 1005 && order.block.locs.count == 3 && !order.hasTruncateBlock)
    // It does not answer: another leads.
    cluster.manager.beginRecovery(info, newGenerationStamp: 1006)
    try cluster.run(seconds: 3)
    let second = try #require(cluster.nodes.first { $0.recoveries.last?.newGenStamp == 1006 })
    #expect(second.id.ipAddr != leaders[0].id.ipAddr)
    let outcome = Block(id: info.id, generationStamp: 1005, size: 10)
    #expect(throws: RemoteException.self) {
        try cluster.manager.finishRecovery(info, as: outcome, storages: [])
    }
    try cluster.manager.finishRecovery(
        info, as: Block(id: info.id, generationStamp: 1006, size: 10), storages: targets[..<2].map(\.uuid))
    #expect(info.isComplete && info.size == 10 && cluster.manager.counts(of: info).live == 2)
}

@Test func aStandbyKeepsReportsUntilItsLogCatchesUp() throws {
    let cluster = try BlockCluster(["a", "b"])
    cluster.manager.becomeStandby()
    let block = Block(id: Block.firstID, generationStamp: 1002, size: 10)
    for node in cluster.nodes { try cluster.receive(node, block) }
    try cluster.run(seconds: 6)
    #expect(cluster.nodes.allSatisfy { $0.replicas.count == 1 })
    let info = cluster.manager.restore(
        block: Block(id: block.id, generationStamp: 1001, size: 0), file: 3, replication: 1, isComplete: false)
    #expect(info.replicaCount == 0)
    cluster.manager.restore(block: block, file: 3, replication: 1, isComplete: true)
    #expect(info.replicaCount == 2 && info.isComplete)
    // As active it trims, but not before each node has reported.
    cluster.manager.becomeActive()
    try cluster.run(seconds: 9)
    #expect(cluster.holders(info).count == 2)
    for node in cluster.nodes { try cluster.report(node) }
    try cluster.run(seconds: 3)
    #expect(cluster.holders(info).count == 1)
}
