import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

@testable import HoneyHDFS

/// A NameNode and DataNodes in memory, and a client that a test plays message by message.
final class DataNodeCluster {
    let network = MemoryNetwork()
    private(set) var nameNode: NameNode
    private var nameProcess: MemoryNetwork.Process
    private let nameDisk = VolatileDisk("name")
    private(set) var nodes: [Node] = []
    let client: MemoryNetwork.Process
    private(set) var inbox: [Connection: [HDFSMessage]] = [:]
    private(set) var closed: Set<Connection> = []
    private var calls: Connection?
    private var lastNumber: Int32 = 0
    static let nameAddress = NetworkAddress.tcp(host: "127.0.0.1", port: 8020)

    final class Node {
        let index: Int
        var disks: [FaultyDisk]
        var machine: DataNode
        var process: MemoryNetwork.Process
        var address: NetworkAddress { machine.configuration.transferAddress }
        var store: BlockStore { machine.store }

        init(_ index: Int, _ disks: [FaultyDisk], _ machine: DataNode, _ process: MemoryNetwork.Process) {
            self.index = index
            self.disks = disks
            self.machine = machine
            self.process = process
        }
    }

    init(nodes count: Int, volumes: Int = 1, adjust: (inout DataNodeConfiguration) -> Void = { _ in }) {
        let (machine, process) = Self.makeNameNode(nameDisk)
        nameNode = machine
        nameProcess = process
        var deliver: (Event<HDFSMessage>) -> Void = { _ in }
        client = MemoryNetwork.Process("client", [:]) { event, _, _ in deliver(event) }
        network.start(nameProcess)
        network.start(client)
        deliver = { [unowned self] event in
            switch event {
            case .received(let connection, let message): inbox[connection, default: []].append(message)
            case .closed(let connection, _): closed.insert(connection)
            default: break
            }
        }
        network.settle()
        for index in 0..<count {
            var configuration = Self.configuration(index)
            adjust(&configuration)
            let disks = (0..<volumes).map { FaultyDisk(VolatileDisk("data\(index)-\($0)")) }
            let (machine, process) = Self.makeDataNode(configuration, disks)
            nodes.append(Node(index, disks, machine, process))
            network.start(process)
        }
        network.run(.seconds(7))
    }

    private static func makeNameNode(_ disk: VolatileDisk) -> (NameNode, MemoryNetwork.Process) {
        var configuration = NameNodeConfiguration()
        configuration.blocks.safeModeExtension = .seconds(1)
        configuration.smallestBlockBytes = 0
        configuration.blocks.recheckInterval = .seconds(15)
        let machine = NameNode(configuration: configuration, disks: [disk], random: SeededRandom(seed: 3))
        return (
            machine,
            MemoryNetwork.Process("namenode", [nameAddress: .rpc]) { machine.handle($0, at: $1, $2) }
        )
    }

    private static func configuration(_ index: Int) -> DataNodeConfiguration {
        var configuration = DataNodeConfiguration()
        configuration.nameNodes = [nameAddress]
        configuration.transferAddress = .tcp(host: "127.0.0.1", port: 9000 + index)
        configuration.rpcAddress = .tcp(host: "127.0.0.1", port: 9100 + index)
        return configuration
    }

    private static func makeDataNode(
        _ configuration: DataNodeConfiguration, _ disks: [FaultyDisk]
    ) -> (DataNode, MemoryNetwork.Process) {
        guard case .tcp(_, let port) = configuration.transferAddress else { preconditionFailure("a port") }
        let machine = DataNode(
            configuration: configuration, disks: disks, random: SeededRandom(seed: UInt64(port)))
        let addresses: [NetworkAddress: WireName] = [
            configuration.transferAddress: .transfer, configuration.rpcAddress: .rpc,
        ]
        return (
            machine,
            MemoryNetwork.Process("datanode\(port)", addresses) { machine.handle($0, at: $1, $2) }
        )
    }

    // MARK: Ends and starts

    func kill(_ node: Node) {
        network.kill(node.process)
        network.settle()
    }

    /// Starts a DataNode that was killed, on what its disks hold.
    func restart(_ node: Node) {
        (node.machine, node.process) = Self.makeDataNode(node.machine.configuration, node.disks)
        network.start(node.process)
        network.run(.seconds(7))
    }

    func stopNameNode() {
        network.kill(nameProcess)
        network.settle()
        calls = nil
    }

