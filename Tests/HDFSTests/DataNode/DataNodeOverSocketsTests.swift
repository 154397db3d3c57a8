import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import NIOPosix
import SwiftProtobuf
import Synchronization
import Testing

@testable import HoneyHDFS

/// Keeps what comes, for a test that waits on another thread.
private final class Mailbox: Machine {
    let letters: Letters

    final class Letters: Sendable {
        let state = Mutex<[Connection: [HDFSMessage]]>([:])
        let changed = DispatchSemaphore(value: 0)
    }

    init(_ letters: Letters) { self.letters = letters }

    func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        switch event {
        case .received(let connection, let message):
            letters.state.withLock { $0[connection, default: []].append(message) }
            letters.changed.signal()
        case .closed: letters.changed.signal()
        case .stopping: effects.stop()
        default: break
        }
    }
}

/// A NameNode, DataNodes and a client on sockets of this machine.
private final class SocketCluster {
    let folder = NSTemporaryDirectory() + "/honey-dn-\(UUID().uuidString.prefix(8))"
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let nameHost: MachineHost<NameNode>
    private(set) var hosts: [MachineHost<DataNode>] = []
    private let client: MachineHost<Mailbox>
    private let letters = Mailbox.Letters()
    private let nameAddress: NetworkAddress
    private var calls: Connection?
    private var lastNumber: Int32 = 0

    init(nodes count: Int) throws {
        let folder = folder
        nameHost = MachineHost(on: group.next(), wires: [RPCWire()]) { _, _ in }
        let loopback = NetworkAddress.tcp(host: "127.0.0.1", port: 0)
        let address = try nameHost.start(listening: [(loopback, .rpc)]) { _ in
            NameNode(
                configuration: NameNodeConfiguration(), disks: [try RealDisk(directory: folder + "/name")],
                random: SeededRandom(seed: 1))
        }.wait()[0]
        nameAddress = address
        let letters = letters
        client = MachineHost(on: group.next(), wires: [RPCWire(), TransferWire()]) { _, _ in }
        _ = try client.start { _ in Mailbox(letters) }.wait()
        for index in 0..<count {
            let host = MachineHost<DataNode>(on: group.next(), wires: [RPCWire(), TransferWire()]) { _, _ in }
            _ = try host.start(listening: [(loopback, .transfer), (loopback, .rpc)]) { addresses in
                var configuration = DataNodeConfiguration()
                configuration.nameNodes = [address]
                configuration.transferAddress = addresses[0]
                configuration.rpcAddress = addresses[1]
                return DataNode(
                    configuration: configuration, disks: [try RealDisk(directory: folder + "/data\(index)")],
                    random: SeededRandom(seed: UInt64(index)))
            }.wait()
            hosts.append(host)
        }
    }

