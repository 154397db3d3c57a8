import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// A connection of somebody who calls this DataNode: a client, an administrator or another DataNode.
final class CallConnection: ConnectionOwner {
    private let connection: Connection
    private unowned let node: DataNode

    init(_ connection: Connection, of node: DataNode) {
        self.connection = connection
        self.node = node
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        guard case .call(let call) = message else { return node.board.close(connection) }
        node.answer(call) { [self] outcome in
            node.board.effects.send(
                .reply(RPCReply(number: call.number, client: call.client, outcome: outcome)), on: connection)
        }
    }

    func closed(_ connection: Connection, _ reason: CloseReason) {}
}

extension DataNode {
    /// Answers a call, at once or later.
    func answer(_ call: RPCCall, _ reply: @escaping (RPCReply.Outcome) -> Void) {
        do {
            switch call.protocolName {
            case .clientDatanode: reply(.success(try answerClient(call)))
            case .interDatanode: try answerDataNode(call, reply)
            default:
                throw RemoteException.noSuchProtocol("Unknown protocol: \(call.protocolName.name)")
            }
        } catch let exception as RemoteException {
            reply(.failure(exception))
        } catch {
            reply(.failure(.inputOutput("\(error)")))
        }
    }

    func noSuchMethod(_ call: RPCCall) -> RemoteException {
        .noSuchMethod("Unknown method \(call.method) called on \(call.protocolName.name) protocol.")
    }
}
