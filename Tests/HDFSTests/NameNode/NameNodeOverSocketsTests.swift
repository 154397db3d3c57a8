import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import NIOPosix
import SwiftProtobuf
import Synchronization
import Testing

@testable import HoneyHDFS

/// A client that sends calls as told and keeps the replies.
private final class Caller: Machine {
    var replies: [Int32: RPCReply.Outcome] = [:]
    private var connection: Connection?
    var whenAllCame: (() -> Void)?
    var awaited = 0

    func begin(_ calls: [RPCCall], at address: NetworkAddress, _ effects: Effects<HDFSMessage>) {
        let connection = effects.connect(to: address, over: .rpc)
        self.connection = connection
        for call in calls { effects.send(.call(call), on: connection) }
        awaited = calls.count
    }

    func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        switch event {
        case .received(_, .reply(let reply)): replies[reply.number] = reply.outcome
        case .closed: awaited = replies.count
        case .stopping: effects.stop()
        default: break
        }
        if replies.count == awaited, let done = whenAllCame {
            whenAllCame = nil
            done()
        }
    }
}

@Suite(.serialized) struct NameNodeOverSocketsTests {
    /// Runs a NameNode in a folder, asks it `calls`, and ends it; in order, or at once.
    private func ask(
        _ calls: [RPCCall], in folder: String, at address: NetworkAddress, kills: Bool = false
    ) throws -> [Int32: RPCReply.Outcome] {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        defer { try? group.syncShutdownGracefully() }
        let server = MachineHost<NameNode>(on: group.next(), wires: [RPCWire()]) { _, _ in }
        let addresses = try server.start(listening: [(address, .rpc)]) { _ in
            NameNode(
                configuration: NameNodeConfiguration(), disks: [try RealDisk(directory: folder)],
                random: SeededRandom(seed: 1))
        }.wait()
        let client = MachineHost<Caller>(on: group.next(), wires: [RPCWire()]) { _, _ in }
        _ = try client.start { _ in Caller() }.wait()
        let done = DispatchSemaphore(value: 0)
        let replies = Mutex<[Int32: RPCReply.Outcome]>([:])
        client.perform { caller, _, effects in
            caller.whenAllCame = { [unowned caller] in
                replies.withLock { $0 = caller.replies }
                done.signal()
            }
            caller.begin(calls, at: addresses[0], effects)
        }
        #expect(done.wait(timeout: .now() + 30) == .success)
        if kills { server.kill() } else { server.requestStop() }
        let end = try server.ended.wait()
        #expect(end == (kills ? .failed("killed") : .stopped))
        client.requestStop()
        _ = try client.ended.wait()
        return replies.withLock { $0 }
    }

    private func call(_ number: Int32, _ method: String, _ request: some Message) throws -> RPCCall {
        RPCCall(
            client: RPCClientID(high: 5, low: 6), number: number, retry: 0, user: "hdfs", protocolName: .client,
            method: method, body: ByteBuffer(bytes: try request.serializedBytes() as [UInt8]))
    }

    @Test(arguments: [false, true]) func whatWasAnsweredIsThereAfterTheNextStart(overTCP: Bool) throws {
        let folder = NSTemporaryDirectory() + "/honey-nn-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let address: NetworkAddress =
            overTCP ? .tcp(host: "127.0.0.1", port: 0) : .local(path: folder.appending(".socket"))
        let count: Int32 = 300
        let made = try (0..<count).map { number in
            try call(
                number, "mkdirs",
                WireMkdirsRequest.with {
                    $0.src = "/d\(number)"
                    $0.masked = .with { $0.perm = 0o755 }
                    $0.createParent = true
                })
        }
        let answers = try ask(made, in: folder, at: address, kills: true)
        #expect(answers.count == Int(count))
        let looked = try (0..<count).map { number in
            try call(number, "getFileInfo", WireGetFileInfoRequest.with { $0.src = "/d\(number)" })
        }
        for (number, outcome) in try ask(looked, in: folder, at: address) {
            guard case .success(let body) = outcome else {
                Issue.record("/d\(number): \(outcome)")
                continue
            }
            let response = try WireGetFileInfoResponse(serializedBytes: Array(body.readableBytesView))
            #expect(response.hasFs && response.fs.fileType == .isDir, "/d\(number)")
        }
    }
}