    func end() throws {
        nameHost.requestStop()
        client.requestStop()
        for host in hosts { host.requestStop() }
        _ = try nameHost.ended.wait()
        _ = try client.ended.wait()
        for host in hosts { _ = try host.ended.wait() }
        try group.syncShutdownGracefully()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func open(_ address: NetworkAddress, _ wire: WireName) -> Connection {
        let made = Mutex<Connection?>(nil)
        let done = DispatchSemaphore(value: 0)
        client.perform { _, _, effects in
            let connection = effects.connect(to: address, over: wire)
            made.withLock { $0 = connection }
            done.signal()
        }
        done.wait()
        return made.withLock { $0! }
    }

    func send(_ messages: [HDFSMessage], on connection: Connection) {
        client.perform { _, _, effects in for message in messages { effects.send(message, on: connection) } }
    }

    /// Waits until something is among what came on a connection.
    func wait<Found>(_ connection: Connection, for find: ([HDFSMessage]) -> Found?) throws -> Found {
        let deadline = DispatchTime.now() + 30
        while true {
            if let found = letters.state.withLock({ find($0[connection] ?? []) }) { return found }
            guard letters.changed.wait(timeout: deadline) == .success else {
                throw RemoteException.inputOutput("nothing came in 30 s")
            }
        }
    }

    func ask<Response: Message>(_ method: String, _ request: some Message, _ type: Response.Type) throws -> Response {
        let connection = calls ?? open(nameAddress, .rpc)
        calls = connection
        lastNumber += 1
        let number = lastNumber
        let call = RPCCall(
            client: RPCClientID(high: 7, low: 7), number: number, retry: 0, user: "hdfs", protocolName: .client,
            method: method, body: try request.wireBytes())
        send([.call(call)], on: connection)
        let outcome = try wait(connection) { messages in
            messages.lazy.compactMap { message -> RPCReply.Outcome? in
                if case .reply(let reply) = message, reply.number == number { reply.outcome } else { nil }
            }.first
        }
        switch outcome {
        case .success(let body): return try Response(wire: body)
        case .failure(let exception): throw exception
        }
    }
}

@Suite(.serialized) struct DataNodeOverSocketsTests {
    @Test func aPipelineOverSocketsHoldsManyMegabytes() throws {
        let cluster = try SocketCluster(nodes: 3)
        defer { try? cluster.end() }
        _ = try cluster.ask(
            "create",
            WireCreateRequest.with {
                $0.src = "/a"
                $0.masked = .with { $0.perm = 0o644 }
                $0.clientName = "writer"
                $0.createFlag = 1
                $0.createParent = true
                $0.replication = 3
                $0.blockSize = 64 << 20
            }, WireCreateResponse.self)
        let located = try addBlock(cluster)
        let unit = StoreTests.bytes(100_003)
        var data: [UInt8] = []
        for _ in 0..<30 { data += unit }
        let connection = cluster.open(located.locs[0].id.transferAddress, .transfer)
        let operation = WireOpWriteBlock.with {
            $0.header = .with {
                $0.baseHeader = .with { $0.block = located.b }
                $0.clientName = "writer"
            }
            $0.targets = Array(located.locs.dropFirst())
            $0.stage = .pipelineSetupCreate
            $0.pipelineSize = 3
            $0.minBytesRcvd = 0
            $0.maxBytesRcvd = 0
            $0.latestGenerationStamp = 0
            $0.requestedChecksum = ChecksumKind.standard.wire
        }
        cluster.send([.transfer(.operation(.write(operation)))], on: connection)
        let response = try cluster.wait(connection) { messages in
            messages.lazy.compactMap { message -> WireBlockOpResponse? in
                if case .transfer(.response(let response)) = message { response } else { nil }
            }.first
        }
        #expect(response.status == .success)
        var packets: [HDFSMessage] = []
        for start in stride(from: 0, to: data.count, by: 64 << 10) {
            let part = data[start..<min(data.count, start + (64 << 10))]
            packets.append(.transfer(DataNodeCluster.packet(Int64(packets.count), at: start, part)))
        }
        packets.append(.transfer(DataNodeCluster.packet(Int64(packets.count), at: data.count, [], isLast: true)))
        let count = packets.count
        cluster.send(packets, on: connection)
        let isGood = try cluster.wait(connection) { messages -> Bool? in
            guard messages.count > count else { return nil }
            let acks = messages.compactMap { message -> WirePipelineAck? in
                if case .transfer(.acknowledgement(let ack)) = message { ack } else { nil }
            }
            return acks.count == count
                && acks.enumerated().allSatisfy { $1.seqno == $0 && $1.reply == [.success, .success, .success] }
        }
        #expect(isGood)
        for place in located.locs {
            #expect(try read(cluster, located.b, data.count, from: place.id.transferAddress) == data)
        }
    }

    /// Asks until DataNodes have registered.
    private func addBlock(_ cluster: SocketCluster) throws -> WireLocatedBlock {
        for _ in 0..<200 {
            let block = try? cluster.ask(
                "addBlock",
                WireAddBlockRequest.with {
                    $0.src = "/a"
                    $0.clientName = "writer"
                    $0.excludeNodes = []
                }, WireAddBlockResponse.self
            ).block
            if let block, block.locs.count == 3 { return block }
            if let block {
                _ = try cluster.ask(
                    "abandonBlock",
                    WireAbandonBlockRequest.with {
                        $0.b = block.b
                        $0.src = "/a"
                        $0.holder = "writer"
                    }, WireAbandonBlockResponse.self)
            }
            usleep(50_000)
        }
        throw RemoteException.inputOutput("no three DataNodes")
    }

    private func read(
        _ cluster: SocketCluster, _ block: WireExtendedBlock, _ count: Int, from address: NetworkAddress
    ) throws -> [UInt8] {
        let connection = cluster.open(address, .transfer)
        let operation = WireOpReadBlock.with {
            $0.header = .with {
                $0.baseHeader = .with { $0.block = block }
                $0.clientName = "reader"
            }
            $0.offset = 0
            $0.len = UInt64(count)
        }
        cluster.send([.transfer(.operation(.read(operation)))], on: connection)
        return try cluster.wait(connection) { messages in
            guard case .transfer(.packet(let last)) = messages.last, last.isLast else { return nil }
            var bytes: [UInt8] = []
            for case .transfer(.packet(let packet)) in messages {
                bytes += packet.data.getBytes(at: packet.data.readerIndex, length: packet.data.readableBytes) ?? []
            }
            return bytes
        }
    }
}
