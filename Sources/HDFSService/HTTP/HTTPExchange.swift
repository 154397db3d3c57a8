import Foundation
import HoneyCore
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer on a connection of their own; each call blocks the calling thread until it is done.
final class HTTPExchange: Sendable {
    /// Where a request goes.
    struct Place: Hashable, Sendable {
        var host: String
        var port: Int
        /// Path and query, encoded.
        var target: String

        /// `host:port` as headers write it.
        var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
    }

    /// What a request carries.
    enum Body: Hashable, Sendable {
        case none
        /// So many bytes follow by `write`.
        case sized(Int)
        /// Any number of bytes follows by `write`.
        case chunked
    }

    private let channel: any Channel
    /// How long a server may take nothing of what it is sent.
    private static let patience = TimeAmount.seconds(120)
    private let answer: HTTPAnswerQueue
    private let place: Place
    private let hasBody: Bool

    /// Connects and sends the head; a request without a body is whole with that. Fails with `UNREACHABLE`.
    init(_ method: HTTPMethod, _ place: Place, body: Body = .none, on group: any EventLoopGroup) throws {
        let answer = HTTPAnswerQueue()
        self.answer = answer
        self.place = place
        hasBody = body != .none
        do {
            channel = try ClientBootstrap(group: group).connectTimeout(.seconds(20))
                .channelOption(.autoRead, value: false).channelOption(.socketOption(.so_keepalive), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(HTTPAnswerHandler(answer))
                    }
                }.connect(host: place.host, port: place.port).wait()
        } catch {
            throw HTTPExchange.unreachable(place, error)
        }
        answer.attach(channel)
        var headers: HTTPHeaders = ["Host": place.authority, "Connection": "close", "Accept": "*/*"]
        switch body {
        case .none: if method == .PUT || method == .POST { headers.add(name: "Content-Length", value: "0") }
        case .sized(let count): headers.add(name: "Content-Length", value: String(count))
        case .chunked: headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        if body != .none { headers.add(name: "Content-Type", value: "application/octet-stream") }
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: place.target, headers: headers)
        if !hasBody { channel.write(HTTPClientRequestPart.head(head), promise: nil) }
        try send(hasBody ? .head(head) : .end(nil))
    }

    deinit { channel.close(promise: nil) }

    /// Sends a piece of the body.
    func write(_ bytes: ByteBuffer) throws { try send(.body(.byteBuffer(bytes))) }

    private func send(_ part: HTTPClientRequestPart) throws {
        let timeout = channel.eventLoop.scheduleTask(in: Self.patience) { [channel] in channel.close(promise: nil) }
        defer { timeout.cancel() }
        do {
            try channel.writeAndFlush(part).wait()
        } catch {
            throw HTTPExchange.unreachable(place, error)
        }
    }

    /// Ends the body and waits for the answer's head.
    func finish() throws -> HTTPResponseHead {
        // Whoever has the whole request may have answered and closed by now.
        if hasBody { try send(.end(nil)) }
        guard case .head(let head) = try next() else { throw malformed() }
        return head
    }

    /// Waits for the next piece of the answer's body; nil at its end.
    func read() throws -> ByteBuffer? {
        switch try next() {
        case .body(let bytes): return bytes
        case .end: return nil
        case .head: throw malformed()
        }
    }

    /// Reads the rest of the answer's body; fails with `FILE_TOO_LARGE` beyond `limit`.
    func readAll(limit: Int = 256 << 20) throws -> ByteBuffer {
        var all = ByteBuffer()
        while var piece = try read() {
            all.writeBuffer(&piece)
            guard all.readableBytes <= limit else {
                throw HoneyError(
                    .environment, "FILE_TOO_LARGE", "answer is longer than \(limit) bytes",
                    file: FilePosition("http://" + place.authority))
            }
        }
        return all
    }

    private func next() throws -> HTTPClientResponsePart {
        do { return try answer.next() } catch { throw HTTPExchange.unreachable(place, error) }
    }

    private func malformed() -> HoneyError {
        HoneyError(.environment, "IO_ERROR", "answer is not HTTP", file: FilePosition("http://" + place.authority))
    }

    private static func unreachable(_ place: Place, _ error: any Error) -> HoneyError {
        HoneyError(
            .environment, "UNREACHABLE", "no answer over HTTP: \(error)",
            file: FilePosition("http://" + place.authority))
    }
}

/// Pieces of an answer between the event loop and the thread that waits; more are read when the thread has taken what there is.
private final class HTTPAnswerQueue: @unchecked Sendable {
    // `condition` guards the rest.
    private let condition = NSCondition()
    private var parts = CircularBuffer<HTTPClientResponsePart>()
    private var failure: (any Error)?
    private var channel: (any Channel)?

    func attach(_ channel: any Channel) { condition.withLock { self.channel = channel } }

    func add(_ part: HTTPClientResponsePart) {
        condition.withLock {
            parts.append(part)
            condition.signal()
        }
    }

    func fail(_ error: any Error) {
        condition.withLock {
            if failure == nil { failure = error }
            condition.signal()
        }
    }

    func next() throws -> HTTPClientResponsePart {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let part = parts.popFirst() { return part }
            if let failure { throw failure }
            channel?.read()
            let isInTime = condition.wait(until: Date(timeIntervalSinceNow: 120))
            if !isInTime { throw ChannelError.connectTimeout(.seconds(120)) }
        }
    }
}

private final class HTTPAnswerHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPClientResponsePart

    private let queue: HTTPAnswerQueue

    init(_ queue: HTTPAnswerQueue) { self.queue = queue }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { queue.add(unwrapInboundIn(data)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        queue.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { queue.fail(ChannelError.eof) }
}
