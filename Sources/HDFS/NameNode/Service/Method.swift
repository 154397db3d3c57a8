import HoneyHDFSMessages
import NIOCore
import SwiftProtobuf

/// One method of a protocol: what it needs and what answers it.
struct Method: Sendable {
    let need: Need
    let answer: @Sendable (NameNode, ByteBuffer, Caller) throws -> ByteBuffer

    enum Need: Sendable {
        /// Anything may be asked of any NameNode.
        case nothing
        /// The name space is read: an active NameNode.
        case reading
        /// The name space changes: an active NameNode that is not in safe mode.
        case writing
        /// So too, and a call that comes again is answered as the first time.
        case writingOnce
        /// The user is a superuser.
        case superuser
        /// So too, and the log is written or read: an active NameNode.
        case journal
    }

    /// Makes a method of a function from its request to its response message.
    ///
    /// `says` tells what could not be done in safe mode, such as `create file /a`.
    static func make<Request: Message, Response: Message>(
        _ need: Need, says: @escaping @Sendable (Request) -> String = { _ in "change the name space" },
        _ body: @escaping @Sendable (NameNode) -> (Request, Caller) throws(RemoteException) -> Response
    ) -> Method {
        Method(need: need) { node, bytes, caller in
            let request = try Request(request: bytes)
            switch need {
            case .writing, .writingOnce: try node.requireLeftSafeMode { says(request) }
            case .superuser, .journal: try node.requireSuperuser(caller)
            case .nothing, .reading: break
            }
            return try body(node)(request, caller).response()
        }
    }
}
