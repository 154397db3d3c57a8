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

/// Who calls, and how long it waits; durations are nanoseconds.
struct CallSettings {
    var client: RPCClientID
    var user: String
    /// After so long a call has failed, and its connection with it.
    var callTimeout: Int
    /// After so much silence the other side is pinged.
    var pingInterval = Int.seconds(60)
    /// After so long a connection with nothing to ask is closed.
    var idleTime = Int.seconds(10)
}

/// One connection of RPC, for one protocol; closes itself when nobody uses it.
final class CallChannel: ConnectionOwner {
    let address: NetworkAddress
    private let settings: CallSettings
    private unowned let board: Switchboard
    private var connection: Connection?
    private var open: [Int32: PendingCall] = [:]
    private var timer: Timer?
    private var lastReceived = 0
    private var lastSent = 0

    init(to address: NetworkAddress, _ settings: CallSettings, on board: Switchboard) {
        self.address = address
        self.settings = settings
        self.board = board
    }

    /// Sends a call, on a new connection where there is none.
    func send(_ call: PendingCall) {
        let now = board.now.monotonicNanoseconds
        let connection = self.connection ?? connect()
        if open.isEmpty { lastReceived = now }
        call.sentAt = now
        open[call.number] = call
        lastSent = now
        if let patience = call.patience {
            call.timer = board.after(patience) { [weak self, unowned call] in self?.giveUp(call) }
        }
        board.effects.send(
            .call(
                RPCCall(
                    client: settings.client, number: call.number, retry: call.retry, user: settings.user,
                    protocolName: call.protocolName, method: call.method, body: call.body)), on: connection)
    }

    private func giveUp(_ call: PendingCall) {
        guard open.removeValue(forKey: call.number) != nil else { return }
        call.completion(.failure(LostConnection(address: address, reason: .timedOut)))
    }

    private func connect() -> Connection {
        let made = board.connect(to: address, over: .rpc, for: self)
        connection = made
        lastReceived = board.now.monotonicNanoseconds
        watch()
        return made
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        lastReceived = board.now.monotonicNanoseconds
        guard case .reply(let reply) = message, let call = open.removeValue(forKey: reply.number) else { return }
        board.cancel(call.timer)
        switch reply.outcome {
        case .success(let body): call.completion(.success(body))
        case .failure(let exception): call.completion(.failure(exception))
        }
    }

    func closed(_ connection: Connection, _ reason: CloseReason) { fail(reason) }

    /// Ends the connection; calls that wait fail.
    func close() { close(.ended) }

    private func close(_ reason: CloseReason) {
        if let connection { board.close(connection) }
        fail(reason)
    }

    private func fail(_ reason: CloseReason) {
        board.cancel(timer)
        timer = nil
        connection = nil
        let lost = open.values.sorted { $0.number < $1.number }
        open = [:]
        for call in lost {
            board.cancel(call.timer)
            call.completion(.failure(LostConnection(address: address, reason: reason)))
        }
    }

    /// Looks after the connection from time to time: calls that take too long, silence, nothing to do.
    private func watch() {
        let period = max(min(settings.idleTime, settings.callTimeout / 4, settings.pingInterval / 2), .milliseconds(1))
        timer = board.after(period) { [weak self] in
            guard let self, let connection else { return }
            let now = board.now.monotonicNanoseconds
            if open.values.contains(where: { now - $0.sentAt >= settings.callTimeout }) { return close(.timedOut) }
            if open.isEmpty, now - lastSent >= settings.idleTime { return close(.ended) }
            if !open.isEmpty, now - max(lastReceived, lastSent) >= settings.pingInterval {
                lastSent = now
                board.effects.send(.call(.ping(settings)), on: connection)
            }
            watch()
        }
    }
}

extension RPCCall {
    /// A call that has no answer: it fails when the connection is dead.
    fileprivate static func ping(_ settings: CallSettings) -> RPCCall {
        RPCCall(
            client: settings.client, number: RPCNumbers.pingCall, retry: RPCNumbers.noRetry, user: settings.user,
            protocolName: .client, method: "", body: ByteBuffer())
    }
}

extension CloseReason {
    /// What a message says of it.
    var text: String {
        switch self {
        case .refused: "connection refused"
        case .ended: "connection ended"
        case .timedOut: "connection timed out"
        case .malformed(let reason), .failed(let reason): reason
        }
    }
}
