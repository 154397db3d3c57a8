package import HoneyHDFS
import HoneyHDFSMessages
package import HoneyWorld
package import NIOCore
package import SwiftProtobuf
import Synchronization

/// Calls the active one of a name service's NameNodes.
package final class NameNodeCalls: Sendable {
    package let addresses: [NetworkAddress]
    package let calls: RPCCalls
    /// The one that answered last.
    private let preferred = Atomic<Int>(0)

    /// `addresses` must not be empty.
    package init(_ addresses: [NetworkAddress], _ calls: RPCCalls) {
        precondition(!addresses.isEmpty, "a name service has NameNodes")
        self.addresses = addresses
        self.calls = calls
    }

    /// Calls a method of `ClientProtocol`, or of another one; a standby or a NameNode out of reach is passed over.
    package func call<Response: Message>(
        _ method: String, _ request: some Message, user: String, protocolName: RPCProtocol = .client,
        as type: Response.Type = Response.self
    ) -> EventLoopFuture<Response> {
        attempt(method, request, user, protocolName, left: addresses.count)
    }

    private func attempt<Response: Message>(
        _ method: String, _ request: some Message, _ user: String, _ protocolName: RPCProtocol, left: Int
    ) -> EventLoopFuture<Response> {
        let index = preferred.load(ordering: .relaxed)
        let target = RPCCaller.Target(address: addresses[index], protocolName: protocolName, user: user)
        return calls.call(target, method, request, as: Response.self).flatMapError { [self] error in
            guard left > 1, Self.isElsewhere(error) else { return calls.eventLoop.makeFailedFuture(error) }
            _ = preferred.compareExchange(
                expected: index, desired: (index + 1) % addresses.count, ordering: .relaxed)
            return attempt(method, request, user, protocolName, left: left - 1)
        }
    }

    /// Tells whether another NameNode may know better; a call that may have been done is not tried again.
    private static func isElsewhere(_ error: any Error) -> Bool {
        switch error {
        case let error as RemoteException: error.className == RemoteException.standby("").className
        case let error as LostCall: error.reason == .refused
        default: false
        }
    }
}