    func restartNameNode() {
        stopNameNode()
        (nameNode, nameProcess) = Self.makeNameNode(nameDisk)
        network.start(nameProcess)
        network.run(.seconds(10))
    }

    /// The nodes of a block in its order.
    func nodes(of block: WireLocatedBlock) -> [Node] {
        block.locs.map { location in nodes.first { $0.store.datanodeUUID == location.id.datanodeUuid }! }
    }

    // MARK: Calls

    func ask<Response: Message>(
        _ method: String, _ request: some Message, _ type: Response.Type = Response.self
    ) throws -> Response {
        let connection = calls ?? open(Self.nameAddress, .rpc)
        calls = connection
        return try ask(method, request, .client, on: connection)
    }

    /// Has the NameNode give a block a new stamp, for another pipeline.
    func newStamp(for block: WireExtendedBlock) throws -> WireExtendedBlock {
        try ask(
            "updateBlockForPipeline",
            WireUpdateBlockForPipelineRequest.with {
                $0.block = block
                $0.clientName = "writer"
            }, WireUpdateBlockForPipelineResponse.self
        ).block.b
    }

    /// Tells the NameNode of a block's new pipeline, whose nodes are those of `located`.
    func updatePipeline(of located: WireLocatedBlock, to new: WireExtendedBlock) throws {
        let _: WireUpdatePipelineResponse = try ask(
            "updatePipeline",
            WireUpdatePipelineRequest.with {
                $0.clientName = "writer"
                $0.oldBlock = located.b
                $0.newBlock = new
                $0.newNodes = located.locs.map(\.id)
                $0.storageIds = located.storageIds
            })
    }

    func ask<Response: Message>(
        _ method: String, _ request: some Message, _ protocolName: RPCProtocol, on connection: Connection
    ) throws -> Response {
        lastNumber += 1
        let call = RPCCall(
            client: RPCClientID(high: 7, low: 7), number: lastNumber, retry: 0, user: "hdfs",
            protocolName: protocolName,
            method: method, body: try request.wireBytes())
        network.perform(client) { _, effects in effects.send(.call(call), on: connection) }
        network.settle()
        for case .reply(let reply) in inbox[connection] ?? [] where reply.number == lastNumber {
            switch reply.outcome {
            case .success(let body): return try Response(wire: body)
            case .failure(let exception): throw exception
            }
        }
        throw RemoteException.inputOutput("no reply to \(method)")
    }

    func open(_ address: NetworkAddress, _ wire: WireName) -> Connection {
        var made: Connection?
        network.perform(client) { _, effects in made = effects.connect(to: address, over: wire) }
        network.settle()
        return made!
    }

    func send(_ message: TransferMessage, on connection: Connection) {
        network.perform(client) { _, effects in effects.send(.transfer(message), on: connection) }
        network.settle()
    }

    func close(_ connection: Connection) {
        network.perform(client) { _, effects in effects.close(connection) }
        network.settle()
    }

    /// Takes what came on a connection.
    func take(_ connection: Connection) -> [HDFSMessage] { inbox.removeValue(forKey: connection) ?? [] }

    func responses(_ connection: Connection) -> [WireBlockOpResponse] {
        take(connection).compactMap { if case .transfer(.response(let response)) = $0 { response } else { nil } }
    }

    func acknowledgements(_ connection: Connection) -> [WirePipelineAck] {
        take(connection).compactMap { if case .transfer(.acknowledgement(let ack)) = $0 { ack } else { nil } }
    }

    // MARK: Files

    func create(_ path: String, replication: Int) throws {
        _ = try ask(
            "create",
            WireCreateRequest.with {
                $0.src = path
                $0.masked = .with { $0.perm = 0o644 }
                $0.clientName = "writer"
                $0.createFlag = 1
                $0.createParent = true
                $0.replication = UInt32(replication)
                $0.blockSize = 1 << 20
            }, WireCreateResponse.self)
    }

    func addBlock(_ path: String, previous: WireExtendedBlock? = nil) throws -> WireLocatedBlock {
        try ask(
            "addBlock",
            WireAddBlockRequest.with {
                $0.src = path
                $0.clientName = "writer"
                if let previous { $0.previous = previous }
            }, WireAddBlockResponse.self
        ).block
    }

