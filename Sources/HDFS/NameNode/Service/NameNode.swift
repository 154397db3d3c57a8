// Service is the NameNode as others see it: a machine that takes calls by protocol and method, asks the name space, the leases, the
// log and block management, and answers once what it did is durable.
//
// `MethodTable` lists all methods; `NameNode+….swift` hold them by what they are about.

import HoneyCore
import HoneyHDFSMessages
package import HoneyWorld
import NIOCore

/// The master of a file system: names, leases, log and blocks.
package final class NameNode: Machine {
    package let configuration: NameNodeConfiguration
    let disks: [any Disk]
    /// The directory it shares with other NameNodes, of which one is active; nil for one that is alone.
    let shared: (any Disk)?
    /// Those other NameNodes.
    let link: [NameNodePeer]
    var role = Role.active
    /// When the shared log was read last, and what was complained of then.
    var lastTail = 0
    var tailComplaint: String?
    /// Whether an image is on its way to the active NameNode.
    var isSendingImage = false
    var random: SeededRandom
    let groups: (String) -> [String]
    /// Reads anew which hosts may register and which are to be decommissioned; without it they stay as configured.
    package var hostLists: (() -> (included: Set<String>, excluded: Set<String>))?
    /// What there is once the directories were read; nil before.
    var loaded: Loaded?
    var effects = Effects<HDFSMessage>()
    var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)

    /// Edits of the call being answered.
    var edits: [Edit] = []
    var waiting = WaitingReplies()
    /// Who is connected.
    var peers: [Connection: Peer] = [:]
    var callers = KnownCallers()
    /// Files whose leases ran out and cannot be released yet, of which the log has been told.
    var stuckFiles: Set<UInt64> = []
    /// The last file whose lease was looked at.
    var lastLeaseFile: UInt64 = 0
    var timer: Timer?
    var lastCheckpoint = 0
    var hasEnded = false
    var upload: ImageUpload?
    /// Why the NameNode cannot go on, such as that no storage directory works any more; it ends after the call in which that was found.
    var fatalFailure: (any Error)?
    /// When it became active, and the last block id of then.
    var activeSince = 0
    var lastBlockIDAtStart: UInt64 = 0
    var startMilliseconds = 0

    /// A name space with its log.
    struct Loaded {
        let namespace: Namespace
        let log: EditLog
        var answers: RetryCache
        var blocks: BlockManager { namespace.blocks }
    }

    /// Makes one over its storage directories; `groups` tells the groups of a user, which may be none.
    ///
    /// With a directory that it shares with others (`dfs.namenode.shared.edits.dir`) it begins as a standby.
    package init(
        configuration: NameNodeConfiguration, disks: [any Disk], shared: (any Disk)? = nil, random: SeededRandom,
        groups: @escaping (String) -> [String] = { _ in [] }
    ) {
        var random = random
        self.configuration = configuration
        self.disks = disks
        self.shared = shared
        link =
            shared == nil
            ? [] : configuration.others.map { NameNodePeer(to: $0, user: configuration.superuser, random: &random) }
        self.random = random
        self.groups = groups
    }

    /// The name space, for status pages and tests; nil before it was read.
    package var namespace: Namespace? { loaded?.namespace }
    package var blockManager: BlockManager? { loaded?.blocks }

    /// The last transaction, and the last one that survives a crash.
    package var transactions: (last: Int, durable: Int) {
        (loaded?.log.lastTransaction ?? 0, loaded?.log.durable ?? 0)
    }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        run(at: now, effects) { try handle(event) }
    }

    /// Does something and what follows from it; ends the NameNode when it cannot go on.
    func run(at now: Moment, _ effects: Effects<HDFSMessage>, _ work: () throws -> Void) {
        guard !hasEnded else { return }
        self.effects = effects
        // A clock before 1970 is wrong, and no time of a file may be.
        self.now = Moment(
            monotonicNanoseconds: now.monotonicNanoseconds, wallMilliseconds: max(now.wallMilliseconds, 0))
        loaded?.namespace.leases.now = now.monotonicNanoseconds
        do {
            try work()
            try commit(answering: nil)
            if let fatalFailure { throw fatalFailure }
            try loaded?.log.flush(effects)
            release()
        } catch {
            hasEnded = true
            effects.fail("NameNode cannot go on: \(error)")
        }
    }

    private func handle(_ event: Event<HDFSMessage>) throws {
        switch event {
        case .started:
            startMilliseconds = now.wallMilliseconds
            if shared == nil { try start() } else { startStandby() }
            timer = effects.setTimer(after: .seconds(1))
        case .accepted(let connection, _, let address):
            peers[connection] = Peer(host: Self.host(of: address), lastHeard: now.monotonicNanoseconds)
        case .received(let connection, .call(let call)): try answer(call, on: connection)
        case .received, .writable, .connected: takeOthers(event)
        case .closed(let connection, _):
            if takeOthers(event) { break }
            peers[connection] = nil
            waiting.forget(connection)
        case .timer(let fired):
            guard fired == timer else {
                takeOthers(event)
                break
            }
            timer = effects.setTimer(after: .seconds(1))
            try tick()
        case .synced(let token, let failure): _ = try loaded?.log.synced(token, failure: failure, effects)
        case .stopping:
            try commit(answering: nil)
            try loaded?.log.synchronize(complain)
            release()
            hasEnded = true
            effects.stop()
        }
    }

    @discardableResult
    private func takeOthers(_ event: Event<HDFSMessage>) -> Bool { link.contains { $0.take(event, effects) } }

    private static func host(of address: NetworkAddress) -> String {
        switch address {
        case .tcp(let host, _): host
        case .local: "127.0.0.1"
        }
    }

    // MARK: Answering

    private func answer(_ call: RPCCall, on connection: Connection) throws {
        peers[connection]?.hear(at: now.monotonicNanoseconds)
        let outcome: RPCReply.Outcome
        defer { changed = 0 }
        do {
            outcome = .success(try body(answering: call, on: connection))
        } catch let refusal as RemoteException {
            outcome = .failure(refusal)
        }
        if let fatalFailure {
            edits.removeAll()
            throw fatalFailure
        }
        // Edits of a call that failed half-way have been done, so they are logged as well.
        try commit(answering: nil)
        let reply = HDFSMessage.reply(RPCReply(number: call.number, client: call.client, outcome: outcome))
        if let log = loaded?.log, changed > log.durable {
            waiting.add(reply, on: connection, after: changed)
        } else {
            effects.send(reply, on: connection)
        }
    }

    /// The transaction after which the call being answered may be answered; 0 when at once.
    var changed = 0

    private func body(answering call: RPCCall, on connection: Connection) throws -> ByteBuffer {
        if call.protocolName == .datanode {
            return try loadedNow().blocks.answer(call, from: peers[connection]?.host ?? "", at: now)
        }
        guard let methods = MethodTable.protocols[call.protocolName.name] else {
            throw RemoteException.noSuchProtocol("Unknown protocol: \(call.protocolName.name)")
        }
        guard let method = methods[call.method] else {
            throw MethodTable.refusal(of: call.method, in: call.protocolName)
        }
        switch method.need {
        case .reading: try requireActive("READ")
        case .writing, .writingOnce:
            try requireActive("WRITE")
            // What is there already, or is not, may be the work of a call whose transaction is not durable yet.
            changed = loaded?.log.lastTransaction ?? 0
        case .journal: try requireActive("JOURNAL")
        case .nothing, .superuser: break
        }
        let caller = try caller(call, on: connection)
        guard case .writingOnce = method.need, call.number >= 0, call.client != RPCClientID(high: 0, low: 0) else {
            return try method.answer(self, call.body, caller)
        }
        if let known = loaded?.answers.reply(to: call.client, call.number) { return known }
        let body = try method.answer(self, call.body, caller)
        try commit(answering: Transaction.AnsweredCall(client: call.client, number: call.number, reply: body))
        return body
    }

    // MARK: Changing

    /// Does an edit and puts it into the transaction of the call being answered.
    ///
    /// One that does not fit is a mistake of ours: nothing of this call is logged and the NameNode ends, since its name space may be
    /// another than its log's.
    func perform(_ edit: Edit, targets: [DatanodeStorage] = []) throws(RemoteException) {
        do {
            try loaded!.namespace.apply(edit, targets: targets)
            edits.append(edit)
        } catch {
            let failure = HoneyError.unexpected("an edit does not fit the name space: \(error.reason)")
            fatalFailure = failure
            throw .inputOutput(failure.message)
        }
    }

    /// Logs what was done since the last time as one transaction.
    func commit(answering call: Transaction.AnsweredCall?) throws {
        guard !edits.isEmpty, let log = loaded?.log else { return }
        let transaction = Transaction(id: 0, time: now.wallMilliseconds, answered: call, edits: edits)
        edits.removeAll(keepingCapacity: true)
        changed = log.append(transaction)
        if let call { loaded!.answers.insert(call, time: now.wallMilliseconds) }
    }

    private func release() {
        guard let log = loaded?.log else { return }
        waiting.release(upTo: log.durable, effects)
    }

    // MARK: States

    func requireLeftSafeMode(_ operation: () -> String) throws(RemoteException) {
        guard let safeMode = loaded?.blocks.safeMode, safeMode.isOn else { return }
        throw .safeMode("Cannot \(operation()). Name node is in safe mode.\n\(safeMode.tip(at: now))")
    }

    func requireSuperuser(_ caller: Caller) throws(RemoteException) {
        guard caller.isSuperuser else {
            throw .accessControl("Access denied for user \(caller.user). Superuser privilege is required")
        }
    }
}
