import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Calls to another NameNode: a connection for each protocol, made anew after it was lost, and each call's answer or failure told once.
final class NameNodePeer {
    typealias Answer<Response> = (Result<Response, RemoteException>) -> Void

    let address: NetworkAddress
    private let user: String
    private let client: RPCClientID
    /// Nanoseconds after which a call has failed.
    private let patience: Int
    private var connections: [RPCProtocol: Connection] = [:]
    private var calls: [Int32: Open] = [:]
    private var nextNumber: Int32 = 0

    private struct Open {
        var connection: Connection
        var timer: HoneyWorld.Timer
        var end: (RPCReply.Outcome) -> Void
    }

    init(to address: NetworkAddress, user: String, random: inout SeededRandom, patience: Int = .seconds(60)) {
        self.address = address
        self.user = user
        self.patience = patience
        client = RPCClientID(high: random.next(), low: random.next())
    }

    func call<Response: Message>(
        _ name: RPCProtocol, _ method: String, _ request: some Message, _ effects: Effects<HDFSMessage>,
        then answer: @escaping Answer<Response>
    ) {
        let body: ByteBuffer
        do { body = try request.wireBytes() } catch {
            return answer(.failure(.inputOutput("\(method) cannot be asked: \(error)")))
        }
        let connection = connections[name] ?? effects.connect(to: address, over: .rpc)
        connections[name] = connection
        let number = nextNumber
        nextNumber = nextNumber == .max ? 0 : nextNumber + 1
        calls[number] = Open(connection: connection, timer: effects.setTimer(after: patience)) { outcome in
            switch outcome {
            case .failure(let exception): answer(.failure(exception))
            case .success(let body):
                do throws(MalformedMessage) { answer(.success(try Response(wire: body))) } catch {
                    answer(.failure(.inputOutput("the reply to \(method) is malformed: \(error.reason)")))
                }
            }
        }
        effects.send(
            .call(
                RPCCall(
                    client: client, number: number, retry: 0, user: user, protocolName: name, method: method, body: body
                )), on: connection)
    }

    /// Takes an event that is about one of its connections or calls; false for any other.
    func take(_ event: Event<HDFSMessage>, _ effects: Effects<HDFSMessage>) -> Bool {
        switch event {
        case .received(let connection, .reply(let reply)):
            guard let open = calls[reply.number], open.connection == connection else { return false }
            calls[reply.number] = nil
            effects.cancel(open.timer)
            open.end(reply.outcome)
        case .connected(let connection): return connections.values.contains(connection)
        case .closed(let connection, let reason):
            guard connections.values.contains(connection) else { return false }
            lose(connection, "\(reason)", effects)
        case .timer(let timer):
            guard let open = calls.values.first(where: { $0.timer == timer }) else { return false }
            effects.close(open.connection)
            lose(open.connection, "no answer came in time", effects)
        default: return false
        }
        return true
    }

    private func lose(_ connection: Connection, _ reason: String, _ effects: Effects<HDFSMessage>) {
        connections = connections.filter { $0.value != connection }
        let lost = calls.filter { $0.value.connection == connection }.sorted { $0.key < $1.key }
        for (number, open) in lost {
            calls[number] = nil
            effects.cancel(open.timer)
        }
        let failure = RemoteException("java.net.ConnectException", "connection to \(address) was lost: \(reason)")
        for (_, open) in lost { open.end(.failure(failure)) }
    }

    /// Closes what is open; calls that wait are forgotten.
    func close(_ effects: Effects<HDFSMessage>) {
        for connection in connections.values.sorted(by: { $0.number < $1.number }) { effects.close(connection) }
        for open in calls.values { effects.cancel(open.timer) }
        connections = [:]
        calls = [:]
    }
}
