import FoundationEssentials
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

@testable import HoneyHDFS

/// A block manager with DataNodes that are tables: they hold replicas, say so and obey, in time that a test moves on.
final class BlockCluster {
    final class Node {
        let id: WireDatanodeID
        let storage: String
        var replicas: [UInt64: (block: Block, state: WireReplicaState)] = [:]
        var isUp = true
        var capacity = 1 << 40
        var remaining: Int?
        var transceivers = 0
        var recoveries: [WireRecoveringBlock] = []
        /// Copies it was ordered to make and has not; made at once unless `isSlow`.
        var isSlow = false

        init(_ name: String) {
            id = .with {
                $0.ipAddr = name
                $0.hostName = name
                $0.datanodeUuid = "uuid-" + name
                $0.xferPort = 9866
                $0.infoPort = 9864
                $0.ipcPort = 9867
            }
            storage = "DS-" + name
        }
    }

    final class Owner: BlockOwner {
        var completed: [UInt64] = []
        var synchronized: [WireCommitBlockSynchronizationRequest] = []
        var paths: [UInt64: String] = [:]
        var lastTransaction: UInt64 = 0
        var durableTransaction: UInt64 = .max

        func blockBecameComplete(_ block: BlockInfo) { completed.append(block.id) }
        func path(ofFile file: UInt64) -> String? { paths[file] }
        func commitBlockSynchronization(
            _ request: WireCommitBlockSynchronizationRequest
        ) throws(RemoteException) { synchronized.append(request) }
        func log(_ level: LogLevel, _ message: String) {}
    }

    let manager: BlockManager
    let owner = Owner()
    var nodes: [Node]
    var now = Moment(monotonicNanoseconds: 1_000_000_000, wallMilliseconds: 1_700_000_000_000)
    var nextID = Block.firstID

