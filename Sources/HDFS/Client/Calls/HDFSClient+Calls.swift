import HoneyCore
import HoneyHDFSMessages
package import HoneyWorld
import NIOCore
package import SwiftProtobuf

/// Whom a call is for.
package enum CallTarget: Hashable, Sendable {
    /// The active NameNode, whichever it is.
    case nameService
    /// A server by its address, tried once.
    case server(NetworkAddress, RPCProtocol)
}

extension HDFSClient {
    func nextCall() -> Int32 {
        lastCall = lastCall == .max ? 0 : lastCall + 1
        return lastCall
    }

    /// Calls a method; the completion hears the response, a `RemoteException` or a `HoneyError`.
    ///
    /// Calls to the name service go on through lost connections, standby NameNodes and restarts as long as the settings say, and
    /// are done once. Others are given up after `patience` nanoseconds, if it is told.
    package func call<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
        _ method: String, _ request: Request, to target: CallTarget = .nameService, as type: Response.Type,
        patience: Int? = nil, completion: @escaping (Result<Response, any Error>) -> Void
    ) {
        let body: ByteBuffer
        do {
            guard !hasEnded else { throw HDFSClient.ended }
            body = try request.wireBytes()
        } catch {
            return later { completion(.failure(error)) }
        }
        let decode = { (result: Result<ByteBuffer, any Error>) in
            completion(
                result.flatMap { body in
                    do {
                        return .success(try Response(wire: body))
                    } catch {
                        return .failure(
                            HoneyError(.environment, "IO_ERROR", "response to \(method) is damaged: \(error)"))
                    }
                })
        }
        switch target {
        case .nameService: nameService.call(.client, method, body, self, completion: decode)
        case .server(let address, let protocolName):
            let connection = otherCalls[target] ?? CallChannel(to: address, calling, on: board)
            otherCalls[target] = connection
            connection.send(
                PendingCall(
                    number: nextCall(), protocolName: protocolName, method: method, body: body, patience: patience
                ) { result in
                    decode(result.mapError { ($0 as? LostConnection)?.honeyError ?? $0 })
                })
        }
    }

    /// Calls a method of a DataNode, which must answer soon.
    func call<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
        _ method: String, _ request: Request, of node: WireDatanodeID, as type: Response.Type,
        completion: @escaping (Result<Response, any Error>) -> Void
    ) {
        call(
            method, request, to: .server(configuration.rpcAddress(node), .clientDatanode), as: type,
            patience: configuration.datanodeCallTimeout, completion: completion)
    }
}