    func complete(_ path: String, _ last: WireExtendedBlock) throws -> Bool {
        try ask(
            "complete",
            WireCompleteRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.last = last
            }, WireCompleteResponse.self
        ).result
    }

    func locations(_ path: String) throws -> WireLocatedBlocks {
        try ask(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = 0
                $0.length = 1 << 40
            }, WireGetBlockLocationsResponse.self
        ).locations
    }

    // MARK: Blocks

    /// Sets a pipeline up; tells the connection and the first node's answer.
    func setUp(
        _ block: WireLocatedBlock, stage: WireOpWriteBlock.BlockConstructionStage = .pipelineSetupCreate,
        newStamp: UInt64 = 0, bytes: ClosedRange<Int> = 0...0, client name: String = "writer",
        checksum: WireChecksum = ChecksumKind.standard.wire
    ) -> (connection: Connection, response: WireBlockOpResponse?) {
        let connection = open(block.locs[0].id.transferAddress, .transfer)
        let operation = WireOpWriteBlock.with {
            $0.header = .with {
                $0.baseHeader = .with {
                    $0.block = block.b
                    // As Hadoop's client tells how much room a new block may need.
                    if stage == .pipelineSetupCreate { $0.block.numBytes = 1 << 20 }
                }
                $0.clientName = name
            }
            $0.targets = Array(block.locs.dropFirst())
            $0.stage = stage
            $0.pipelineSize = UInt32(block.locs.count)
            $0.minBytesRcvd = UInt64(bytes.lowerBound)
            $0.maxBytesRcvd = UInt64(bytes.upperBound)
            $0.latestGenerationStamp = newStamp
            $0.requestedChecksum = checksum
        }
        send(.operation(.write(operation)), on: connection)
        return (connection, responses(connection).first)
    }

    static func packet(
        _ sequence: Int64, at offset: Int, _ data: ArraySlice<UInt8>, isLast: Bool = false, sync: Bool = false
    ) -> TransferMessage {
        let bytes = ByteBuffer(bytes: data)
        return .packet(
            TransferPacket(
                sequence: sequence, offsetInBlock: Int64(offset), isLast: isLast, sync: sync,
                checksums: ChecksumKind.standard.checksums(of: bytes), data: bytes))
    }

    /// Writes a whole file of one block; tells the block.
    @discardableResult
    func write(_ path: String, _ data: [UInt8], replication: Int) throws -> WireExtendedBlock {
        try create(path, replication: replication)
        let located = try addBlock(path)
        let (connection, _) = setUp(located)
        var sequence: Int64 = 0
        for start in stride(from: 0, to: data.count, by: 64 << 10) {
            send(
                Self.packet(sequence, at: start, data[start..<min(data.count, start + 64 << 10)]), on: connection)
            sequence += 1
        }
        send(Self.packet(sequence, at: data.count, [], isLast: true), on: connection)
        var block = located.b
        block.numBytes = UInt64(data.count)
        guard try complete(path, block) else { throw RemoteException.inputOutput("\(path) is not complete") }
        return block
    }

    /// Reads a part of a block from one node; nil when it refuses.
    func read(_ block: WireExtendedBlock, _ range: Range<Int>, from node: Node, sendsChecksums: Bool = true) throws
        -> [UInt8]?
    {
        let connection = open(node.address, .transfer)
        send(
            .operation(
                .read(
                    .with {
                        $0.header = .with {
                            $0.baseHeader = .with { $0.block = block }
                            $0.clientName = "reader"
                        }
                        $0.offset = UInt64(range.lowerBound)
                        $0.len = UInt64(range.count)
                        $0.sendChecksums = sendsChecksums
                    })), on: connection)
        var bytes: [UInt8] = []
        var first: Int?
        var isWhole = false
        for message in take(connection) {
            switch message {
            case .transfer(.response(let response)):
                guard response.status == .success else { return nil }
                first = Int(response.readOpChecksumInfo.chunkOffset)
            case .transfer(.packet(let packet)):
                if sendsChecksums {
                    guard ChecksumKind.standard.checksums(of: packet.data) == packet.checksums else { return nil }
                }
                bytes += Array(packet.data.readableBytesView)
                isWhole = packet.isLast
            default: break
            }
        }
        guard isWhole, let first else { return nil }
        send(.readStatus(.with { $0.status = .success }), on: connection)
        close(connection)
        return Array(bytes.dropFirst(range.lowerBound - first).prefix(range.count))
    }
}
