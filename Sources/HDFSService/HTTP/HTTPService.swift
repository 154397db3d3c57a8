import HTTPTypes
import HoneyCore
package import HoneyWorld
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A port that speaks HTTP.
package final class HTTPService: Sendable {
    /// Where it listens, with the port the system chose.
    package let address: NetworkAddress
    private let task: Task<Void, any Error>
    private static let patience = Duration.seconds(2)

    /// Answers one request; `from` is the host it comes from.
    typealias Responder = @Sendable (_ request: Request, _ from: String) async -> Response

    /// Listens, and returns once it does.
    static func start(
        at address: NetworkAddress, on group: any EventLoopGroup, respond: @escaping Responder
    ) async throws -> HTTPService {
        guard case .tcp(let host, let port) = address else {
            throw HoneyError(.environment, "IO_ERROR", "HTTP is served over TCP only: \(address)")
        }
        let (bound, boundContinuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        var logger = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let server = try HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(120))).buildServer(
            configuration: ServerConfiguration(address: .hostname(host, port: port)), eventLoopGroup: group,
            logger: logger,
            responder: { request, writer, channel in
                if request.headers[.expect]?.lowercased() == "100-continue" {
                    try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                }
                var response = await respond(request, channel.remoteAddress?.ipAddress ?? "")
                response.headers[.cacheControl] = "no-cache"
                if request.method == .head { response = response.createHeadResponse() }
                try await writer.write(response: response.head, body: response.body)
            },
            onServerRunning: { channel in
                boundContinuation.yield(channel.localAddress?.port ?? port)
                boundContinuation.finish()
            })
        let task = Task {
            do {
                try await server.run()
            } catch {
                boundContinuation.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await chosen in bound {
                return HTTPService(address: .tcp(host: host, port: chosen), task: task)
            }
        } catch {
            throw HoneyError(.environment, "IO_ERROR", "cannot listen on \(address): \(error)")
        }
        throw HoneyError(.environment, "IO_ERROR", "cannot listen on \(address)")
    }

    private init(address: NetworkAddress, task: Task<Void, any Error>) {
        self.address = address
        self.task = task
    }

    /// The port it listens on.
    package var port: Int {
        if case .tcp(_, let port) = address { port } else { 0 }
    }

    /// Closes the port and its connections; an answer that waits for something else is waited for only a little.
    package func stop() async {
        task.cancel()
        let (waiting, ending) = AsyncStream<Void>.makeStream()
        Task { [task] in
            _ = try? await task.value
            ending.finish()
        }
        let limit = Task {
            try await Task.sleep(for: Self.patience)
            ending.finish()
        }
        for await _ in waiting {}
        limit.cancel()
    }
}
