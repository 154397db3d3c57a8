import HoneyCore
import HoneyWorld
import NIOCore

/// A call of RPC that has not been answered.
final class PendingCall {
    let number: Int32
    let protocolName: RPCProtocol
    let method: String
    let body: ByteBuffer
    /// Hears the response, or a `RemoteException` or `LostConnection`.
    let completion: (Result<ByteBuffer, any Error>) -> Void
    /// How often it was sent before; servers know by it that a call comes again.
    var retry: Int32 = 0
    var sentAt = 0
    /// Nanoseconds after which it alone is given up; nil leaves that to the connection.
    let patience: Int?
    fileprivate var timer: Timer?

    init(
        number: Int32, protocolName: RPCProtocol, method: String, body: ByteBuffer, patience: Int? = nil,
        completion: @escaping (Result<ByteBuffer, any Error>) -> Void
    ) {
        self.number = number
        self.protocolName = protocolName
        self.method = method
        self.body = body
        self.patience = patience
        self.completion = completion
    }
}

/// Why a call has no answer: whether it was done nobody knows.
struct LostConnection: Error {
    var address: NetworkAddress
    var reason: CloseReason

    var honeyError: HoneyError {
        HoneyError(.environment, "IO_ERROR", "cannot call \(address): \(reason.text)")
    }
}

/// One connection of RPC, for one protocol; closes itself when nobody uses it.
final class CallChannel: ConnectionUser {
    private unowned let client: HDFSClient
    private let address: NetworkAddress
    private var connection: Connection?
    private var open: [Int32: PendingCall] = [:]
    private var timer: Timer?
    private var lastReceived = 0
    private var lastSent = 0

    init(client: HDFSClient, address: NetworkAddress) {
        self.client = client
        self.address = address
    }

    /// Sends a call, on a new connection where there is none.
    func send(_ call: PendingCall) {
        let now = client.now.monotonicNanoseconds
        let connection = self.connection ?? connect()
        if open.isEmpty { lastReceived = now }
        call.sentAt = now
        open[call.number] = call
        lastSent = now
        if let patience = call.patience {
            call.timer = client.after(patience) { [unowned self, unowned call] in giveUp(call) }
        }
        client.send(
            .call(
                RPCCall(
                    client: client.id, number: call.number, retry: call.retry, user: client.configuration.user,
                    protocolName: call.protocolName, method: call.method, body: call.body)), on: connection)
    }

    private func giveUp(_ call: PendingCall) {
        guard open.removeValue(forKey: call.number) != nil else { return }
        call.completion(.failure(LostConnection(address: address, reason: .timedOut)))
    }

    private func connect() -> Connection {
        let made = client.connect(to: address, over: .rpc, for: self)
        connection = made
        lastReceived = client.now.monotonicNanoseconds
        watch()
        return made
    }

    func received(_ message: HDFSMessage) {
        lastReceived = client.now.monotonicNanoseconds
        guard case .reply(let reply) = message, let call = open.removeValue(forKey: reply.number) else { return }
        client.cancel(call.timer)
        switch reply.outcome {
        case .success(let body): call.completion(.success(body))
        case .failure(let exception): call.completion(.failure(exception))
        }
    }

    func closed(_ reason: CloseReason) {
        client.cancel(timer)
        timer = nil
        connection = nil
        let lost = open.values.sorted { $0.number < $1.number }
        open = [:]
        for call in lost {
            client.cancel(call.timer)
            call.completion(.failure(LostConnection(address: address, reason: reason)))
        }
    }

    /// Looks after the connection from time to time: calls that take too long, silence, nothing to do.
    private func watch() {
        let settings = client.configuration
        let period = max(min(settings.idleTime, settings.callTimeout / 4, settings.pingInterval / 2), .milliseconds(1))
        timer = client.after(period) { [unowned self] in
            let now = client.now.monotonicNanoseconds
            guard let connection else { return }
            if open.values.contains(where: { now - $0.sentAt >= settings.callTimeout }) {
                client.close(connection)
                return closed(.timedOut)
            }
            if open.isEmpty, now - lastSent >= settings.idleTime {
                client.close(connection)
                return closed(.ended)
            }
            if !open.isEmpty, now - max(lastReceived, lastSent) >= settings.pingInterval {
                lastSent = now
                client.send(.call(.ping(of: client)), on: connection)
            }
            watch()
        }
    }
}

extension RPCCall {
    /// A call that has no answer: it fails when the connection is dead.
    fileprivate static func ping(of client: HDFSClient) -> RPCCall {
        RPCCall(
            client: client.id, number: RPCNumbers.pingCall, retry: RPCNumbers.noRetry, user: client.configuration.user,
            protocolName: .client, method: "", body: ByteBuffer())
    }
}
