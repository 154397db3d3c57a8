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
    /// What leases are held under.
    package let name: String
    var random: SeededRandom
    let board = Switchboard()
    /// Who calls, and how long it waits for answers.
    let calling: CallSettings
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
        calling = CallSettings(
            client: RPCClientID(high: self.random.next(), low: self.random.next()), user: configuration.user,
            callTimeout: configuration.callTimeout, pingInterval: configuration.pingInterval,
            idleTime: configuration.idleTime)
        let number = Int32(truncatingIfNeeded: self.random.next())
        name = configuration.name ?? "DFSClient_NONMAPREDUCE_\(number)_1"
        nameService = NameService(addresses: configuration.nameNodes)
    }

    /// Begins work from outside of an event.
    package func run(at now: Moment, _ effects: Effects<HDFSMessage>, _ work: (HDFSClient) -> Void) {
        board.begin(now, effects)
        work(self)
        complete()
    }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        run(at: now, effects) { _ in
            board.pass(event)
            guard case .stopping = event else { return }
            end()
            effects.stop()
        }
    }

    /// Fails whatever is under way.
    private func end() {
        hasEnded = true
        board.end()
        for writer in writers.values.sorted(by: { $0.number < $1.number }) { writer.fail(HDFSClient.ended) }
    }

    static var ended: HoneyError { HoneyError(.environment, "IO_ERROR", "the client has ended") }

    var now: Moment { board.now }

    /// Calls `completion` when the event at hand is done, so that it may begin something else.
    func later(_ completion: @escaping () -> Void) { completions.append(completion) }

    private func complete() {
        while let completion = completions.popFirst() { completion() }
    }

    func log(_ level: LogLevel, _ message: @autoclosure () -> String) { board.effects.log(level, message()) }

    /// A time that grows with each try, within half and one and a half of it, so that clients do not come all at once.
    func backoff(after tries: Int, base: Int, limit: Int) -> Int {
        let delay = tries < 20 ? min(base << tries, limit) : limit
        return delay / 2 + Int(random.next() % UInt64(max(delay, 1)))
    }
}
