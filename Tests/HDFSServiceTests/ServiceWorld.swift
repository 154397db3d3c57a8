import Foundation
import HoneyCore
import HoneyWorld
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import HoneyHDFSService

/// A cluster on loopback that the tests of this target share; its folder goes with the process.
enum ServiceWorld {
    static let folder = NSTemporaryDirectory() + "honey-service-\(UUID().uuidString)"
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    private static let running = Task.detached {
        var options = Cluster.Options(directory: folder)
        options.dataNodes = 3
        options.port = 0
        options.httpPort = 0
        let settings = ["dfs.blocksize=1048576", "dfs.heartbeat.interval=1", "dfs.client.retry.window.base=10"]
        let cluster = try await Cluster.start(
            try HadoopConfiguration(paths: [], settings: settings, environment: [:]), options, on: group
        ) { .daemon($0, level: .error) }
        try await cluster.waitUntilReady(seconds: 60)
        removeAtExit()
        return cluster
    }

    static func cluster() async throws -> Cluster { try await running.value }

    private static func removeAtExit() {
        atexit { try? FileManager.default.removeItem(atPath: ServiceWorld.folder) }
    }

    /// Calls that block a thread run here, not on the few threads on which the server answers.
    static func blocking<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try await body() }
    }

    /// What a server answered.
    struct Answer: Sendable {
        var status: UInt
        var headers: HTTPHeaders
        var body: ByteBuffer

        var text: String { String(buffer: body) }
        var json: JSONValue { (try? JSONValue(document: body)) ?? .null }
    }

    /// Sends one request to a port of this machine; a body is sent as it is.
    static func send(
        _ method: HTTPMethod, _ address: NetworkAddress, _ target: String, body: [UInt8]? = nil
    ) async throws -> Answer {
        guard case .tcp(let host, let port) = address else { throw HoneyError.unexpected("no such place") }
        return try await send(method, HTTPExchange.Place(host: host, port: port, target: target), body: body)
    }

    static func send(
        _ method: HTTPMethod, _ place: HTTPExchange.Place, body: [UInt8]? = nil
    ) async throws -> Answer {
        try await blocking {
            let exchange = try HTTPExchange(
                method, place, body: body.map { .sized($0.count) } ?? .none, on: group)
            if let body { try exchange.write(ByteBuffer(bytes: body)) }
            let head = try exchange.finish()
            return Answer(status: head.status.code, headers: head.headers, body: try exchange.readAll())
        }
    }

    /// Sends a request of WebHDFS to the NameNode as its superuser, or as another.
    static func webHDFS(
        _ method: HTTPMethod, _ path: String, _ query: String, user: String = SystemUsers.currentName,
        body: [UInt8]? = nil
    ) async throws -> Answer {
        try await send(
            method, try await cluster().nameNode.httpAddress, "/webhdfs/v1\(path)?user.name=\(user)&op=\(query)",
            body: body)
    }

    /// Goes where a redirect leads, with a body.
    static func follow(_ method: HTTPMethod, _ answer: Answer, body: [UInt8]? = nil) async throws -> Answer {
        try await send(method, try place(of: answer), body: body)
    }

    /// Where a redirect leads.
    static func place(of answer: Answer) throws -> HTTPExchange.Place {
        let url = answer.headers.first(name: "Location") ?? answer.json["Location"]?.text ?? ""
        let rest = url.dropFirst("http://".count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let parts = rest[..<slash].split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { throw HoneyError.unexpected("no redirect: \(url)") }
        return HTTPExchange.Place(host: String(parts[0]), port: port, target: String(rest[slash...]))
    }

    /// Runs an administrator's command against a cluster; tells exit code, what it printed and what it complained about.
    static func administer(
        _ cluster: Cluster, _ command: (AdministrationContext) async throws -> Int32
    ) async throws -> (code: Int32, said: String, complaints: String) {
        let configuration = try HadoopConfiguration(paths: [cluster.configurationDirectory])
        let (said, complaints) = (Lines(), Lines())
        let context = AdministrationContext(
            configuration, on: group.next(), say: { said.add($0) }, complain: { complaints.add($0) })
        let code = try await command(context)
        await context.finish()
        return (code, said.text, complaints.text)
    }

    /// Asks again until something is so; false when it is not within half a minute.
    static func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<300 {
            if try await isSo() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }
}

/// Threads that may wait. Dispatch would count them among its own, and start others for the server a second later only.
private final class BlockingExecutor: TaskExecutor {
    static let shared = BlockingExecutor()
    private let threads = NIOThreadPool(numberOfThreads: 32)

    private init() { threads.start() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Lines that commands print.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
}
