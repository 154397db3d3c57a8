import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

/// Two NameNodes over one shared directory.
private final class Pair {
    let town = Neighborhood()
    let shared = VolatileDisk("shared")
    let own = [VolatileDisk("own1"), VolatileDisk("own2")]
    var nodes: [NameNode] = []
    let names = ["nn1", "nn2"]

    init() {
        for index in 0..<2 {
            nodes.append(make(index))
            town.start(names[index], nodes[index])
        }
    }

    private func make(_ index: Int) -> NameNode {
        var configuration = NameNodeConfiguration()
        configuration.tailPeriod = .seconds(2)
        configuration.checkpointTransactions = 100
        configuration.others = [Neighborhood.address(names[1 - index])]
        return NameNode(
            configuration: configuration, disks: [own[index]], shared: shared, random: SeededRandom(seed: UInt64(index))
        )
    }

    /// Ends one at once, with what its own disk has not synced.
    func crash(_ index: Int) {
        town.kill(names[index])
        own[index].crash()
    }

    func restart(_ index: Int) {
        nodes[index] = make(index)
        town.start(names[index], nodes[index])
    }

    func activate(_ index: Int) throws {
        let _: WireTransitionToActiveResponse = try town.ask(
            names[index], "transitionToActive",
            WireTransitionToActiveRequest.with { $0.reqInfo.reqSource = .requestByUser }, to: .highAvailability)
    }

    func deactivate(_ index: Int) throws {
        let _: WireTransitionToStandbyResponse = try town.ask(
            names[index], "transitionToStandby",
            WireTransitionToStandbyRequest.with { $0.reqInfo.reqSource = .requestByUser }, to: .highAvailability)
    }

    func state(_ index: Int) throws -> WireHAServiceState {
        let status: WireGetServiceStatusResponse = try town.ask(
            names[index], "getServiceStatus", WireGetServiceStatusRequest(), to: .highAvailability)
        return status.state
    }
}

/// One of them as DataNodes and clients see it.
private struct Member: NameNodeAsking {
    let pair: Pair
    let index: Int

    var node: NameNode { pair.nodes[index] }

    func ask<Response: Message>(_ method: String, _ request: some Message, of name: RPCProtocol) throws -> Response {
        try pair.town.ask(pair.names[index], method, request, to: name)
    }
}

