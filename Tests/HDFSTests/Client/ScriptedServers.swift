import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

@testable import HoneyHDFS

/// A client with servers of a test's own making, in virtual time.
final class ScriptedServers {
    let client: HDFSClient
    private let effects = Effects<HDFSMessage>()
    private var now = Moment(monotonicNanoseconds: 1, wallMilliseconds: 1_700_000_000_000)
    private var timers: [(timer: Timer, at: Int)] = []
    private var events: [Event<HDFSMessage>] = []
    private var addresses: [Connection: NetworkAddress] = [:]
    /// What came, with where it was sent.
    private(set) var calls: [(call: RPCCall, at: NetworkAddress)] = []
    private(set) var closed: [NetworkAddress] = []
    private(set) var connected: [NetworkAddress] = []
    /// Answers a call; nil gives no answer at all.
    var answer: (RPCCall, NetworkAddress) -> Answer? = { _, _ in nil }

    enum Answer {
        case reply(RPCReply.Outcome)
        case close(CloseReason)
    }

    init(_ configuration: HDFSClientConfiguration) {
        client = HDFSClient(configuration: configuration, random: SeededRandom(seed: 7))
    }

    static func address(_ number: Int) -> NetworkAddress { .tcp(host: "nn\(number)", port: 8020) }

    /// Nanoseconds since the beginning.
    var elapsed: Int { now.monotonicNanoseconds - 1 }

    /// Begins something and lets time go by until nothing happens any more, or `limit` has passed.
    func run(for limit: Int = .seconds(3600), _ work: (HDFSClient) -> Void) {
        client.run(at: now, effects, work)
        apply()
        let end = now.monotonicNanoseconds + limit
        while true {
            if !events.isEmpty {
                client.handle(events.removeFirst(), at: now, effects)
            } else if let next = timers.enumerated().min(by: { $0.element.at < $1.element.at }), next.element.at <= end
            {
                timers.remove(at: next.offset)
                now.monotonicNanoseconds = max(now.monotonicNanoseconds, next.element.at)
                client.handle(.timer(next.element.timer), at: now, effects)
            } else {
                return
            }
            apply()
        }
    }

    private func apply() {
        for effect in effects.take() {
            switch effect {
            case .connect(let connection, let address, _):
                addresses[connection] = address
                connected.append(address)
                events.append(.connected(connection))
            case .send(let connection, .call(let call)): take(call, on: connection)
            case .close(let connection):
                if let address = addresses.removeValue(forKey: connection) { closed.append(address) }
            case .setTimer(let timer, let nanoseconds): timers.append((timer, now.monotonicNanoseconds + nanoseconds))
            case .cancelTimer(let timer): timers.removeAll { $0.timer == timer }
            default: break
            }
        }
    }

    private func take(_ call: RPCCall, on connection: Connection) {
        guard let address = addresses[connection] else { return }
        calls.append((call, address))
        switch answer(call, address) {
        case .reply(let outcome):
            events.append(
                .received(
                    connection, .reply(RPCReply(number: call.number, client: call.client, outcome: outcome))))
        case .close(let reason):
            addresses[connection] = nil
            events.append(.closed(connection, reason))
        case nil: break
        }
    }

    /// Asks for a file that does not exist; returns what came of it.
    func askForNothing(limit: Int = .seconds(3600)) -> Result<WireGetFileInfoResponse, any Error>? {
        var outcome: Result<WireGetFileInfoResponse, any Error>?
        run(for: limit) { client in
            client.call(
                "getFileInfo", WireGetFileInfoRequest.with { $0.src = "/nothing" }, as: WireGetFileInfoResponse.self
            ) { outcome = $0 }
        }
        return outcome
    }

    func stop() {
        events.append(.stopping)
        run(for: .seconds(1)) { _ in }
    }

    static func empty() -> Answer { .reply(.success(ByteBuffer())) }
}
