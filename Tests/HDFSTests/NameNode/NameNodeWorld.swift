import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

@testable import HoneyHDFS

/// A NameNode on a disk in memory, asked by calls, whose syncs a test finishes.
final class NameNodeWorld {
    let disks: [VolatileDisk]
    var disk: VolatileDisk { disks[0] }
    let configuration: NameNodeConfiguration
    private(set) var node: NameNode
    private(set) var effects = Effects<HDFSMessage>()
    var now = Moment(monotonicNanoseconds: 1, wallMilliseconds: 1_700_000_000_000)
    private(set) var warnings: [String] = []
    private(set) var closed: [Connection] = []
    private var timer: HoneyWorld.Timer?
    var groups: [String: [String]] = [:]
    private var replies: [Int32: RPCReply] = [:]
    private var syncs: [(SyncToken, [SyncTarget])] = []
    private var nextNumber: Int32 = 0
    private(set) var failure: String?
    private var connection: Connection
    static let client = RPCClientID(high: 1, low: 2)

    init(disks count: Int = 1, wall: Int? = nil, _ configure: (inout NameNodeConfiguration) -> Void = { _ in }) {
        disks = (0..<count).map { VolatileDisk("name\($0)") }
        var configuration = NameNodeConfiguration()
        configuration.superuser = "hdfs"
        configure(&configuration)
        self.configuration = configuration
        if let wall { now.wallMilliseconds = wall }
        node = NameNode(configuration: configuration, disks: disks, random: SeededRandom(seed: 3))
        connection = effects.makeConnection()
        begin()
    }

    private func begin() {
        node = NameNode(configuration: configuration, disks: disks, random: SeededRandom(seed: 3)) {
            [unowned self] user in
            groups[user] ?? []
        }
        connection = effects.makeConnection()
        deliver(.started)
        deliver(.accepted(connection, wire: .rpc, from: .tcp(host: "10.0.0.9", port: 5)))
        finishSyncs()
    }

    /// Lets seconds pass with the NameNode's timer, a second at a time or faster.
    func pass(seconds: Int, step: Int = 1) {
        for _ in 0..<(seconds / step) {
            now.monotonicNanoseconds += .seconds(step)
            now.wallMilliseconds += 1000 * step
            if let timer { deliver(.timer(timer)) }
            finishSyncs()
        }
    }

    /// Ends the process at once and starts another one on what the disk kept.
    func crash(torn: String? = nil, kept: Int = 0) {
        for disk in disks { disk.crash(torn: torn, kept: kept) }
        restart()
    }

    func restart() {
        effects = Effects()
        syncs = []
        replies = [:]
        failure = nil
        begin()
    }

    func deliver(_ event: Event<HDFSMessage>) {
        now.monotonicNanoseconds += 1_000_000
        now.wallMilliseconds += 1
        node.handle(event, at: now, effects)
        for effect in effects.take() {
            switch effect {
            case .send(_, .reply(let reply)): replies[reply.number] = reply
            case .sync(let token, let targets): syncs.append((token, targets))
            case .setTimer(let timer, afterNanoseconds: _): self.timer = timer
            case .log(let level, let message): if level >= .warning { warnings.append(message) }
            case .close(let connection): closed.append(connection)
            case .stop(let reason): failure = reason ?? failure
            default: break
            }
        }
    }

    /// Makes everything durable that was asked for.
    func finishSyncs() {
        while !syncs.isEmpty {
            let (token, targets) = syncs.removeFirst()
            var failure: DiskError?
            for target in targets {
                do throws(DiskError) {
                    switch target {
                    case .file(let file): try file.synchronize()
                    case .directory(let disk, let path): try disk.synchronize(path)
                    }
                } catch { failure = error }
            }
            deliver(.synced(token, failure: failure))
        }
    }

    /// Sends a call without waiting for syncs; returns its number.
    @discardableResult
    func send(
        _ method: String, _ request: some Message, user: String = "hdfs", number: Int32? = nil,
        to name: RPCProtocol = .client, realUser: String? = nil
    ) -> Int32 {
        let number = number ?? nextNumber
        nextNumber = max(nextNumber, number + 1)
        let body = ByteBuffer(bytes: try! request.serializedBytes() as [UInt8])
        deliver(
            .received(
                connection,
                .call(
                    RPCCall(
                        client: NameNodeWorld.client, number: number, retry: 0, user: user, realUser: realUser,
                        protocolName: name, method: method, body: body))))
        return number
    }

