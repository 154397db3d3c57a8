import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import HoneyHDFSService

struct HTTPExchangeTests {
    /// Answers whatever comes, and closes.
    private final class HastyServer: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }
    }

    @Test func readsAnAnswerThatCameBeforeItWasWaitedFor() async throws {
        let server = try await ServerBootstrap(group: ServiceWorld.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(HastyServer()) }
            }.bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await ServiceWorld.blocking {
            for _ in 0..<5 {
                let exchange = try HTTPExchange(
                    .GET, HTTPExchange.Place(host: "127.0.0.1", port: port, target: "/"), on: ServiceWorld.group)
                // Time for the other side to close, which must not matter.
                try await Task.sleep(for: .milliseconds(20))
                #expect(try exchange.finish().status == .ok)
                #expect(try String(buffer: exchange.readAll()) == "ok")
            }
        }
        try await server.close()
    }
}
