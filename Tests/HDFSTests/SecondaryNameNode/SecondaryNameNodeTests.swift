import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import Testing

@testable import HoneyHDFS

/// A NameNode and its secondary on disks in memory.
private final class Checkpointing {
    let town = Neighborhood()
    let nameDisks = [VolatileDisk("name0"), VolatileDisk("name1")]
    let disk = VolatileDisk("secondary")
    private(set) var nameNode: NameNode!
    private(set) var secondary: SecondaryNameNode!

    init() {
        startNameNode()
        startSecondary()
    }

    func startNameNode() {
        nameNode = NameNode(
            configuration: NameNodeConfiguration(), disks: nameDisks, random: SeededRandom(seed: 5))
        town.start("nn", nameNode)
    }

    func startSecondary() {
        var configuration = SecondaryNameNodeConfiguration(nameNode: Neighborhood.address("nn"))
        configuration.checkpointPeriod = .seconds(600)
        configuration.checkpointTransactions = 50
        secondary = SecondaryNameNode(configuration: configuration, disk: disk, random: SeededRandom(seed: 6))
        town.start("2nn", secondary)
    }

    /// The newest image of each of the NameNode's directories is one of all these paths.
    func imagesHold(_ paths: [String]) throws -> Bool {
        for disk in nameDisks {
            let copy = VolatileDisk("copy")
            try copy.makeDirectory("current")
            // Only the image and who it is: no log.
            for (path, file) in disk.contents where path.contains("fsimage_") || path.contains("VERSION") {
                try copy.open(path, .create).write(.init(bytes: file.bytes), at: 0)
            }
            let town = Neighborhood()
            town.start(
                "alone",
                NameNode(configuration: NameNodeConfiguration(), disks: [copy], random: SeededRandom(seed: 1)))
            guard try town.list("/", on: "alone") == paths else { return false }
        }
        return true
    }
}

struct SecondaryNameNodeTests {
    @Test func whatWasLoggedBecomesAnImage() throws {
        let world = Checkpointing()
        for index in 10..<20 { try world.town.makeDirectory("/d\(index)", on: "nn") }
        world.town.run(seconds: 61)
        #expect(world.secondary.counts.made == 1 && world.secondary.counts.failed == 0, "\(world.town.log)")
        #expect(try world.imagesHold((10..<20).map { "d\($0)" }))
        // Not before the period is over, but then with what came since, merged in memory.
        try world.town.makeDirectory("/d20", on: "nn")
        world.town.run(seconds: 300)
        #expect(world.secondary.counts.made == 1)
        world.town.run(seconds: 400)
        #expect(world.secondary.counts.made == 2)
        #expect(try world.imagesHold((10...20).map { "d\($0)" }))
        // Only two images and the log after the older one are kept, on both sides.
        for disk in world.nameDisks + [world.disk] {
            #expect(disk.contents.count { $0.path.contains("fsimage_") } == 2, "\(disk.name)")
            #expect(!disk.contents.contains { $0.path.contains("ckpt") || $0.path.contains("new") }, "\(disk.name)")
        }
        world.town.kill("nn")
        for disk in world.nameDisks { disk.crash() }
        world.startNameNode()
        #expect(try world.town.list("/", on: "nn").count == 11)
    }

    @Test func manyTransactionsAreReasonEnough() throws {
        let world = Checkpointing()
        world.town.run(seconds: 61)
        for index in 0..<60 { try world.town.makeDirectory("/d\(index)", on: "nn") }
        world.town.run(seconds: 61)
        #expect(world.secondary.counts.made == 2)
        #expect(world.secondary.lastTransaction >= 60)
    }

    @Test func aSecondaryThatRestartsGoesOnFromItsDirectory() throws {
        let world = Checkpointing()
        try world.town.makeDirectory("/one", on: "nn")
        world.town.run(seconds: 61)
        for round in 0..<3 {
            world.town.kill("2nn")
            world.disk.crash()
            try world.town.makeDirectory("/round\(round)", on: "nn")
            // Meanwhile the NameNode may have made an image and dropped the log before.
            if round == 1 { for _ in 0..<3 { try world.nameNode.checkpoint() } }
            try world.town.makeDirectory("/then\(round)", on: "nn")
            world.startSecondary()
            world.town.run(seconds: 61)
            #expect(world.secondary.counts.made == 1 && world.secondary.counts.failed == 0, "\(world.town.log)")
        }
        #expect(try world.imagesHold(["one", "round0", "round1", "round2", "then0", "then1", "then2"]))
    }

    @Test func aNameNodeThatIsAwayIsAskedAgain() throws {
        let world = Checkpointing()
        try world.town.makeDirectory("/one", on: "nn")
        world.town.kill("nn")
        world.town.run(seconds: 200)
        #expect(world.secondary.counts.made == 0 && world.secondary.counts.failed >= 2)
        for disk in world.nameDisks { disk.crash() }
        world.startNameNode()
        world.town.run(seconds: 61)
        #expect(world.secondary.counts.made == 1)
        #expect(try world.imagesHold(["one"]))
    }

    @Test func damagedLeftoversAreFetchedAgain() throws {
        let world = Checkpointing()
        try world.town.makeDirectory("/one", on: "nn")
        world.town.run(seconds: 61)
        world.town.kill("2nn")
        for (path, file) in world.disk.contents where path.contains("fsimage_") {
            file.bytes[file.bytes.count / 2] ^= 1
            file.durable = file.bytes
        }
        try world.town.makeDirectory("/two", on: "nn")
        world.startSecondary()
        world.town.run(seconds: 61)
        #expect(world.secondary.counts.made == 1, "\(world.town.log)")
        #expect(try world.imagesHold(["one", "two"]))
    }

    @Test func imagesOfAnotherNameSpaceAreNotMixed() throws {
        let world = Checkpointing()
        try world.town.makeDirectory("/one", on: "nn")
        world.town.run(seconds: 61)
        world.town.kill("nn")
        let other = NameNode(
            configuration: NameNodeConfiguration(), disks: [VolatileDisk("other")], random: SeededRandom(seed: 99))
        world.town.start("nn", other)
        try world.town.makeDirectory("/elsewhere", on: "nn")
        world.town.run(seconds: 700)
        #expect(world.secondary.counts.made == 1 && world.secondary.counts.failed > 0)
        #expect(try world.town.list("/", on: "nn") == ["elsewhere"])
    }
}