struct HighAvailabilityTests {
    @Test func aStandbyRefusesClientsAsHadoopDoes() throws {
        let pair = Pair()
        #expect(try pair.state(0) == .standby && pair.state(1) == .standby)
        #expect("a standby refuses") { try pair.town.makeDirectory("/a", on: "nn1") } throws: {
            ($0 as? RemoteException)
                == RemoteException(
                    "org.apache.hadoop.ipc.StandbyException",
                    "Operation category WRITE is not supported in state standby. Visit https://s.apache.org/sbnn-error")
        }
        try pair.activate(0)
        #expect(try pair.state(0) == .active && pair.state(1) == .standby)
        try pair.town.makeDirectory("/a", on: "nn1")
        #expect("a standby refuses") { _ = try pair.town.list("/", on: "nn2") } throws: {
            ($0 as? RemoteException)?.message.contains("category READ") == true
        }
        #expect("only superusers may") {
            let _: WireTransitionToActiveResponse = try pair.town.ask(
                "nn2", "transitionToActive",
                WireTransitionToActiveRequest.with { $0.reqInfo.reqSource = .requestByUser }, to: .highAvailability,
                user: "ann")
        } throws: { ($0 as? RemoteException)?.shortName == "AccessControlException" }
    }

    @Test func aLoneNameNodeIsNoPair() throws {
        let town = Neighborhood()
        town.start(
            "nn",
            NameNode(
                configuration: NameNodeConfiguration(), disks: [VolatileDisk("name")], random: SeededRandom(seed: 1)))
        #expect("there is none") {
            let _: WireGetServiceStatusResponse = try town.ask(
                "nn", "getServiceStatus", WireGetServiceStatusRequest(), to: .highAvailability)
        } throws: { ($0 as? RemoteException)?.message == "HA for namenode is not enabled" }
    }

    @Test func aStandbyFollowsTheLogAndTakesItOver() throws {
        let pair = Pair()
        try pair.activate(0)
        for index in 10..<30 { try pair.town.makeDirectory("/d\(index)", on: "nn1") }
        pair.town.run(seconds: 5)
        // All but the last, of which the log does not say yet that it is durable.
        #expect(pair.nodes[1].namespace?.inodeCount ?? 0 >= 20)
        try pair.town.makeDirectory("/last", on: "nn1")
        pair.crash(0)
        pair.shared.crash()
        try pair.activate(1)
        #expect(try pair.town.list("/", on: "nn2") == (10..<30).map { "d\($0)" } + ["last"])
        try pair.town.makeDirectory("/more", on: "nn2")
        // The other comes back as a standby, and both can crash.
        pair.restart(0)
        #expect(try pair.state(0) == .standby)
        pair.crash(0)
        pair.crash(1)
        pair.shared.crash()
        pair.restart(0)
        try pair.activate(0)
        #expect(try pair.town.list("/", on: "nn1").suffix(2) == ["last", "more"])
    }

    @Test func oneThatWasDeposedAnswersNoMore() throws {
        let pair = Pair()
        try pair.activate(0)
        try pair.town.makeDirectory("/kept", on: "nn1")
        try pair.activate(1)
        #expect(throws: RemoteException.self) { try pair.town.makeDirectory("/lost", on: "nn1") }
        #expect(pair.town.failures["nn1"]?.contains("another NameNode has become active") == true)
        try pair.town.makeDirectory("/new", on: "nn2")
        pair.crash(1)
        pair.shared.crash()
        pair.restart(1)
        try pair.activate(1)
        #expect(try pair.town.list("/", on: "nn2") == ["kept", "new"])
    }

    @Test func oneThatWasDeposedNoticesWithoutWriting() throws {
        let pair = Pair()
        try pair.activate(0)
        try pair.activate(1)
        pair.town.run(seconds: 2)
        #expect(pair.town.failures["nn1"] != nil && pair.town.failures["nn2"] == nil)
    }

    @Test func oneThatWasDeposedDoesNotSayThatItIsActive() throws {
        let pair = Pair()
        try pair.activate(0)
        try pair.activate(0)
        try pair.activate(1)
        #expect(throws: RemoteException.self) { try pair.activate(0) }
        #expect(pair.town.failures["nn1"]?.contains("another NameNode has become active") == true)
        pair.restart(0)
        try pair.activate(0)
        #expect(try pair.state(0) == .active)
    }

    /// Random changes with changes of roles and crashes between them: everything that was answered is there.
    @Test func nothingAnsweredIsLostWhoeverServes() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let pair = Pair()
        var active = 0
        try pair.activate(active)
        var model: Set<String> = []
        for step in 0..<300 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0:
                try pair.deactivate(active)
                active = 1 - active
                try pair.activate(active)
            case 1:
                pair.crash(active)
                pair.shared.crash()
                active = 1 - active
                try pair.activate(active)
                pair.restart(1 - active)
            case 2:
                // Taken over from one that lives; it ends when it notices.
                active = 1 - active
                try pair.activate(active)
                if Bool.random(using: &random) {
                    #expect(throws: RemoteException.self, "seed \(seed) step \(step)") {
                        try pair.town.makeDirectory("/never\(step)", on: pair.names[1 - active])
                    }
                }
                pair.crash(1 - active)
                pair.restart(1 - active)
            case 3: pair.town.run(seconds: 3)
            case 4: try pair.nodes[active].checkpoint()
            default:
                try pair.town.makeDirectory("/d\(step)", on: pair.names[active])
                model.insert("d\(step)")
            }
            if step % 10 == 0 {
                #expect(
                    Set(try pair.town.list("/", on: pair.names[active])) == model, "seed \(seed) step \(step)")
            }
        }
        #expect(pair.town.failures[pair.names[active]] == nil, "seed \(seed)")
    }

    @Test func aStandbyMakesCheckpointsForTheActiveOne() throws {
        let pair = Pair()
        try pair.activate(0)
        for index in 0..<150 { try pair.town.makeDirectory("/d\(index)", on: "nn1") }
        let before = pair.nodes[0].loaded!.log.lastImage
        pair.town.run(seconds: 5)
        let after = pair.nodes[0].loaded!.log.lastImage
        #expect(after > before && after >= 149, "\(pair.town.log)")
        for disk in [pair.own[0], pair.shared] {
            #expect(disk.contents.contains { $0.path == StorageDirectory.image(after) }, "\(disk.name)")
        }
    }

    @Test func aStandbyKnowsWhereBlocksAre() throws {
        let pair = Pair()
        try pair.activate(0)
        let members = (0..<2).map { Member(pair: pair, index: $0) }
        pair.town.run(seconds: 3)
        for member in members { try member.startDatanode() }
        // The standby hears of the replica before it has read of the block.
        var (id, block) = try members[0].beginFile("/file")
        block.size = 70
        try members[1].receive(block)
        try members[0].receive(block)
        #expect(try members[0].complete("/file", id, block))
        pair.crash(0)
        try pair.activate(1)
        let response: WireGetBlockLocationsResponse = try members[1].ask(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = "/file"
                $0.offset = 0
                $0.length = 100
            }, of: .client)
        let located = try #require(response.locations.blocks.first)
        #expect(located.b.numBytes == 70 && located.locs.map(\.id.hostName) == ["one"] && !located.corrupt)
        // Its lease goes on.
        (id, block) = try members[1].beginFile("/next")
        #expect(id > 0 && block.id > 0)
    }
}
