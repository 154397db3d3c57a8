import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Calls one protocol of one server, over a connection that is made when there is something to ask.
final class RPCCaller: ConnectionOwner {
    let address: NetworkAddress
    private let protocolName: RPCProtocol
    private let user: String
    private let client: RPCClientID
    private let timeout: Int
    private let board: Switchboard
    private var connection: Connection?
    private var lastNumber: Int32 = -1
    private var waiting: [Int32: (Result<ByteBuffer, CallFailure>) -> Void] = [:]
    private var order: [Int32] = []
    private var deadline: Timer?

    /// `timeout` is nanoseconds without any reply after which the connection is given up.
    init(
        _ address: NetworkAddress, _ protocolName: RPCProtocol, user: String, client: RPCClientID, timeout: Int,
        board: Switchboard
    ) {
        self.address = address
        self.protocolName = protocolName
        self.user = user
        self.client = client
        self.timeout = timeout
        self.board = board
    }

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
        let connection = self.connection ?? board.connect(to: address, over: .rpc, for: self)
        self.connection = connection
        lastNumber = lastNumber == .max ? 0 : lastNumber + 1
        let number = lastNumber
        waiting[number] = { outcome in
            done(
                outcome.flatMap { body in
                    do {
                        return .success(try Response(wire: body))
                    } catch {
                        return .failure(.lost("\(error)"))
                    }
                })
        }
        order.append(number)
        board.effects.send(
            .call(
                RPCCall(
                    client: client, number: number, retry: 0, user: user, protocolName: protocolName, method: method,
                    body: body)), on: connection)
        if deadline == nil { startDeadline() }
    }

    private func startDeadline() {
        deadline = board.after(timeout) { [weak self] in
            guard let self else { return }
            deadline = nil
            if let connection { board.close(connection) }
            fail("no reply in \(timeout / .seconds(1)) s")
        }
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        guard case .reply(let reply) = message, let done = waiting.removeValue(forKey: reply.number) else { return }
        order.removeAll { $0 == reply.number }
        board.cancel(deadline)
        deadline = nil
        if !waiting.isEmpty { startDeadline() }
        switch reply.outcome {
        case .success(let body): done(.success(body))
        case .failure(let exception): done(.failure(.remote(exception)))
        }
    }

    func closed(_ connection: Connection, _ reason: CloseReason) { fail("\(reason)") }

    /// Ends the connection; whoever waits is told.
    func close() {
        if let connection { board.close(connection) }
        fail("the caller ended it")
    }

    private func fail(_ reason: String) {
        connection = nil
        board.cancel(deadline)
        deadline = nil
        let failed = order.compactMap { waiting.removeValue(forKey: $0) }
        order = []
        for done in failed { done(.failure(.lost("\(address): \(reason)"))) }
    }
}

/// Why a call has no answer.
enum CallFailure: Error, CustomStringConvertible {
    case remote(RemoteException)
    /// The connection ended or was never made.
    case lost(String)

    var description: String {
        switch self {
        case .remote(let exception): exception.description
        case .lost(let reason): reason
        }
    }
}
