import HoneyHDFS
import HoneyWorld
package import NIOCore
package import SwiftProtobuf

/// Calls over TCP from any thread; see `RPCCaller`.
package final class RPCCalls: Sendable {
    private let host: MachineHost<RPCCaller>

    /// Starts on an event loop; `stop` ends it.
    package init(on eventLoop: any EventLoop, timeout: Int = .seconds(60)) {
        host = MachineHost(on: eventLoop, wires: [RPCWire()]) { _, _ in }
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        _ = host.start { _ in RPCCaller(random: random, timeout: timeout) }
    }

    /// Calls a method; fails with `RemoteException`, or with `LostCall` when no answer came.
    package func call<Response: Message>(
        _ target: RPCCaller.Target, _ method: String, _ request: some Message, as type: Response.Type = Response.self
    ) -> EventLoopFuture<Response> {
        let promise = host.eventLoop.makePromise(of: Response.self)
        do {
            let body = ByteBuffer(bytes: try request.serializedBytes() as [UInt8])
            host.perform { caller, _, effects in
                caller.call(target, method, body, effects) { result in
                    promise.completeWith(
                        result.flatMap { body in
                            Result { try Response(serializedBytes: Array(body.readableBytesView)) }
                        })
                }
            }
        } catch {
            promise.fail(error)
        }
        return promise.futureResult
    }

    package var eventLoop: any EventLoop { host.eventLoop }

    /// Ends all calls and connections.
    package func stop() -> EventLoopFuture<Void> {
        host.requestStop()
        return host.ended.map { _ in }
    }
}
