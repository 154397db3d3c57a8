import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

struct DataNodeTests {
    private func bytes(_ count: Int, seed: UInt64 = 5) -> [UInt8] { StoreTests.bytes(count, seed: seed) }

    @Test func aPipelineOfThreeKeepsWhatItAcknowledges() throws {
        let cluster = DataNodeCluster(nodes: 3)
        let data = bytes(300_001)
        let block = try cluster.write("/a", data, replication: 3)
        for node in cluster.nodes {
            for range in [0..<data.count, 0..<1, 511..<513, 1000..<70_000, data.count - 1..<data.count] {
                #expect(try cluster.read(block, range, from: node) == Array(data[range]), "\(node.index) \(range)")
                #expect(
                    try cluster.read(block, range, from: node, sendsChecksums: false) == Array(data[range]),
                    "\(node.index) \(range)")
            }
            #expect(try cluster.read(block, 0..<data.count + 1, from: node) == nil)
        }
        #expect(try cluster.locations("/a").blocks[0].locs.count == 3)
        #expect(cluster.nodes.allSatisfy { $0.machine.sessions.isEmpty })
    }

    @Test func acknowledgementsTellOfAllNodesInTheOrderOfThePipeline() throws {
        let cluster = DataNodeCluster(nodes: 3)
        try cluster.create("/a", replication: 3)
        let (connection, response) = cluster.setUp(try cluster.addBlock("/a"))
        #expect(response?.status == .success)
        let data = bytes(1024)
        cluster.send(DataNodeCluster.packet(0, at: 0, data[...]), on: connection)
        cluster.send(
            .packet(
                TransferPacket(
                    sequence: -1, offsetInBlock: 0, isLast: false, sync: false, checksums: ByteBuffer(),
                    data: ByteBuffer())), on: connection)
        cluster.send(DataNodeCluster.packet(1, at: 1024, [], isLast: true), on: connection)
        let acks = cluster.acknowledgements(connection)
        #expect(acks.map(\.seqno) == [0, -1, 1])
        #expect(acks.allSatisfy { $0.reply == [.success, .success, .success] })
    }

    @Test func nothingIsAcknowledgedBeforeItIsDurable() throws {
        let cluster = DataNodeCluster(nodes: 1)
        try cluster.create("/a", replication: 1)
        let (connection, _) = cluster.setUp(try cluster.addBlock("/a"))
        cluster.network.mayMakeDurable = { process, _ in !process.name.hasPrefix("datanode") }
        cluster.send(DataNodeCluster.packet(0, at: 0, bytes(700)[...]), on: connection)
        #expect(cluster.acknowledgements(connection).map(\.seqno) == [0])
        cluster.send(DataNodeCluster.packet(1, at: 512, bytes(900)[512...], sync: true), on: connection)
        #expect(cluster.acknowledgements(connection).isEmpty)
        cluster.send(DataNodeCluster.packet(2, at: 900, [], isLast: true), on: connection)
        #expect(cluster.acknowledgements(connection).isEmpty)
    }

    @Test(arguments: [true, false])
    func whatIsWrittenIsBroughtToTheDiskMeanwhile(isWanted: Bool) throws {
        let cluster = DataNodeCluster(nodes: 1) { $0.writesBehind = isWanted }
        try cluster.create("/a", replication: 1)
        let (connection, _) = cluster.setUp(try cluster.addBlock("/a"))
        let unit = 8 << 20
        let data = [UInt8](repeating: 7, count: unit + unit / 2)
        // The second packet comes again, as after a pipeline was mended.
        let middle = unit / 2..<unit + 1024
        for (sequence, part) in [0..<unit / 2, middle, middle, unit + 1024..<data.count].enumerated() {
            cluster.send(DataNodeCluster.packet(Int64(sequence), at: part.lowerBound, data[part]), on: connection)
        }
        #expect(cluster.acknowledgements(connection).count == 4)
        #expect(cluster.nodes[0].process.writebacks == (isWanted ? [0..<unit] : []))
        cluster.send(DataNodeCluster.packet(4, at: data.count, data[..<unit]), on: connection)
        cluster.send(DataNodeCluster.packet(5, at: data.count + unit, [], isLast: true), on: connection)
        #expect(cluster.acknowledgements(connection).map(\.reply) == [[.success], [.success]])
        #expect(cluster.nodes[0].process.writebacks == (isWanted ? [0..<unit, unit..<2 * unit] : []))
    }

    @Test func aWrongChecksumIsToldAndNotKept() throws {
        let cluster = DataNodeCluster(nodes: 1)
        try cluster.create("/a", replication: 1)
        let located = try cluster.addBlock("/a")
        let (connection, _) = cluster.setUp(located)
        let data = ByteBuffer(bytes: bytes(600))
        cluster.send(
            .packet(
                TransferPacket(
                    sequence: 0, offsetInBlock: 0, isLast: false, sync: false,
                    checksums: ChecksumKind.standard.checksums(of: ByteBuffer(bytes: bytes(600, seed: 9))), data: data)),
            on: connection)
        #expect(cluster.acknowledgements(connection).map(\.reply) == [[.errorChecksum]])
        #expect(cluster.closed.contains(connection))
        #expect(cluster.nodes[0].store.block(located.b.blockID)?.size == 0)
    }

    @Test func aNodeThatCannotBeReachedIsNamed() throws {
        let cluster = DataNodeCluster(nodes: 3)
        try cluster.create("/a", replication: 3)
        let located = try cluster.addBlock("/a")
        let last = cluster.nodes(of: located)[2]
        cluster.kill(last)
        let (_, response) = cluster.setUp(located)
        #expect(response?.status == .error)
        #expect(response?.firstBadLink == "127.0.0.1:\(9000 + last.index)")
    }

    @Test func aNodeThatAcknowledgesWhatWasNotSentIsTakenForFailed() throws {
        let cluster = DataNodeCluster(nodes: 2)
        try cluster.create("/a", replication: 2)
        let located = try cluster.addBlock("/a")
        let second = cluster.nodes(of: located)[1]
        cluster.kill(second)
        let talker = MemoryNetwork.Process("talker", [second.address: .transfer]) { event, _, effects in
            guard case .received(let connection, .transfer(.operation)) = event else { return }
            effects.send(.transfer(.response(.make(.success))), on: connection)
            for number in 0..<1000 {
                effects.send(
                    .transfer(
                        .acknowledgement(
                            .with {
                                $0.seqno = Int64(number)
                                $0.reply = [.success]
                            })), on: connection)
            }
        }
        cluster.network.start(talker)
        let (connection, response) = cluster.setUp(located)
        #expect(response?.status == .success)
        cluster.send(DataNodeCluster.packet(0, at: 0, bytes(5000)[...]), on: connection)
        #expect(cluster.acknowledgements(connection).map(\.reply) == [[.success, .error]])
    }

    @Test func aCopyThatWentWellIsNoFailure() throws {
        let cluster = DataNodeCluster(nodes: 2)
        let block = Block(try cluster.write("/a", bytes(100_000), replication: 1))
        let from = try #require(cluster.nodes.first { $0.store.block(block.id) != nil })
        let to = try #require(cluster.nodes.first { $0 !== from })
        var outcomes: [String?] = []
        cluster.network.perform(from.process) { now, effects in
            from.machine.board.begin(now, effects)
            from.machine.push(
                block, to: [to.machine.datanodeInfo], storageIDs: [], types: [], clientName: "",
                stage: .pipelineSetupCreate
            ) { outcomes.append($0) }
        }
        cluster.network.settle()
        #expect(outcomes == [nil])
        #expect(to.store.replicas[block.id]?.state == .finalized)
        #expect(to.machine.sessions.isEmpty)
        #expect(!to.process.log.contains { $0.contains("the write ended") }, "\(to.process.log)")
    }

    @Test func pathsOfFilesAreToldToThoseWhoMayKnow() throws {
        for readers in [["ann"], ["ann", "hdfs"]] {
            let cluster = DataNodeCluster(nodes: 1) {
                $0.user = "keeper"
                $0.localReaders = Set(readers)
            }
            let block = try cluster.write("/a", bytes(3000), replication: 1)
            let connection = cluster.open(.tcp(host: "127.0.0.1", port: 9100), .rpc)
            // The disks here are no directories, so that those who may know learn that.
            #expect {
                let _: WireGetBlockLocalPathInfoResponse = try cluster.ask(
                    "getBlockLocalPathInfo",
                    WireGetBlockLocalPathInfoRequest.with {
                        $0.block = block
                        $0.token = .empty
                    }, .clientDatanode, on: connection)
            } throws: { error in
                (error as? RemoteException)?.shortName
                    == (readers.contains("hdfs") ? "UnsupportedOperationException" : "AccessControlException")
            }
        }
    }

    @Test func aNameNodeThatDoesNotListenIsNotRememberedForEver() throws {
        let cluster = DataNodeCluster(nodes: 1)
        let node = cluster.nodes[0]
        let link = try #require(node.machine.links.first)
        cluster.stopNameNode()
        cluster.network.perform(node.process) { now, effects in
            node.machine.board.begin(now, effects)
            for number in 0...2 * NameNodeLink.reportLimit {
                node.machine.report(
                    .received, Block(id: UInt64(number), generationStamp: 1, size: 1), on: node.store.volumes[0])
            }
        }
        #expect(link.reportCount <= NameNodeLink.reportLimit)
    }

    @Test func aPipelineGoesOnWithoutANodeThatDies() throws {
        let cluster = DataNodeCluster(nodes: 3)
        try cluster.create("/a", replication: 3)
        var located = try cluster.addBlock("/a")
        let data = bytes(5000)
        let (connection, _) = cluster.setUp(located)
        cluster.send(DataNodeCluster.packet(0, at: 0, data[..<1000]), on: connection)
        #expect(cluster.acknowledgements(connection).map(\.reply) == [[.success, .success, .success]])
        cluster.kill(cluster.nodes(of: located)[1])
        cluster.send(DataNodeCluster.packet(1, at: 512, data[512..<3000]), on: connection)
        #expect(cluster.acknowledgements(connection).map(\.reply) == [[.success, .error]])
        cluster.close(connection)
        let next = try cluster.newStamp(for: located.b)
        located.locs.remove(at: 1)
        located.storageIds.remove(at: 1)
        let (second, response) = cluster.setUp(
            located, stage: .pipelineSetupStreamingRecovery, newStamp: next.generationStamp, bytes: 1000...3000)
        #expect(response?.status == .success)
        var new = next
        new.numBytes = 1000
        try cluster.updatePipeline(of: located, to: new)
        cluster.send(DataNodeCluster.packet(1, at: 512, data[512..<3000]), on: second)
        cluster.send(DataNodeCluster.packet(2, at: 2560, data[2560..<5000]), on: second)
        cluster.send(DataNodeCluster.packet(3, at: 5000, [], isLast: true), on: second)
        #expect(cluster.acknowledgements(second).map(\.reply) == Array(repeating: [.success, .success], count: 3))
        new.numBytes = 5000
        #expect(try cluster.complete("/a", new))
        for node in cluster.nodes(of: located) {
            #expect(try cluster.read(new, 0..<5000, from: node) == data)
        }
    }

    @Test func appendsGoOnInTheLastChunk() throws {
        let cluster = DataNodeCluster(nodes: 2)
        let data = bytes(3000)
        let old = try cluster.write("/a", Array(data[..<700]), replication: 2)
        var located = try cluster.ask(
            "append",
            WireAppendRequest.with {
                $0.src = "/a"
                $0.clientName = "writer"
            }, WireAppendResponse.self
        ).block
        let next = try cluster.newStamp(for: located.b)
        let stamp = next.generationStamp
        located.b.numBytes = 700
        let (connection, response) = cluster.setUp(
            located, stage: .pipelineSetupAppend, newStamp: stamp, bytes: 700...700)
        #expect(response?.status == .success)
        var new = next
        new.numBytes = 700
        try cluster.updatePipeline(of: located, to: new)
        cluster.send(DataNodeCluster.packet(0, at: 700, data[700..<1024]), on: connection)
        cluster.send(DataNodeCluster.packet(1, at: 1024, data[1024...]), on: connection)
        cluster.send(DataNodeCluster.packet(2, at: 3000, [], isLast: true), on: connection)
        #expect(cluster.acknowledgements(connection).count == 3)
        new.numBytes = 3000
        #expect(try cluster.complete("/a", new))
        for node in cluster.nodes {
            #expect(try cluster.read(new, 0..<3000, from: node) == data)
            // Who asks for the block as it was reads what it is now.
            #expect(try cluster.read(old, 0..<700, from: node) == Array(data[..<700]))
        }
    }

    @Test func aReplicaThatGrowsWhileItIsReadIsNotTakenForDamaged() throws {
        let cluster = DataNodeCluster(nodes: 1) {
            $0.packetBytes = 512
            $0.unsentBytes = 512
        }
        try cluster.create("/a", replication: 1)
        let located = try cluster.addBlock("/a")
        let data = bytes(3000)
        let (writer, _) = cluster.setUp(located)
        cluster.send(DataNodeCluster.packet(0, at: 0, data[..<1700]), on: writer)
        let reader = try #require(cluster.nodes[0].machine.store.open[located.b.blockID])
        let stream = PacketStream(
            try cluster.nodes[0].store.reader(of: reader.block), 0..<1700, on: Connection(number: 1 << 40),
            of: cluster.nodes[0].machine,
            sendsChecksums: true)
        try stream.go()
        cluster.send(DataNodeCluster.packet(1, at: 1536, data[1536...]), on: writer)
        for _ in 0..<4 { try stream.go() }
        #expect(stream.isDone)
        #expect(cluster.nodes[0].machine.damageTold.isEmpty)
        // A real reader gets what there was.
        #expect(try cluster.read(located.b, 0..<1700, from: cluster.nodes[0]) == Array(data[..<1700]))
    }

    @Test func aReplicaLeftByAKilledProcessIsWrittenOn() throws {
        let cluster = DataNodeCluster(nodes: 1)
        try cluster.create("/a", replication: 1)
        let located = try cluster.addBlock("/a")
        let data = bytes(5000)
        let (connection, _) = cluster.setUp(located)
        cluster.send(DataNodeCluster.packet(0, at: 0, data[..<1000]), on: connection)
        let node = cluster.nodes[0]
        cluster.kill(node)
        cluster.restart(node)
        #expect(node.store.replicas[located.b.blockID]?.state == .waiting)
        // More than it has, it cannot give.
        let refused = cluster.setUp(
            located, stage: .pipelineSetupStreamingRecovery, newStamp: 5000, bytes: 1001...2000)
        #expect(refused.response == nil && cluster.closed.contains(refused.connection))
        #expect(node.store.replicas[located.b.blockID]?.state == .waiting)
        let next = try cluster.newStamp(for: located.b)
        let (second, response) = cluster.setUp(
            located, stage: .pipelineSetupStreamingRecovery, newStamp: next.generationStamp, bytes: 1000...2000)
        #expect(response?.status == .success)
        try cluster.updatePipeline(of: located, to: next)
        cluster.send(DataNodeCluster.packet(1, at: 512, data[512...]), on: second)
        cluster.send(DataNodeCluster.packet(2, at: 5000, [], isLast: true), on: second)
        #expect(cluster.acknowledgements(second).count == 2)
        var new = next
        new.numBytes = 5000
        #expect(try cluster.complete("/a", new))
        #expect(try cluster.read(new, 0..<5000, from: node) == data)
    }

    @Test func theReplicasOfAWriterWhoWentAwayAreMadeEqual() throws {
        let cluster = DataNodeCluster(nodes: 3)
        try cluster.create("/a", replication: 3)
        let located = try cluster.addBlock("/a")
        let data = bytes(5000)
        let (connection, _) = cluster.setUp(located)
        cluster.send(DataNodeCluster.packet(0, at: 0, data[..<3000]), on: connection)
        #expect(cluster.acknowledgements(connection).count == 1)
        cluster.close(connection)
        let recover = WireRecoverLeaseRequest.with {
            $0.src = "/a"
            $0.clientName = "another"
        }
        _ = try cluster.ask("recoverLease", recover, WireRecoverLeaseResponse.self)
        cluster.network.run(.seconds(10))
        #expect(try cluster.ask("recoverLease", recover, WireRecoverLeaseResponse.self).result)
        let found = try cluster.locations("/a")
        #expect(found.fileLength == 3000 && !found.underConstruction)
        let block = try #require(found.blocks.first).b
        #expect(block.generationStamp > located.b.generationStamp)
        #expect(cluster.nodes(of: found.blocks[0]).count == 3)
        for node in cluster.nodes { #expect(try cluster.read(block, 0..<3000, from: node) == Array(data[..<3000])) }
    }

    @Test func aDeadNodesReplicasAreCopiedAndThoseTooManyRemoved() throws {
        let cluster = DataNodeCluster(nodes: 3)
        let data = bytes(200_000)
        let block = try cluster.write("/a", data, replication: 2)
        let holders = cluster.nodes.filter { $0.store.block(block.blockID) != nil }
        #expect(holders.count == 2)
        cluster.kill(holders[0])
        cluster.network.run(.seconds(120))
        let live = cluster.nodes.filter { $0 !== holders[0] }
        for node in live { #expect(try cluster.read(block, 0..<data.count, from: node) == data) }
        #expect(live.allSatisfy { $0.machine.pushCount == 0 && $0.machine.sessions.isEmpty })
        cluster.restart(holders[0])
        cluster.network.run(.seconds(60))
        #expect(cluster.nodes.filter { $0.store.block(block.blockID) != nil }.count == 2)
        _ = try cluster.ask(
            "delete",
            WireDeleteRequest.with {
                $0.src = "/a"
                $0.recursive = true
            }, WireDeleteResponse.self)
        cluster.network.run(.seconds(10))
        #expect(cluster.nodes.allSatisfy { $0.store.replicas.isEmpty })
    }

    @Test func aRestartedNameNodeLearnsAllAgain() throws {
        let cluster = DataNodeCluster(nodes: 2)
        let data = bytes(1000)
        try cluster.write("/a", data, replication: 2)
        cluster.restartNameNode()
        cluster.network.run(.seconds(10))
        #expect(try cluster.locations("/a").blocks.first?.locs.count == 2)
        try cluster.write("/b", data, replication: 2)
    }

    @Test func rottenBitsAreFoundAndTheReplicaIsReplaced() throws {
        let cluster = DataNodeCluster(nodes: 3) { $0.scanPeriod = .seconds(60) }
        let data = bytes(200_000)
        let block = try cluster.write("/a", data, replication: 2)
        let bad = try #require(cluster.nodes.first { $0.store.block(block.blockID) != nil })
        let disk = try #require(bad.disks[0].inner as? VolatileDisk)
        let file = try #require(disk.contents.first { $0.path.hasSuffix("/blk_\(block.blockID)") }).file
        file.bytes[123_456] ^= 4
        #expect(try cluster.read(block, 0..<data.count, from: bad) == nil)
        #expect(try cluster.read(block, 0..<data.count, from: bad, sendsChecksums: false) == nil)
        #expect(try cluster.read(block, 0..<100_000, from: bad) == Array(data[..<100_000]))
        cluster.network.run(.seconds(200))
        let found = try cluster.locations("/a").blocks[0]
        #expect(found.locs.count == 2 && !found.corrupt)
        for node in cluster.nodes(of: found) { #expect(try cluster.read(block, 0..<data.count, from: node) == data) }
    }

    @Test func theScannerFindsWhatNobodyReads() throws {
        let cluster = DataNodeCluster(nodes: 1) { $0.scanPeriod = .seconds(60) }
        let block = try cluster.write("/a", bytes(200_000), replication: 1)
        let disk = try #require(cluster.nodes[0].disks[0].inner as? VolatileDisk)
        try #require(disk.contents.first { $0.path.hasSuffix("/blk_\(block.blockID)") }).file.bytes[3] ^= 1
        #expect(try !cluster.locations("/a").blocks[0].corrupt)
        cluster.network.run(.seconds(130))
        #expect(try cluster.locations("/a").blocks[0].corrupt)
    }

    @Test func theScannerFindsChecksumsThatCannotBeRead() throws {
        let cluster = DataNodeCluster(nodes: 1) { $0.scanPeriod = .seconds(60) }
        let block = try cluster.write("/a", bytes(200_000), replication: 1)
        let disk = try #require(cluster.nodes[0].disks[0].inner as? VolatileDisk)
        let meta = try #require(
            disk.contents.first { $0.path.contains("/blk_\(block.blockID)_") && $0.path.hasSuffix(".meta") })
        meta.file.bytes[2] ^= 64
        #expect(try !cluster.locations("/a").blocks[0].corrupt)
        cluster.network.run(.seconds(130))
        #expect(try cluster.locations("/a").blocks[0].corrupt)
    }

    @Test func aFullDiskRefusesAndTheOthersGoOn() throws {
        let cluster = DataNodeCluster(nodes: 2)
        try cluster.create("/a", replication: 2)
        let located = try cluster.addBlock("/a")
        let full = cluster.nodes(of: located)[1]
        full.disks[0].capacity = 100_000
        let (_, response) = cluster.setUp(located)
        #expect(response?.firstBadLink == "127.0.0.1:\(9000 + full.index)")
        // A disk that fills up in mid-write.
        full.disks[0].capacity = 1 << 40
        try cluster.create("/b", replication: 2)
        let second = try cluster.addBlock("/b")
        let (connection, _) = cluster.setUp(second)
        full.disks[0].capacity = 1000
        cluster.send(DataNodeCluster.packet(0, at: 0, bytes(5000)[...]), on: connection)
        let isFirst = cluster.nodes(of: second)[0] === full
        #expect(
            isFirst
                ? cluster.closed.contains(connection)
                : cluster.acknowledgements(connection).map(\.reply) == [[.success, .error]])
        #expect(full.process.isAlive && full.store.workingVolumes.count == 1)
    }

    @Test func aFailedVolumeIsReportedAndItsReplicasCopied() throws {
        let cluster = DataNodeCluster(nodes: 2, volumes: 2)
        let data = bytes(50_000)
        let block = try cluster.write("/a", data, replication: 1)
        let holder = try #require(cluster.nodes.first { $0.store.block(block.blockID) != nil })
        let volume = try #require(holder.store.volume(of: block.blockID))
        holder.disks[volume.index].hasFailed = true
        cluster.network.run(.seconds(10))
        #expect(holder.process.isAlive && holder.store.workingVolumes.count == 1)
        #expect(try cluster.locations("/a").blocks[0].locs.isEmpty)
    }

    @Test func checksumsOfBlocksAreHadoops() throws {
        let cluster = DataNodeCluster(nodes: 1)
        let data = bytes(3000)
        var block = try cluster.write("/a", data, replication: 1)
        func ask(_ type: WireBlockChecksumType) throws -> WireOpBlockChecksumResponse {
            let connection = cluster.open(cluster.nodes[0].address, .transfer)
            cluster.send(
                .operation(
                    .checksum(
                        .with {
                            $0.header = .with { $0.block = block }
                            $0.blockChecksumOptions = .with { $0.blockChecksumType = type }
                        })), on: connection)
            return try #require(cluster.responses(connection).first).checksumResponse
        }
        for count in [3000, 2048, 1000] {
            block.numBytes = UInt64(count)
            let whole = ByteBuffer(bytes: data[..<count])
            let composite = try ask(.compositeCrc)
            #expect(
                Array(composite.blockChecksum)
                    == withUnsafeBytes(of: Checksums.extend(0, with: whole).bigEndian) { Array($0) })
            let digest = try ask(.md5Crc)
            #expect(digest.blockChecksum.count == 16)
            #expect(digest.bytesPerCrc == 512 && digest.crcPerBlock == UInt64((count + 511) / 512))
        }
    }

    @Test func aBalancerMovesAReplica() throws {
        let cluster = DataNodeCluster(nodes: 2)
        let data = bytes(200_000)
        let block = try cluster.write("/a", data, replication: 1)
        let from = try #require(cluster.nodes.first { $0.store.block(block.blockID) != nil })
        let to = try #require(cluster.nodes.first { $0 !== from })
        let connection = cluster.open(to.address, .transfer)
        cluster.send(
            .operation(
                .replace(
                    .with {
                        $0.header = .with { $0.block = block }
                        $0.delHint = from.store.datanodeUUID
                        $0.source = from.machine.datanodeInfo
                    })), on: connection)
        cluster.network.run(.seconds(1))
        #expect(cluster.responses(connection).last?.status == .success)
        cluster.network.run(.seconds(20))
        #expect(from.store.block(block.blockID) == nil)
        #expect(try cluster.read(block, 0..<data.count, from: to) == data)
        #expect(from.machine.moves == 0 && to.machine.moves == 0)
    }

    @Test func aSilentWriterIsGivenUp() throws {
        let cluster = DataNodeCluster(nodes: 2)
        try cluster.create("/a", replication: 2)
        let (connection, _) = cluster.setUp(try cluster.addBlock("/a"))
        cluster.network.run(.seconds(55))
        #expect(!cluster.closed.contains(connection))
        cluster.network.run(.seconds(30))
        #expect(cluster.closed.contains(connection))
        #expect(cluster.nodes.allSatisfy { $0.machine.sessions.isEmpty })
    }

    @Test func onlyTheLaterOfTwoActiveNameNodesIsObeyed() throws {
        let cluster = DataNodeCluster(nodes: 1)
        let node = cluster.nodes[0].machine
        let first = try #require(node.links.first)
        let second = NameNodeLink(.tcp(host: "127.0.0.1", port: 8021), of: node)
        func status(_ state: WireNNHAStatusHeartbeat.State, _ transaction: UInt64) -> WireNNHAStatusHeartbeat {
            .with {
                $0.state = state
                $0.txid = transaction
            }
        }
        #expect(node.hear(status(.active, 1000), from: first))
        #expect(!node.hear(status(.standby, 1000), from: second))
        #expect(!node.hear(status(.active, 900), from: second))
        #expect(node.hear(status(.active, 1001), from: second))
        #expect(!node.hear(status(.active, 1000), from: first))
        #expect(node.hear(status(.active, 1002), from: second))
    }

    @Test func aNodeOfAnotherClusterEnds() throws {
        let cluster = DataNodeCluster(nodes: 1)
        let node = cluster.nodes[0]
        cluster.kill(node)
        var version = try #require(try VersionFile(in: "current", of: node.disks[0]))
        let place = try #require(version.entries.firstIndex { $0.key == "clusterID" })
        version.entries[place].value = "CID-other"
        try version.write(in: "current", of: node.disks[0])
        cluster.restart(node)
        #expect(!node.process.isAlive)
        #expect(node.process.failure?.contains("belongs to another cluster: CID-other") == true)
    }

    @Test func clientsAreToldOfReplicasAndTheNode() throws {
        let cluster = DataNodeCluster(nodes: 1)
        let block = try cluster.write("/a", bytes(3000), replication: 1)
        let connection = cluster.open(.tcp(host: "127.0.0.1", port: 9100), .rpc)
        let length =
            try cluster.ask(
                "getReplicaVisibleLength", WireGetReplicaVisibleLengthRequest.with { $0.block = block },
                .clientDatanode,
                on: connection) as WireGetReplicaVisibleLengthResponse
        #expect(length.length == 3000)
        let info =
            try cluster.ask("getDatanodeInfo", WireGetDatanodeInfoRequest(), .clientDatanode, on: connection)
            as WireGetDatanodeInfoResponse
        #expect(info.localInfo.uptime >= 7)
        let volumes =
            try cluster.ask("getVolumeReport", WireGetVolumeReportRequest(), .clientDatanode, on: connection)
            as WireGetVolumeReportResponse
        #expect(volumes.volumeInfo.map(\.numBlocks) == [1])
        #expect(throws: RemoteException.self) {
            _ =
                try cluster.ask("format", WireGetDatanodeInfoRequest(), .clientDatanode, on: connection)
                as WireGetDatanodeInfoResponse
        }
        var missing = block
        missing.blockID += 1
        #expect(throws: RemoteException.self) {
            _ =
                try cluster.ask(
                    "getReplicaVisibleLength", WireGetReplicaVisibleLengthRequest.with { $0.block = missing },
                    .clientDatanode, on: connection) as WireGetReplicaVisibleLengthResponse
        }
    }
}
