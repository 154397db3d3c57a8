import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

@Test func appendingLeavesReplicasOutsideThePipelineBehind() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let block = try cluster.write(size: 100, replication: 3)
    cluster.manager.reopen(block)
    #expect(!block.isComplete && cluster.manager.locate(block, offset: 0).locs.count == 3)
    let pipeline = Array(cluster.nodes[..<2])
    // A DataNode may tell of the new stamp before the client does.
    let longer = Block(id: block.id, generationStamp: 1002, size: 150)
    pipeline[0].replicas[block.id] = (longer, .rbw)
    try cluster.tell(pipeline[0], longer, .receiving)
    try cluster.manager.updatePipeline(
        block, newGenerationStamp: 1002, size: 100, storages: pipeline.map(\.storage))
    #expect(block.replicaCount == 0)
    for node in pipeline { try cluster.receive(node, longer) }
    #expect(throws: RemoteException.self) {
        try cluster.manager.commit(block, as: Block(id: block.id, generationStamp: 1002, size: 99))
    }
    try cluster.manager.commit(block, as: longer)
    #expect(cluster.manager.completeIfReplicated(block) && cluster.manager.counts(of: block).live == 2)
    // The third still has the shorter one.
    try cluster.report(cluster.node("c"))
    #expect(cluster.manager.counts(of: block).live == 2)
    try cluster.run(seconds: 30)
    #expect(cluster.node("c").replicas[block.id]?.block == longer)
    #expect(cluster.manager.counts(of: block).live == 3)
}

@Test func truncatingIsARecoveryToFewerBytes() throws {
    let cluster = try BlockCluster(["a", "b"])
    let block = try cluster.write(size: 100, replication: 2)
    cluster.manager.beginRecovery(block, newGenerationStamp: 1007, truncateTo: 40)
    try cluster.run(seconds: 3)
    let order = try #require(cluster.nodes.flatMap(\.recoveries).first)
    #expect(order.truncateBlock.numBytes == 40 && order.truncateBlock.genStamp == 1007)
    #expect(order.block.b.generationStamp == 1001 && order.block.locs.count == 2)
    let shorter = Block(id: block.id, generationStamp: 1007, size: 40)
    for node in cluster.nodes { node.replicas[block.id] = (shorter, .finalized) }
    let _: WireCommitBlockSynchronizationResponse = try cluster.call(
        "commitBlockSynchronization",
        WireCommitBlockSynchronizationRequest.with {
            $0.block = block.block.extended(pool: "BP-1")
            $0.newGenStamp = 1007
            $0.newLength = 40
            $0.closeFile = true
            $0.deleteBlock = false
        })
    #expect(cluster.owner.synchronized.count == 1)
    try cluster.manager.finishRecovery(block, as: shorter, storages: cluster.nodes.map(\.storage))
    for node in cluster.nodes { try cluster.report(node) }
    #expect(block.isComplete && block.size == 40 && cluster.manager.counts(of: block).live == 2)
}

@Test func aRemovedOpenBlockLeavesNothing() throws {
    let cluster = try BlockCluster(["a", "b"])
    let targets = cluster.manager.chooseTargets(count: 2, blockBytes: 1, clientHost: "a")
    let info = cluster.manager.add(
        block: Block(id: Block.firstID, generationStamp: 1001, size: 0), file: 5, replication: 2, targets: targets)
    for node in cluster.nodes {
        node.replicas[info.id] = (info.block, .rbw)
        try cluster.tell(node, info.block, .receiving)
    }
    cluster.manager.remove([info])
    try cluster.run(seconds: 3)
    #expect(cluster.nodes.allSatisfy { $0.replicas.isEmpty })
    #expect(cluster.manager.registry.nodes.allSatisfy { $0.scheduledBlocks >= 0 })
}
