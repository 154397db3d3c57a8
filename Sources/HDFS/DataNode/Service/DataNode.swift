import HoneyCore
import HoneyHDFSMessages
package import HoneyWorld
import NIOCore

/// Keeps replicas of blocks on its disks, serves them, and does what the active NameNode orders.
package final class DataNode: Machine {
    package let configuration: DataNodeConfiguration
    var random: SeededRandom
    let clientID: RPCClientID
    let board: Switchboard
    let store: BlockStore
    private(set) var links: [NameNodeLink] = []
    private(set) var isReady = false
    private var hasEnded = false
    var startMilliseconds = 0
    var lastVolumeFailure = 0

    /// Transfers under way, by number.
    private(set) var sessions: [Int: any TransferSession] = [:]
    private var lastSession = 0
    /// Copies of replicas to other DataNodes that NameNodes ordered.
    var pushCount = 0

    /// The NameNode whose orders are obeyed, and the last transaction with which it said so.
    private weak var active: NameNodeLink?
    private var activeTransaction = 0
    var deletions: [Block] = []
    /// Recoveries it leads, by block.
    var recoveries: [UInt64: BlockRecovery] = [:]
    private(set) lazy var scanner = Scanner(of: self)
    /// Replicas that balancers have moved to or from here at a time.
    var moves = 0
    /// Holds them all together to what balancing may take.
    private(set) lazy var balancing = Throttle { [unowned self] in balancerBandwidth }
    /// When damage of a replica was last told, monotonic nanoseconds.
    var damageTold: [UInt64: Int] = [:]
    var balancerBandwidth: Int

    /// Makes one over its storage directories.
    package init(configuration: DataNodeConfiguration, disks: [any Disk], random: SeededRandom) {
        self.configuration = configuration
        self.random = random
        clientID = RPCClientID(high: self.random.next(), low: self.random.next())
        let board = Switchboard()
        self.board = board
        store = BlockStore(disks, keepsFreeBytes: configuration.keepsFreeBytes) { level, message in
            board.effects.log(level, message)
        }
        balancerBandwidth = configuration.balancerBandwidth
    }

    func log(_ level: LogLevel, _ message: @autoclosure () -> String) { board.effects.log(level, message()) }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        guard !hasEnded else { return }
        board.begin(now, effects)
        if board.pass(event) { return }
        switch event {
        case .started: start()
        case .accepted(let connection, .transfer, _): TransferConnection(connection, of: self).begin()
        case .accepted(let connection, _, _): board.give(connection, to: CallConnection(connection, of: self))
        case .stopping: stop()
        default: break
        }
    }

    private func start() {
        startMilliseconds = board.now.wallMilliseconds
        store.volumeFailed = { [unowned self] _ in volumeFailed() }
        store.replicaVanished = { [unowned self] block, volume in
            log(.error, "the files of \(block) on \(volume.disk.name) have gone")
            report(.deleted, block, on: volume)
        }
        store.replicaDamaged = { [unowned self] block, volume in reportDamage(of: block, on: volume) }
        links = configuration.nameNodes.map { NameNodeLink($0, of: self) }
        for link in links { link.start() }
        watch()
        scanner.start()
    }

    /// Ends in order: replicas that are being written stay so, and are taken up after the next start.
    func stop() {
        hasEnded = true
        board.effects.stop()
    }

    func fail(_ reason: String) {
        hasEnded = true
        board.effects.fail("DataNode cannot go on: \(reason)")
    }

    private func volumeFailed() {
        lastVolumeFailure = board.now.wallMilliseconds
        let failed = store.volumes.count - store.workingVolumes.count
        let tolerated = configuration.toleratedVolumeFailures
        if store.workingVolumes.isEmpty || tolerated >= 0 && failed > tolerated {
            fail("\(failed) of \(store.volumes.count) volumes failed")
        }
    }

    // MARK: NameNodes

    /// Makes the store that of a NameNode's name space, or checks that it is.
    func accept(_ info: WireNamespaceInfo) throws {
        let identity = StoreIdentity(
            pool: info.blockPoolID, namespaceID: info.storageInfo.namespceID, clusterID: info.storageInfo.clusterID,
            creationTime: info.storageInfo.cTime)
        guard identity.pool.hasPrefix("BP-"), !identity.pool.contains("/"), identity.pool.utf8.count < 256 else {
            throw HoneyError(.environment, "STORAGE_MISMATCH", "not the name of a block pool: \(identity.pool)")
        }
        if let known = store.identity {
            guard known == identity else {
                throw HoneyError(
                    .environment, "STORAGE_MISMATCH",
                    "the NameNode has block pool \(identity.pool) of cluster \(identity.clusterID), the DataNode has "
                        + "\(known.pool) of \(known.clusterID)")
            }
        } else {
            try store.load(identity, random: &random)
            isReady = true
        }
    }

    func linkWasRefused(_ reason: String) {
        if links.allSatisfy(\.isRefused) { fail(reason) }
    }

    /// Takes what a NameNode says of itself; tells whether its orders are obeyed.
    ///
    /// One that was active and does not know yet that another took over must not give orders: the later transaction tells.
    func hear(_ status: WireNNHAStatusHeartbeat, from link: NameNodeLink) -> Bool {
        let transaction = Int(clamping: status.txid)
        if status.state == .active {
            if active !== link {
                let isLater = transaction > activeTransaction
                let isVacant = active == nil || active?.isHeard == false
                guard isLater || isVacant && transaction >= activeTransaction else {
                    log(.warning, "NameNode \(link.caller.address) claims to be active with an old transaction")
                    return false
                }
                active = link
            }
            activeTransaction = max(transaction, activeTransaction)
        } else if active === link {
            active = nil
        }
        return active === link
    }

    /// The NameNode that decides; nil while none is known.
    var activeLink: NameNodeLink? { active }

    // MARK: Transfers

    /// Counts a transfer in; nil when there are too many.
    func makeSessionNumber() -> Int? {
        guard sessions.count < configuration.transferLimit else {
            log(.warning, "too many transfers at a time: \(sessions.count)")
            return nil
        }
        lastSession += 1
        return lastSession
    }

    func begin(_ session: any TransferSession) { sessions[session.number] = session }

    func end(_ session: any TransferSession) { sessions[session.number] = nil }

    /// Looks now and then whether some transfer's other side is silent for too long.
    private func watch() {
        board.after(min(.seconds(5), max(configuration.socketTimeout / 4, .milliseconds(10)))) { [unowned self] in
            for number in sessions.keys.sorted() { sessions[number]?.checkSilence() }
            watch()
        }
    }

    /// Checks that a block is one of ours.
    func checkPool(_ block: WireExtendedBlock) throws {
        guard let pool = store.identity?.pool, pool == block.poolID else {
            throw RemoteException.inputOutput("Block pool \(block.poolID) is not found")
        }
    }
}

/// One transfer, under its number.
protocol TransferSession: ConnectionOwner {
    var number: Int { get }
    /// Ends the transfer when the other side was silent for too long.
    func checkSilence()
}
