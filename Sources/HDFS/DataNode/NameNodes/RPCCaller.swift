import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Calls one protocol of one server for a DataNode.
final class RPCCaller {
    private let channel: CallChannel
    private let protocolName: RPCProtocol
    private var lastNumber: Int32 = -1

    init(_ address: NetworkAddress, _ protocolName: RPCProtocol, of node: DataNode) {
        self.protocolName = protocolName
        // Its connections last as long as whoever calls: heartbeats need neither pings nor new ones.
        let settings = CallSettings(
            client: node.clientID, user: node.configuration.user, callTimeout: node.configuration.socketTimeout,
            pingInterval: .max, idleTime: .max)
        channel = CallChannel(to: address, settings, on: node.board)
    }

    var address: NetworkAddress { channel.address }

    /// Asks; `done` is called once.
    func call<Request: Message, Response: Message>(
        _ method: String, _ request: Request, _ type: Response.Type = Response.self,
        _ done: @escaping (Result<Response, CallFailure>) -> Void
    ) {
        let body: ByteBuffer
        do {
            body = try request.wireBytes()
        } catch {
            return done(.failure(.lost("request cannot be written: \(error)")))
        }
        lastNumber = lastNumber == .max ? 0 : lastNumber + 1
        channel.send(
            PendingCall(number: lastNumber, protocolName: protocolName, method: method, body: body) { outcome in
                do {
                    done(.success(try Response(wire: try outcome.get())))
                } catch {
                    done(.failure(CallFailure(error)))
                }
            })
    }

    /// Ends the connection; whoever waits is told.
    func close() { channel.close() }
}

/// Why a call has no answer.
enum CallFailure: Error, CustomStringConvertible {
    case remote(RemoteException)
    /// The connection ended or was never made.
    case lost(String)

    fileprivate init(_ error: any Error) {
        switch error {
        case let exception as RemoteException: self = .remote(exception)
        case let lost as LostConnection: self = .lost(lost.honeyError.message)
        default: self = .lost("\(error)")
        }
    }

    var description: String {
        switch self {
        case .remote(let exception): exception.description
        case .lost(let reason): reason
        }
    }
}
