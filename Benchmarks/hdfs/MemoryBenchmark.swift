import Foundation
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// The memory of a NameNode with so many files of one block each, after a start and the DataNodes' reports.
enum MemoryBenchmark {
    /// Makes the files, then starts a process that reads and reports them.
    static func run(folder: String, files: Int) throws {
        do {
            let caller = try DirectCaller(folder)
            try caller.startDatanode(blocks: [])
            var blocks: [Block] = []
            for index in 0..<files {
                try blocks.append(caller.write("/data/part\(index / 1000)/file-\(index)"))
                if blocks.count == 1000 { try caller.complete(&blocks) }
            }
            try caller.complete(&blocks)
            let _: WireSetSafeModeResponse = try caller.ask(
                "setSafeMode", WireSetSafeModeRequest.with { $0.action = .safemodeEnter })
            let _: WireSaveNamespaceResponse = try caller.ask("saveNamespace", WireSaveNamespaceRequest())
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--start", folder]
        try process.run()
        process.waitUntilExit()
    }

    /// Starts a NameNode on what is there, has all blocks reported, and tells what it takes.
    static func start(folder: String) throws {
        let begin = Moment.now().monotonicNanoseconds
        let caller = try DirectCaller(folder)
        let read = Double(Moment.now().monotonicNanoseconds - begin) / 1e9
        let blocks = caller.node.blockManager?.blockCount ?? 0
        try caller.startDatanode(
            blocks: (0..<blocks).map {
                Block(
                    id: Block.firstID + 1 + UInt64($0), generationStamp: Block.firstGenerationStamp + UInt64($0),
                    size: 1000)
            })
        let kilobytes = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix("VmRSS:") }?.split(separator: " ").compactMap { Int($0) }.first
        report(
            "\(caller.node.namespace?.inodeCount ?? 0) files and directories, \(blocks) blocks: "
                + "\((kilobytes ?? 0) / 1000) MB (wanted: 1000), read in \(Int(read * 1000)) ms")
    }
}

/// A NameNode called without a network, whose syncs are done at once and in memory only.
private final class DirectCaller {
    let node: NameNode
    private let effects = Effects<HDFSMessage>()
    private let connection: Connection
    private var outcome: RPCReply.Outcome?
    private var files: [(path: String, id: UInt64, block: Block)] = []

    init(_ folder: String) throws {
        node = NameNode(
            configuration: NameNodeConfiguration(), disks: [try RealDisk(directory: folder)],
            random: SeededRandom(seed: 1))
        connection = effects.makeConnection()
        deliver(.started)
    }

    private func deliver(_ event: Event<HDFSMessage>) {
        node.handle(event, at: .now(), effects)
        for effect in effects.take() {
            switch effect {
            case .sync(let token, _): deliver(.synced(token, failure: nil))
            case .send(_, .reply(let reply)): outcome = reply.outcome
            case .stop(let reason): report("the NameNode ended: \(reason ?? "")")
            default: break
            }
        }
    }

    func ask<Response: Message>(
        _ method: String, _ request: some Message, of name: RPCProtocol = .client
    ) throws -> Response {
        outcome = nil
        let body = ByteBuffer(bytes: try request.serializedBytes() as [UInt8])
        // A client without a name, whose answers are not kept.
        deliver(
            .received(
                connection,
                .call(
                    RPCCall(
                        client: RPCClientID(high: 0, low: 0), number: 0, retry: 0, user: "hdfs", protocolName: name,
                        method: method, body: body))))
        switch outcome {
        case .success(let body): return try Response(serializedBytes: Array(body.readableBytesView))
        case .failure(let exception): throw exception
        case nil: throw RemoteException.inputOutput("no reply to \(method)")
        }
    }

    // MARK: A DataNode

    private var registration: WireDatanodeRegistration {
        .with {
            $0.datanodeID = .with {
                $0.ipAddr = "10.0.0.1"
                $0.hostName = "one"
                $0.datanodeUuid = "uuid-1"
                $0.xferPort = 9866
                $0.infoPort = 9864
                $0.ipcPort = 9867
            }
            $0.storageInfo = node.blockManager!.identity.storageInfo
            $0.keys = .with {
                $0.isBlockTokenEnabled = false
                $0.keyUpdateInterval = 0
                $0.tokenLifeTime = 0
                $0.currentKey.keyID = 0
                $0.currentKey.expiryDate = 0
            }
            $0.softwareVersion = "3.4.1"
        }
    }

    func startDatanode(blocks: [Block]) throws {
        let storage = WireDatanodeStorage.with { $0.storageUuid = "DS-1" }
        let _: WireRegisterDatanodeResponse = try ask(
            "registerDatanode", WireRegisterDatanodeRequest.with { $0.registration = registration }, of: .datanode)
        let _: WireHeartbeatResponse = try ask(
            "sendHeartbeat",
            WireHeartbeatRequest.with {
                $0.registration = registration
                $0.reports = [
                    .with {
                        $0.storageUuid = "DS-1"
                        $0.capacity = 1 << 46
                        $0.remaining = 1 << 46
                        $0.storage = storage
                    }
                ]
            }, of: .datanode)
        let _: WireBlockReportResponse = try ask(
            "blockReport",
            WireBlockReportRequest.with {
                $0.registration = registration
                $0.blockPoolID = node.blockManager!.pool
                $0.reports = [
                    .with {
                        $0.storage = storage
                        $0.numberOfBlocks = UInt64(blocks.count)
                        $0.blocksBuffers = [Data(BlockReportReader.buffer(of: blocks.map { ($0, .finalized) }))]
                    }
                ]
            }, of: .datanode)
    }

    // MARK: A client

    /// Makes a file with a block.
    func write(_ path: String) throws -> Block {
        let made: WireCreateResponse = try ask(
            "create",
            WireCreateRequest.with {
                $0.src = path
                $0.masked.perm = 0o644
                $0.clientName = "writer"
                $0.createFlag = 1
                $0.createParent = true
                $0.replication = 1
                $0.blockSize = 1 << 20
            })
        let added: WireAddBlockResponse = try ask(
            "addBlock",
            WireAddBlockRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.fileID = made.fs.fileID
            })
        var block = Block(added.block.b)
        block.size = 1000
        files.append((path, made.fs.fileID, block))
        return block
    }

    /// Reports these blocks and closes their files.
    func complete(_ blocks: inout [Block]) throws {
        let _: WireBlockReceivedAndDeletedResponse = try ask(
            "blockReceivedAndDeleted",
            WireBlockReceivedAndDeletedRequest.with {
                $0.registration = registration
                $0.blockPoolID = node.blockManager!.pool
                $0.blocks = [
                    .with {
                        $0.storageUuid = "DS-1"
                        $0.blocks = blocks.map { block in
                            .with {
                                $0.block = block.message
                                $0.status = .received
                            }
                        }
                    }
                ]
            }, of: .datanode)
        for (path, id, block) in files {
            let _: WireCompleteResponse = try ask(
                "complete",
                WireCompleteRequest.with {
                    $0.src = path
                    $0.clientName = "writer"
                    $0.fileID = id
                    $0.last = block.extended(pool: node.blockManager!.pool)
                })
        }
        files = []
        blocks = []
    }
}
