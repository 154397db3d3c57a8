package import HoneyHDFS
package import HoneyWorld
package import NIOCore

/// Sends calls to NameNodes and DataNodes, each user's on connections of their own, and tells the answers.
package final class RPCCaller: Machine {
    package typealias Message = HDFSMessage
    package typealias Answer = (Result<ByteBuffer, any Error>) -> Void

    /// Who is asked, as whom.
    package struct Target: Hashable, Sendable {
        package var address: NetworkAddress
        package var protocolName: RPCProtocol
        package var user: String

        package init(address: NetworkAddress, protocolName: RPCProtocol, user: String) {
            self.address = address
            self.protocolName = protocolName
            self.user = user
        }
    }

    private struct Pending {
        var connection: Connection
        var timer: HoneyWorld.Timer
        var answer: Answer
    }

    private let client: RPCClientID
    private let timeout: Int
    private var nextNumber: Int32 = 0
    private var connections: [Target: Connection] = [:]
    private var targets: [Connection: Target] = [:]
    private var pending: [Int32: Pending] = [:]
    private var timers: [HoneyWorld.Timer: Int32] = [:]
    /// More connections than this are closed when nothing is asked on them.
    private static let idleConnections = 64

    /// `timeout` is how long an answer is waited for, in nanoseconds.
    package init(random: SeededRandom, timeout: Int = .seconds(60)) {
        var random = random
        client = RPCClientID(high: random.next(), low: random.next())
        self.timeout = timeout
    }

    /// Calls a method; `answer` hears the response's bytes, a `RemoteException`, or a `LostCall`.
    package func call(
        _ target: Target, _ method: String, _ body: ByteBuffer, _ effects: Effects<HDFSMessage>,
        answer: @escaping Answer
    ) {
        let connection = connection(to: target, effects)
        let number = nextNumber
        nextNumber = number == .max ? 0 : number + 1
        let timer = effects.setTimer(after: timeout)
        timers[timer] = number
        pending[number] = Pending(connection: connection, timer: timer, answer: answer)
        effects.send(
            .call(
                RPCCall(
                    client: client, number: number, retry: 0, user: target.user, protocolName: target.protocolName,
                    method: method, body: body)), on: connection)
    }

    private func connection(to target: Target, _ effects: Effects<HDFSMessage>) -> Connection {
        if let known = connections[target] { return known }
        if connections.count >= Self.idleConnections { closeIdle(effects) }
        let connection = effects.connect(to: target.address, over: .rpc)
        connections[target] = connection
        targets[connection] = target
        return connection
    }

    private func closeIdle(_ effects: Effects<HDFSMessage>) {
        let busy = Set(pending.values.map(\.connection))
        for (target, connection) in connections where !busy.contains(connection) {
            effects.close(connection)
            connections[target] = nil
            targets[connection] = nil
        }
    }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        switch event {
        case .received(_, .reply(let reply)):
            guard let call = take(reply.number, effects) else { break }
            switch reply.outcome {
            case .success(let body): call.answer(.success(body))
            case .failure(let error): call.answer(.failure(error))
            }
        case .closed(let connection, let reason): lose(connection, because: reason, effects)
        case .timer(let timer):
            guard let number = timers[timer], let call = take(number, effects) else { break }
            call.answer(.failure(LostCall(reason: .timedOut)))
        case .stopping:
            for number in pending.keys.sorted() {
                take(number, effects)?.answer(.failure(LostCall(reason: .ended)))
            }
            effects.stop()
        case .started, .accepted, .connected, .received, .writable, .synced: break
        }
    }

    private func lose(_ connection: Connection, because reason: CloseReason, _ effects: Effects<HDFSMessage>) {
        if let target = targets.removeValue(forKey: connection) { connections[target] = nil }
        for number in pending.filter({ $0.value.connection == connection }).keys.sorted() {
            take(number, effects)?.answer(.failure(LostCall(reason: reason)))
        }
    }

    @discardableResult
    private func take(_ number: Int32, _ effects: Effects<HDFSMessage>) -> Pending? {
        guard let call = pending.removeValue(forKey: number) else { return nil }
        timers[call.timer] = nil
        effects.cancel(call.timer)
        return call
    }
}

/// A call whose answer will not come.
package struct LostCall: Error, Hashable, Sendable {
    package var reason: CloseReason
}