    /// Starts nodes with these names, `racks` tells where.
    init(
        _ names: [String], racks: [String: String] = [:], seed: UInt64 = 1,
        _ configure: (inout BlockConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = BlockConfiguration()
        configuration.racks = racks
        configure(&configuration)
        manager = BlockManager(configuration: configuration, pool: "BP-1", random: SeededRandom(seed: seed))
        manager.identity = NamespaceIdentity(namespaceID: 7, clusterID: "CID-7", creationMilliseconds: 0)
        manager.owner = owner
        nodes = names.map { Node($0) }
        for node in nodes { try start(node) }
    }

    func node(_ name: String) -> Node { nodes.first { $0.id.ipAddr == name }! }

    func node(holding storage: DatanodeStorage) -> Node { nodes.first { $0.storage == storage.uuid }! }

    func registration(_ node: Node) -> WireDatanodeRegistration {
        .ofTable(node.id, in: manager.identity)
    }

    /// Calls over the same bytes as the wire has.
    func call<Response: Message>(_ method: String, _ request: some Message) throws -> Response {
        let bytes: [UInt8] = try request.serializedBytes()
        let answer = try manager.answer(
            RPCCall(
                client: RPCClientID(high: 0, low: 0), number: 0, retry: 0, user: "hdfs", protocolName: .datanode,
                method: method, body: ByteBuffer(bytes: bytes)), at: now)
        return try Response(serializedBytes: Array(answer.readableBytesView))
    }

    func start(_ node: Node) throws {
        node.isUp = true
        let _: WireRegisterDatanodeResponse = try call(
            "registerDatanode", WireRegisterDatanodeRequest.with { $0.registration = registration(node) })
        try beat(node)
        try report(node)
    }

    /// Sends a heartbeat and does what the answer says.
    func beat(_ node: Node) throws {
        let used = node.replicas.values.reduce(0) { $0 + $1.block.size }
        let response: WireHeartbeatResponse = try call(
            "sendHeartbeat",
            WireHeartbeatRequest.with {
                $0.registration = registration(node)
                $0.xceiverCount = UInt32(node.transceivers)
                $0.reports = [
                    .with {
                        $0.storageUuid = node.storage
                        $0.capacity = UInt64(node.capacity)
                        $0.dfsUsed = UInt64(used)
                        $0.remaining = UInt64(node.remaining ?? node.capacity - used)
                        $0.storage = storage(node)
                    }
                ]
            })
        for command in response.cmds { try obey(command, node) }
    }

    private func storage(_ node: Node) -> WireDatanodeStorage { .with { $0.storageUuid = node.storage } }

    private func obey(_ command: WireDatanodeCommand, _ node: Node) throws {
        switch command.cmdType {
        case .registerCommand: try start(node)
        case .blockRecoveryCommand: node.recoveries += command.recoveryCmd.blocks
        case .blockCommand where command.blkCmd.action == .invalidate:
            for message in command.blkCmd.blocks {
                guard node.replicas[message.blockID]?.block.generationStamp == message.genStamp else { continue }
                node.replicas[message.blockID] = nil
                try tell(node, Block(message), .deleted)
            }
        case .blockCommand where command.blkCmd.action == .transfer && !node.isSlow:
            for (message, targets) in zip(command.blkCmd.blocks, command.blkCmd.targets) {
                for target in targets.datanodes {
                    let other = nodes.first { $0.id.datanodeUuid == target.id.datanodeUuid }!
                    if other.isUp { try receive(other, Block(message)) }
                }
            }
        default: break
        }
    }

    func receive(_ node: Node, _ block: Block, hint: String? = nil) throws {
        node.replicas[block.id] = (block, .finalized)
        try tell(node, block, .received, hint: hint)
    }

    func tell(
        _ node: Node, _ block: Block, _ status: WireReceivedDeletedBlockInfo.BlockStatus, hint: String? = nil
    ) throws {
        let _: WireBlockReceivedAndDeletedResponse = try call(
            "blockReceivedAndDeleted",
            WireBlockReceivedAndDeletedRequest.with {
                $0.registration = registration(node)
                $0.blockPoolID = "BP-1"
                $0.blocks = [
                    .with {
                        $0.storageUuid = node.storage
                        $0.blocks = [
                            .with {
                                $0.block = block.message
                                $0.status = status
                                if let hint { $0.deleteHint = hint }
                            }
                        ]
                    }
                ]
            })
    }

    func report(_ node: Node) throws {
        let sorted = node.replicas.values.sorted { $0.block.id < $1.block.id }
        let _: WireBlockReportResponse = try call(
            "blockReport",
            WireBlockReportRequest.with {
                $0.registration = registration(node)
                $0.blockPoolID = "BP-1"
                $0.reports = [
                    .with {
                        $0.storage = storage(node)
                        $0.numberOfBlocks = UInt64(sorted.count)
                        $0.blocksBuffers = [.init(BlockReportReader.buffer(of: sorted))]
                    }
                ]
            })
    }

    /// Lets seconds pass, with heartbeats of those that are up.
    func run(seconds: Int) throws {
        for _ in 0..<seconds {
            now.monotonicNanoseconds += .seconds(1)
            now.wallMilliseconds += 1_000
            if now.monotonicNanoseconds / .seconds(1) % 3 == 0 {
                for node in nodes where node.isUp { try beat(node) }
            }
            manager.tick(now)
        }
    }

    /// Adds a block, has it written to its targets and completes it.
    @discardableResult
    func write(
        size: Int = 1_000, replication: Int = 3, from host: String = "client", file: UInt64 = 16_386
    ) throws -> BlockInfo {
        let targets = manager.chooseTargets(count: replication, blockBytes: 1 << 20, clientHost: host)
        let block = Block(id: nextID, generationStamp: Block.firstGenerationStamp, size: 0)
        nextID += 1
        let info = manager.add(block: block, file: file, replication: replication, targets: targets)
        let written = Block(id: block.id, generationStamp: block.generationStamp, size: size)
        for target in targets { try receive(node(holding: target), written) }
        try manager.commit(info, as: written)
        manager.completeIfReplicated(info)
        return info
    }

    func holders(_ block: BlockInfo) -> [Node] { nodes.filter { $0.replicas[block.id] != nil } }

    func rack(_ node: Node) -> String { manager.registry.node(uuid: node.id.datanodeUuid)!.rack }
}

/// Makes names and racks of a cluster: `h0` … spread over so many racks.
func racked(_ hosts: Int, over racks: Int) -> (names: [String], racks: [String: String]) {
    let names = (0..<hosts).map { "h\($0)" }
    return (names, Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, "/rack\($0 % racks)") }))
}

extension WireDatanodeRegistration {
    /// What a DataNode says of itself that is a table in a test.
    static func ofTable(_ id: WireDatanodeID, in namespace: NamespaceIdentity) -> WireDatanodeRegistration {
        .with {
            $0.datanodeID = id
            $0.storageInfo = namespace.storageInfo
            $0.keys = .with {
                $0.isBlockTokenEnabled = false
                $0.keyUpdateInterval = 0
                $0.tokenLifeTime = 0
                $0.currentKey = .with {
                    $0.keyID = 0
                    $0.expiryDate = 0
                }
            }
            $0.softwareVersion = "3.4.1"
        }
    }
}
