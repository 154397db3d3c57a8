package import HoneyWorld
package import NIOCore

/// A machine that runs in this process with its ports.
package protocol Daemon: Sendable {
    /// Such as `NameNode`.
    var name: String { get }
    /// Succeeds when it has ended, by order or since it could not go on.
    var ended: EventLoopFuture<MachineEnd> { get }
    /// Ends it in order: what was asked is answered and durable before.
    func stop() async
}
