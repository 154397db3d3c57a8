import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

@Test func nodesOfOtherNameSpacesAreRefused() throws {
    let cluster = try BlockCluster(["a"])
    var foreign = cluster.registration(BlockCluster.Node("b"))
    foreign.storageInfo.clusterID = "CID-other"
    let error = #expect(throws: RemoteException.self) { try cluster.manager.register(foreign) }
    #expect(error?.shortName == "UnregisteredNodeException")
    #expect(cluster.manager.registry.nodes.count == 1)
}

@Test func onlyIncludedHostsMayRegister() throws {
    let cluster = try BlockCluster(["a", "b"])
    cluster.manager.refreshNodes(included: ["a"], excluded: [])
    #expect(cluster.manager.registry.liveCount == 1)
    let error = #expect(throws: RemoteException.self) { try cluster.beat(cluster.node("b")) }
    #expect(error?.shortName == "DisallowedDatanodeException")
    cluster.manager.refreshNodes(included: ["a", "b:9866"], excluded: [])
    try cluster.beat(cluster.node("b"))
    #expect(cluster.manager.registry.liveCount == 2)
}

@Test func aNodeMayComeBackAtAnotherAddress() throws {
    let cluster = try BlockCluster(["a", "b"])
    let block = try cluster.write(replication: 2)
    var moved = cluster.registration(cluster.node("a"))
    moved.datanodeID.ipAddr = "z"
    _ = try cluster.manager.register(moved)
    #expect(cluster.manager.registry.nodes.count == 2 && cluster.manager.registry.liveCount == 2)
    #expect(cluster.manager.locate(block, offset: 0).locs.contains { $0.id.ipAddr == "z" })
}

@Test func anUnknownNodeIsToldToRegister() throws {
    let cluster = try BlockCluster([])
    let node = BlockCluster.Node("a")
    cluster.nodes = [node]
    try cluster.beat(node)
    #expect(cluster.manager.registry.liveCount == 1)
    #expect(throws: RemoteException.self) {
        let _: WireErrorReportResponse = try cluster.call("noSuchThing", WireVersionRequest())
    }
    let version: WireVersionResponse = try cluster.call("versionRequest", WireVersionRequest())
    #expect(version.info.blockPoolID == "BP-1" && version.info.storageInfo.clusterID == "CID-7")
}

@Test func aFailedStorageHasLostItsBlocks() throws {
    let cluster = try BlockCluster(["a", "b"])
    let block = try cluster.write(replication: 2)
    _ = try cluster.manager.takeHeartbeat(
        .with {
            $0.registration = cluster.registration(cluster.node("a"))
            $0.reports = [
                .with {
                    $0.storageUuid = "DS-a"
                    $0.failed = true
                }
            ]
        })
    #expect(cluster.manager.counts(of: block).live == 1 && cluster.manager.underReplicatedCount == 1)
}

@Test func millionBlocksAreCheap() throws {
    guard let wanted = measuredBlocks else { return }
    let before = residentBytes()
    let cluster = try BlockCluster((0..<10).map { "h\($0)" })
    let storages = cluster.manager.registry.storages
    for number in 0..<wanted {
        let block = cluster.manager.restore(
            block: Block(id: Block.firstID + UInt64(number), generationStamp: 1001, size: 1), file: UInt64(number),
            replication: 3, isComplete: true)
        for place in 0..<3 { cluster.manager.link(block, to: storages[(number + place) % storages.count]) }
    }
    let bytes = residentBytes() - before
    print("\(wanted) blocks with three replicas: \(bytes / 1_000_000) MB, \(bytes / wanted) bytes each")
}
