import Dispatch
import HoneyCore
import HoneyWorld
import NIOCore
import Synchronization

/// A client on an event loop, called by threads that wait for what comes of it.
final class BlockingClient: Sendable {
    private let host: MachineHost<HDFSClient>
    let user: String
    private let waiting = Mutex(Waiting())

    private struct Waiting {
        var hasEnded = false
        var calls: [ObjectIdentifier: any WaitingCall] = [:]
    }

    init(
        _ configuration: HDFSClientConfiguration, on eventLoop: any EventLoop, random: SeededRandom,
        route: @escaping @Sendable (NetworkAddress) -> NetworkAddress,
        log: @escaping @Sendable (LogLevel, String) -> Void
    ) {
        user = configuration.user
        host = MachineHost(on: eventLoop, wires: [RPCWire(), TransferWire()], route: route, log: log)
        // What is asked of a host before it has its machine would be lost.
        _ = try? host.start { _ in HDFSClient(configuration: configuration, random: random) }.wait()
        host.ended.whenComplete { [weak self] _ in self?.end() }
    }

    deinit { host.requestStop() }

    private func end() {
        let calls = waiting.withLock { waiting in
            waiting.hasEnded = true
            defer { waiting.calls = [:] }
            return Array(waiting.calls.values)
        }
        for call in calls { call.fail(HDFSClient.ended) }
    }

    /// Does something on the client's event loop, some time.
    func perform(_ work: @escaping @Sendable (HDFSClient) -> Void) {
        host.perform { client, now, effects in client.run(at: now, effects, work) }
    }

    /// Begins something on the client's event loop, and waits for its completion.
    func wait<Value: Sendable>(
        _ begin: @escaping @Sendable (HDFSClient, @escaping @Sendable (Result<Value, any Error>) -> Void) -> Void
    ) throws -> Value {
        let call = Call<Value>()
        let isRunning = waiting.withLock { waiting in
            guard !waiting.hasEnded else { return false }
            waiting.calls[ObjectIdentifier(call)] = call
            return true
        }
        guard isRunning else { throw HDFSClient.ended }
        perform { client in begin(client) { call.finish($0) } }
        defer { waiting.withLock { _ = $0.calls.removeValue(forKey: ObjectIdentifier(call)) } }
        return try call.wait()
    }
}

private protocol WaitingCall: AnyObject, Sendable {
    func fail(_ error: any Error)
}

/// What a thread waits for.
private final class Call<Value: Sendable>: WaitingCall {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func finish(_ outcome: Result<Value, any Error>) {
        let isFirst = result.withLock { result in
            guard result == nil else { return false }
            result = outcome
            return true
        }
        if isFirst { semaphore.signal() }
    }

    func fail(_ error: any Error) { finish(.failure(error)) }

    func wait() throws -> Value {
        semaphore.wait()
        guard let outcome = result.withLock({ $0 }) else {
            throw HoneyError.unexpected("a call ended without an outcome")
        }
        return try outcome.get()
    }
}
