import Foundation
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import NIOPosix
import SwiftProtobuf

/// The calls a NameNode answers in a second over loopback, with its log synced in groups.
enum NameNodeBenchmark {
    static func run(folder: String) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        defer { try? group.syncShutdownGracefully() }
        let server = MachineHost<NameNode>(on: group.next(), wires: [RPCWire()]) { level, message in
            if level >= .warning { report("namenode: \(message)") }
        }
        let address = try server.start(listening: [(.tcp(host: "127.0.0.1", port: 0), .rpc)]) { _ in
            NameNode(
                configuration: NameNodeConfiguration(), disks: [try RealDisk(directory: folder)],
                random: SeededRandom(seed: 1))
        }.wait()[0]
        let directories = (0..<100).map { "/bench/d\($0)" }
        func run(_ title: String, _ count: Int, wanted: Int, _ make: @escaping @Sendable (Int) -> (String, ByteBuffer))
            throws
        {
            let client = MachineHost<LoadClient>(on: group.next(), wires: [RPCWire()]) { _, _ in }
            let seconds = try measure(client, address, count, make)
            report("\(title): \(Int(Double(count) / seconds)) a second (wanted: \(wanted))")
        }
        @Sendable func request(_ message: some Message) -> ByteBuffer {
            ByteBuffer(bytes: (try? message.serializedBytes() as [UInt8]) ?? [])
        }
        try run("create", 60_000, wanted: 5_000) { index in
            (
                "create",
                request(
                    WireCreateRequest.with {
                        $0.src = directories[index % 100] + "/file\(index)"
                        $0.masked.perm = 0o644
                        $0.clientName = "bench"
                        $0.createFlag = 1
                        $0.createParent = true
                        $0.replication = 3
                        $0.blockSize = 128 << 20
                    })
            )
        }
        try run("getFileInfo", 300_000, wanted: 20_000) { index in
            let file = index % 60_000
            return (
                "getFileInfo",
                request(WireGetFileInfoRequest.with { $0.src = directories[file % 100] + "/file\(file)" })
            )
        }
        server.requestStop()
        _ = try server.ended.wait()
    }

    private static func measure(
        _ host: MachineHost<LoadClient>, _ address: NetworkAddress, _ count: Int,
        _ make: @escaping @Sendable (Int) -> (String, ByteBuffer)
    ) throws -> Double {
        let start = Moment.now().monotonicNanoseconds
        _ = try host.start { _ in LoadClient(address, count: count, make) }.wait()
        let end = try host.ended.wait()
        guard end == .stopped else { throw RemoteException.inputOutput("\(end)") }
        return Double(Moment.now().monotonicNanoseconds - start) / 1e9
    }
}

/// Sends calls on several connections, some at a time on each, and ends when all are answered.
final class LoadClient: Machine {
    private static let connections = 16
    private static let window = 32

    private let address: NetworkAddress
    private let count: Int
    private let make: (Int) -> (String, ByteBuffer)
    private var clients: [Connection: UInt64] = [:]
    private var sent = 0
    private var answered = 0

    init(_ address: NetworkAddress, count: Int, _ make: @escaping (Int) -> (String, ByteBuffer)) {
        self.address = address
        self.count = count
        self.make = make
    }

    func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        switch event {
        case .started:
            for number in 0..<Self.connections {
                let connection = effects.connect(to: address, over: .rpc)
                clients[connection] = UInt64(count) << 8 | UInt64(number)
                for _ in 0..<Self.window { send(on: connection, effects) }
            }
        case .received(let connection, .reply(let reply)):
            if case .failure(let exception) = reply.outcome { return effects.fail(exception.description) }
            answered += 1
            if answered == count { return effects.stop() }
            send(on: connection, effects)
        case .closed(_, let reason): effects.fail("\(reason)")
        default: break
        }
    }

    private func send(on connection: Connection, _ effects: Effects<HDFSMessage>) {
        guard sent < count, let client = clients[connection] else { return }
        let (method, body) = make(sent)
        effects.send(
            .call(
                RPCCall(
                    client: RPCClientID(high: 1, low: client), number: Int32(sent), retry: 0, user: "hdfs",
                    protocolName: .client, method: method, body: body)), on: connection)
        sent += 1
    }
}
