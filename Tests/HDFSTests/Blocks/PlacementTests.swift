import HoneyHDFSMessages
import HoneyWorld
import Testing

@testable import HoneyHDFS

@Test func replicasGoToTheWriterAndToOneOtherRack() throws {
    var random = SeededRandom(seed: makeSeed("placement"))
    for _ in 0..<60 {
        let hosts = Int.random(in: 1...14, using: &random)
        let racks = Int.random(in: 1...4, using: &random)
        let (names, table) = racked(hosts, over: racks)
        let cluster = try BlockCluster(names, racks: table, seed: random.next())
        let full = Set(names.filter { _ in Int.random(in: 0..<8, using: &random) == 0 })
        for name in full {
            cluster.node(name).remaining = 100
            try cluster.beat(cluster.node(name))
        }
        let excluded = Set(names.filter { _ in Int.random(in: 0..<8, using: &random) == 0 })
        let writer = Bool.random(using: &random) ? names.randomElement(using: &random)! : "elsewhere"
        let count = Int.random(in: 1...5, using: &random)
        let targets = cluster.manager.chooseTargets(
            count: count, blockBytes: 1_000, clientHost: writer, excluding: Set(excluded.map { "uuid-" + $0 }))
        let chosen = targets.map(\.node.id.ipAddr)
        let able = names.filter { !full.contains($0) && !excluded.contains($0) }
        #expect(Set(chosen).count == chosen.count && Set(chosen).isSubset(of: able))
        #expect(able.isEmpty == chosen.isEmpty)
        if able.contains(writer) { #expect(chosen.first == writer) }
        let usedRacks = Set(targets.map(\.node.rack))
        let ableRacks = Set(able.map { table[$0]! })
        if count >= 2, ableRacks.count >= 2 { #expect(usedRacks.count >= 2) }
        if count == 3, racks >= 2, hosts >= racks * 3, full.isEmpty, excluded.isEmpty { #expect(usedRacks.count == 2) }
        // Only room on racks limits how many there are.
        if Set(table.values).count == 1 { #expect(chosen.count == min(count, able.count)) }
    }
}

@Test func busyLateAndLeavingNodesAreAvoided() throws {
    let cluster = try BlockCluster(["a", "b", "c", "d"])
    cluster.node("a").transceivers = 100
    try cluster.beat(cluster.node("a"))
    cluster.node("b").isUp = false
    try cluster.run(seconds: 60)
    cluster.manager.refreshNodes(included: [], excluded: ["c"])
    for _ in 0..<20 {
        let targets = cluster.manager.chooseTargets(count: 1, blockBytes: 1, clientHost: "elsewhere")
        #expect(targets.map(\.node.id.ipAddr) == ["d"])
    }
    // Late and busy ones are better than none, one that leaves is not.
    let all = cluster.manager.chooseTargets(count: 4, blockBytes: 1, clientHost: "elsewhere")
    #expect(Set(all.map(\.node.id.ipAddr)) == ["a", "b", "d"])
}

@Test func favoredNodesComeBeforeOthers() throws {
    let cluster = try BlockCluster(["a", "b", "c", "d"])
    let targets = cluster.manager.chooseTargets(
        count: 3, blockBytes: 1, clientHost: "a", favored: ["d:9866", "c:9866", "nobody:1"])
    #expect(Set(targets.map(\.node.id.ipAddr)).isSuperset(of: ["c", "d"]) && targets.count == 3)
}

@Test func locationsAreSortedByDistance() throws {
    let (names, racks) = racked(6, over: 3)
    let cluster = try BlockCluster(names, racks: racks)
    for _ in 0..<10 {
        let block = try cluster.write(from: "h1")
        #expect(cluster.manager.locate(block, offset: 0, clientHost: "h1").locs.first?.id.ipAddr == "h1")
        let near = cluster.manager.locate(block, offset: 0, clientHost: "h4").locs.map(\.location)
        #expect(near.first == "/rack1")
    }
    let block = try cluster.write(from: "h1")
    cluster.node("h1").isUp = false
    try cluster.run(seconds: 40)
    let located = cluster.manager.locate(block, offset: 5, clientHost: "h1")
    #expect(located.locs.last?.id.ipAddr == "h1" && located.locs.count == 3 && located.offset == 5)
    #expect(located.b.poolID == "BP-1" && located.b.numBytes == 1_000 && located.storageIds.count == 3)
}
