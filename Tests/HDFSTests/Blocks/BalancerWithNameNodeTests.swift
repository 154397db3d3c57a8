import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

/// A NameNode with DataNodes that are tables, and files on them.
private final class BalancedTown {
    let town = Neighborhood()
    let nameNode: NameNode
    private(set) var nodes: [TableDatanode] = []

    init(_ names: [String]) {
        var configuration = NameNodeConfiguration()
        configuration.blocks.safeModeExtension = 0
        nameNode = NameNode(configuration: configuration, disks: [VolatileDisk("name")], random: SeededRandom(seed: 4))
        town.start("nn", nameNode)
        for name in names { add(name) }
    }

    func add(_ name: String) {
        let node = TableDatanode(
            name, capacity: 1000 << 20, nameNode: Neighborhood.address("nn"), version: nameNode.loaded!.log.version)
        nodes.append(node)
        town.start(name, node)
        town.run(seconds: 4)
    }

    /// Writes a file of one block to two nodes.
    func write(_ path: String, bytes: Int) throws -> UInt64 {
        let made: WireCreateResponse = try town.ask(
            "nn", "create",
            WireCreateRequest.with {
                $0.src = path
                $0.masked = .with { $0.perm = 0o644 }
                $0.clientName = "writer"
                $0.createFlag = 1
                $0.createParent = true
                $0.replication = 2
                $0.blockSize = 64 << 20
            })
        let added: WireAddBlockResponse = try town.ask(
            "nn", "addBlock",
            WireAddBlockRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.fileID = made.fs.fileID
            })
        var block = Block(added.block.b)
        block.size = bytes
        for place in added.block.locs {
            let node = nodes.first { $0.name == place.id.hostName }!
            town.perform(node.name) { node.receive(block, $0) }
        }
        let done: WireCompleteResponse = try town.ask(
            "nn", "complete",
            WireCompleteRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.fileID = made.fs.fileID
                $0.last = block.extended(pool: nameNode.blockManager!.pool)
            })
        #expect(done.result)
        return block.id
    }

    func used(_ node: TableDatanode) -> Int { node.replicas.values.reduce(0) { $0 + $1.size } }
}

struct BalancerWithNameNodeTests {
    @Test func aBalancerFillsNewNodesOfARealNameNode() throws {
        let world = BalancedTown(["a", "b"])
        var small: [UInt64] = []
        for index in 0..<36 {
            _ = try world.write("/big\(index)", bytes: 20 << 20)
            if index % 4 == 0 { small.append(try world.write("/small\(index)", bytes: 1 << 20)) }
        }
        world.add("c")
        world.add("d")
        var configuration = BalancerConfiguration(
            namenode: Neighborhood.address("nn"), namenodeName: "hdfs://nn:8020")
        configuration.bandwidth = 10 << 20
        let balancer = Balancer(configuration: configuration, random: SeededRandom(seed: 8))
        world.town.start("balancer", balancer)
        world.town.run(seconds: 300)
        #expect(balancer.exit == .success, "\(balancer.output)")
        let average = world.nodes.reduce(0) { $0 + world.used($1) } / 4
        for node in world.nodes { #expect(abs(world.used(node) - average) <= 100 << 20, "\(node.name)") }
        // Blocks below `dfs.balancer.getBlocks.min-block-size` stay where they are; every block has its two replicas.
        for id in small { #expect(world.nodes[..<2].allSatisfy { $0.replicas[id] != nil }) }
        for block in world.nameNode.blockManager!.blocks.values {
            #expect(world.nodes.count { $0.replicas[block.id] != nil } == 2)
            #expect(world.nameNode.blockManager!.counts(of: block).live == 2)
        }
    }
}