    /// The reply to a call, if there is one yet.
    func reply(_ number: Int32) -> RPCReply.Outcome? { replies[number]?.outcome }

    func ask<Response: Message>(
        _ method: String, _ request: some Message, user: String = "hdfs", to name: RPCProtocol = .client,
        realUser: String? = nil, as type: Response.Type = Response.self
    ) throws -> Response {
        let number = send(method, request, user: user, to: name, realUser: realUser)
        finishSyncs()
        switch reply(number) {
        case .success(let body): return try Response(serializedBytes: Array(body.readableBytesView))
        case .failure(let exception): throw exception
        case nil: throw RemoteException.inputOutput("no reply to \(method); \(failure ?? "no failure")")
        }
    }

    /// Has a DataNode with an empty storage register.
    func addDataNode(_ host: String) throws {
        let blocks = node.blockManager!
        let registration = WireDatanodeRegistration.with {
            $0.datanodeID = .with {
                $0.ipAddr = host
                $0.hostName = host
                $0.datanodeUuid = "uuid-" + host
                $0.xferPort = 9866
                $0.infoPort = 9864
                $0.ipcPort = 9867
            }
            $0.storageInfo = blocks.identity.storageInfo
        }
        _ = try blocks.register(registration)
        let storage = WireDatanodeStorage.with { $0.storageUuid = "DS-" + host }
        _ = try blocks.takeHeartbeat(
            .with {
                $0.registration = registration
                $0.reports = [
                    .with {
                        $0.storageUuid = storage.storageUuid
                        $0.storage = storage
                        $0.capacity = 1 << 40
                        $0.remaining = 1 << 40
                    }
                ]
            })
        try blocks.takeFullReport(
            .with {
                $0.registration = registration
                $0.reports = [.with { $0.storage = storage }]
            })
        blocks.safeMode.leave()
    }

    // MARK: What clients do

    func makeDirectory(_ path: String, user: String = "hdfs") throws {
        let response: WireMkdirsResponse = try ask(
            "mkdirs",
            WireMkdirsRequest.with {
                $0.src = path
                $0.masked = .with { $0.perm = 0o755 }
                $0.createParent = true
            }, user: user)
        precondition(response.result)
    }

    static func creation(_ path: String, overwrite: Bool = false) -> WireCreateRequest {
        .with {
            $0.src = path
            $0.masked = .with { $0.perm = 0o644 }
            $0.clientName = "writer"
            $0.createFlag = overwrite ? 3 : 1
            $0.createParent = true
            $0.replication = 1
            $0.blockSize = 1 << 20
        }
    }

    /// Makes an empty file.
    func touch(_ path: String, overwrite: Bool = false, user: String = "hdfs") throws {
        let made: WireCreateResponse = try ask(
            "create", NameNodeWorld.creation(path, overwrite: overwrite), user: user)
        let done: WireCompleteResponse = try ask(
            "complete",
            WireCompleteRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.fileID = made.fs.fileID
            }, user: user)
        precondition(done.result)
    }

    func delete(_ path: String, user: String = "hdfs") throws -> Bool {
        let response: WireDeleteResponse = try ask(
            "delete",
            WireDeleteRequest.with {
                $0.src = path
                $0.recursive = true
            }, user: user)
        return response.result
    }

    func rename(_ source: String, to target: String) throws -> Bool {
        let response: WireRenameResponse = try ask(
            "rename",
            WireRenameRequest.with {
                $0.src = source
                $0.dst = target
            })
        return response.result
    }

    func status(_ path: String) throws -> WireHdfsFileStatus? {
        let response: WireGetFileInfoResponse = try ask("getFileInfo", WireGetFileInfoRequest.with { $0.src = path })
        return response.hasFs ? response.fs : nil
    }

    /// Every path, directories with a slash at the end, in order.
    func tree(_ path: String = "/") throws -> [String] {
        let response: WireGetListingResponse = try ask(
            "getListing",
            WireGetListingRequest.with {
                $0.src = path
                $0.startAfter = Data()
                $0.needLocation = false
            })
        return try response.dirList.partialListing.flatMap { entry in
            let inside = (path == "/" ? "" : path) + "/" + String(decoding: entry.path, as: UTF8.self)
            return entry.fileType == .isDir ? [inside + "/"] + (try tree(inside)) : [inside]
        }
    }
}
