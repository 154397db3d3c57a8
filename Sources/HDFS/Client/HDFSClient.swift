// Client is the side of HDFS that asks: a machine that calls NameNodes and DataNodes, reads blocks and writes them through pipelines; and over it
// `HDFSFileSystem`, which the rest of the house calls from any thread. Nothing in it relies on our own servers: it speaks to Hadoop's as well.
//
// `Calls/` is RPC with its retries, `Reading/` streams of files, `Writing/` pipelines, `Local/` blocks read without their DataNode,
// `Files/` the file system.

import HoneyCore
package import HoneyWorld
import NIOCore

/// A client of one name service for one user.
///
/// Work is begun within `run`; what comes of it is told by completions, which are called when the event at hand is done.
package final class HDFSClient: Machine {
    package let configuration: HDFSClientConfiguration
    /// By which retried calls are known.
    let id: RPCClientID
    /// What leases are held under.
    package let name: String
    var random: SeededRandom
    private(set) var effects = Effects<HDFSMessage>()
    private(set) var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)

    private var users: [Connection: any ConnectionUser] = [:]
    private var timers: [Timer: () -> Void] = [:]
    private var completions = CircularBuffer<() -> Void>()
    private(set) var hasEnded = false

    /// The number of the last call.
    var lastCall: Int32 = -1
    let nameService: NameService
    /// Connections to DataNodes' RPC and to NameNodes that were asked for by their addresses.
    var otherCalls: [CallTarget: CallChannel] = [:]
    /// Connections of data transfer that DataNodes keep open for another read.
    let idleTransfers = IdleTransfers()
    /// Nodes that did not answer a reader, for a while.
    var deadNodes: [String: Int] = [:]
    /// DataNodes that do not tell where their files are, and until when they are not asked again.
    var closedNodes: [String: Int] = [:]
    /// Files being written, by number.
    var writers: [Int: FileWriter] = [:]
    var lastWriter = 0
    var leaseTimer: Timer?

    package init(configuration: HDFSClientConfiguration, random: SeededRandom) {
        self.configuration = configuration
        self.random = random
        id = RPCClientID(high: self.random.next(), low: self.random.next())
        let number = Int32(truncatingIfNeeded: self.random.next())
        name = configuration.name ?? "DFSClient_NONMAPREDUCE_\(number)_1"
        nameService = NameService(addresses: configuration.nameNodes)
    }

    /// Begins work from outside of an event.
    package func run(at now: Moment, _ effects: Effects<HDFSMessage>, _ work: (HDFSClient) -> Void) {
        self.now = now
        self.effects = effects
        work(self)
        complete()
    }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        run(at: now, effects) { _ in
            switch event {
            case .started, .accepted, .synced, .writable: break
            case .connected(let connection): users[connection]?.connected()
            case .received(let connection, let message): users[connection]?.received(message)
            case .closed(let connection, let reason): users.removeValue(forKey: connection)?.closed(reason)
            case .timer(let timer): timers.removeValue(forKey: timer)?()
            case .stopping:
                end()
                effects.stop()
            }
        }
    }

    /// Fails whatever is under way.
    private func end() {
        hasEnded = true
        let open = users
        users = [:]
        timers = [:]
        for (connection, user) in open.sorted(by: { $0.key.number < $1.key.number }) {
            effects.close(connection)
            user.closed(.ended)
        }
        for writer in writers.values.sorted(by: { $0.number < $1.number }) { writer.fail(HDFSClient.ended) }
    }

    static var ended: HoneyError { HoneyError(.environment, "IO_ERROR", "the client has ended") }

    // MARK: What parts of the client do with the world

    func connect(to address: NetworkAddress, over wire: WireName, for user: any ConnectionUser) -> Connection {
        let connection = effects.connect(to: address, over: wire)
        users[connection] = user
        return connection
    }

    /// Gives a connection to somebody else.
    func hand(_ connection: Connection, to user: any ConnectionUser) { users[connection] = user }

    func send(_ message: HDFSMessage, on connection: Connection) { effects.send(message, on: connection) }

    func close(_ connection: Connection) {
        guard users.removeValue(forKey: connection) != nil else { return }
        effects.close(connection)
    }

    /// Calls `action` after a while, unless the timer is cancelled.
    @discardableResult
    func after(_ nanoseconds: Int, _ action: @escaping () -> Void) -> Timer {
        let timer = effects.setTimer(after: nanoseconds)
        timers[timer] = action
        return timer
    }

    func cancel(_ timer: Timer?) {
        guard let timer, timers.removeValue(forKey: timer) != nil else { return }
        effects.cancel(timer)
    }

    /// Calls `completion` when the event at hand is done, so that it may begin something else.
    func later(_ completion: @escaping () -> Void) { completions.append(completion) }

    private func complete() {
        while let completion = completions.popFirst() { completion() }
    }

    func log(_ level: LogLevel, _ message: @autoclosure () -> String) { effects.log(level, message()) }

    /// A time that grows with each try, within half and one and a half of it, so that clients do not come all at once.
    func backoff(after tries: Int, base: Int, limit: Int) -> Int {
        let delay = tries < 20 ? min(base << tries, limit) : limit
        return delay / 2 + Int(random.next() % UInt64(max(delay, 1)))
    }
}

/// A part of the client that a connection belongs to.
protocol ConnectionUser: AnyObject {
    func connected()
    func received(_ message: HDFSMessage)
    func closed(_ reason: CloseReason)
}

extension ConnectionUser {
    func connected() {}
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
