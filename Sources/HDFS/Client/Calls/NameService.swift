import HoneyCore
import HoneyWorld
import NIOCore

/// The NameNodes of a name service: which is active, and calls that go on when one of them does not answer.
final class NameService {
    private let addresses: [NetworkAddress]
    private var active = 0
    private var connections: [Int: CallChannel] = [:]

    init(addresses: [NetworkAddress]) { self.addresses = addresses }

    /// A call on its way, with what was tried.
    private final class Attempt {
        let call: PendingCall
        let begun: Int
        var index = 0
        var tries = 0
        var failovers = 0

        init(_ call: PendingCall, begun: Int) {
            self.call = call
            self.begun = begun
        }
    }

    /// Sends a call until a NameNode answers it, always under the same number.
    func call(
        _ protocolName: RPCProtocol, _ method: String, _ body: ByteBuffer, _ client: HDFSClient,
        completion: @escaping (Result<ByteBuffer, any Error>) -> Void
    ) {
        guard !addresses.isEmpty else {
            return client.later {
                completion(.failure(HoneyError(.environment, "IO_ERROR", "no NameNode is configured")))
            }
        }
        var attempt: Attempt?
        let call = PendingCall(
            number: client.nextCall(), protocolName: protocolName, method: method, body: body
        ) { [unowned self, unowned client] result in
            guard case .failure(let error) = result, let current = attempt else {
                attempt = nil
                return completion(result)
            }
            guard !client.hasEnded, let delay = delay(of: current, after: error, client) else {
                attempt = nil
                let lost = (error as? LostConnection)?.honeyError ?? error
                return completion(.failure(client.hasEnded ? HDFSClient.ended : lost))
            }
            client.log(.debug, "\(method) is tried again: \(error)")
            current.tries += 1
            current.call.retry += 1
            guard delay > 0 else { return send(current, client) }
            client.board.after(delay) { [unowned self] in send(current, client) }
        }
        let first = Attempt(call, begun: client.now.monotonicNanoseconds)
        attempt = first
        send(first, client)
    }

    private func send(_ attempt: Attempt, _ client: HDFSClient) {
        attempt.index = active
        let connection = connections[active] ?? CallChannel(to: addresses[active], client.calling, on: client.board)
        connections[active] = connection
        connection.send(attempt.call)
    }

    /// How long to wait before a call goes out again; nil when its failure is the answer.
    private func delay(of attempt: Attempt, after error: any Error, _ client: HDFSClient) -> Int? {
        let settings = client.configuration
        let elapsed = client.now.monotonicNanoseconds - attempt.begun
        if let exception = error as? RemoteException {
            switch exception.shortName {
            case "StandbyException", "ObserverRetryOnActiveException": return failOver(attempt, client)
            case "RetriableException":
                guard attempt.tries < max(settings.failovers, 1) else { return nil }
                return client.backoff(
                    after: attempt.tries, base: settings.failoverBase, limit: settings.failoverLimit)
            case "SafeModeException":
                guard elapsed < settings.safeModePatience else { return nil }
                return client.backoff(after: attempt.tries, base: .milliseconds(50), limit: .seconds(1))
            default: return nil
            }
        }
        guard let lost = error as? LostConnection else { return nil }
        // Bytes that are no answer will not get better.
        if case .malformed = lost.reason { return nil }
        if addresses.count > 1 { return failOver(attempt, client) }
        guard elapsed < settings.connectPatience else { return nil }
        return client.backoff(after: attempt.tries, base: .milliseconds(50), limit: .seconds(1))
    }

    /// Turns to the next NameNode, unless another call has done so already; the first time at once.
    private func failOver(_ attempt: Attempt, _ client: HDFSClient) -> Int? {
        let settings = client.configuration
        guard attempt.failovers < settings.failovers else { return nil }
        if attempt.index == active { active = (active + 1) % addresses.count }
        attempt.failovers += 1
        guard attempt.failovers >= addresses.count else { return 0 }
        return client.backoff(
            after: attempt.failovers - addresses.count, base: settings.failoverBase, limit: settings.failoverLimit)
    }
}
