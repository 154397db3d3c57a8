import HoneyHDFS
import HoneyWorld
import NIOCore

/// One run of a scenario.
package final class Simulation {
    package let scenario: Scenario
    let world: SimulatedWorld<HDFSMessage>
    private(set) var nameNodeHost: SimulatedHost
    private(set) var nameNode: SimulatedProcess<HDFSMessage>!
    private(set) var workloads: [Workload] = []
    private var random: SeededRandom
    /// The first thing that went wrong.
    package private(set) var failure: String?
    /// What the name space was when the NameNode ended, and its last transaction.
    private var lastKnown: (text: String, transaction: Int)?
    /// Hosts whose process a fault keeps down.
    var heldDown: [String: Int] = [:]
    private(set) var hasCeased = false
    package private(set) var checkedRestarts = 0

    static let rpcPort = 8020
    static let nameNodeName = "namenode"

    package init(_ scenario: Scenario) {
        self.scenario = scenario
        random = SeededRandom(seed: scenario.seed)
        world = SimulatedWorld(
            seed: random.next(), wires: scenario.sendsBytes ? [RPCWire(), TransferWire()] : [],
            size: \.simulatedBytes)
        let care = scenario.network
        world.network.usual = LinkConditions(
            latencyNanoseconds: care.latencyMicroseconds * 1000, jitterNanoseconds: care.jitterMicroseconds * 1000,
            lossThousandths: care.lossThousandths, cutThousandths: care.cutThousandths)
        nameNodeHost = world.addHost(Self.nameNodeName)
        makeNameNode()
        for number in 0..<scenario.clients { makeClient("client\(number + 1)") }
    }

    /// Hears the history line by line.
    package var trace: ((String) -> Void)? {
        get { world.trace }
        set { world.trace = newValue }
    }

    package var fingerprint: UInt64 { world.fingerprint }
    package var eventCount: Int { world.eventCount }
    /// Operations of clients that were answered.
    package var acknowledged: Int { workloads.reduce(0) { $0 + $1.acknowledged } }

    func fail(_ reason: String) {
        if failure == nil { failure = "at \(SimulatedWorld<HDFSMessage>.seconds(world.now)): \(reason)" }
    }

    // MARK: Building

    private func makeNameNode() {
        let disks = (0..<scenario.nameDisks).map { _ in nameNodeHost.addDisk("\(nameNodeHost.disks.count)") }
        let checkpoint = scenario.checkpointTransactions
        nameNode = world.addProcess(
            Self.nameNodeName, on: nameNodeHost, listening: [(Self.rpcPort, .rpc)]
        ) { [unowned self] in
            var configuration = NameNodeConfiguration()
            configuration.host = Self.nameNodeName
            configuration.checkpointTransactions = checkpoint
            configuration.blocks.recheckInterval = .seconds(10)
            return NameNode(configuration: configuration, disks: disks, random: random.split())
        }
        nameNode.onEnd = { [unowned self] end in
            if hasCeased { fail("the NameNode ended though nothing is wrong any more: \(end)") }
        }
    }

    private func makeClient(_ name: String) {
        let host = world.addHost(name)
        let process = world.addProcess(name, on: host) { [unowned self] in
            Caller(nameNode: .tcp(host: Self.nameNodeName, port: Self.rpcPort), random: random.split())
        }
        workloads.append(
            Workload(
                name, process: process, simulation: self, operations: scenario.operations, random: random.split()))
    }

    // MARK: The NameNode's name space

    /// Notes what the NameNode knows, before it goes.
    func rememberNameSpace() {
        guard let node = nameNode.machine as? NameNode, let namespace = node.namespace else { return }
        lastKnown = (namespace.text, node.transactions.last)
    }

    /// Starts the NameNode, which must know what it knew: all, unless transactions nobody was told of are lost.
    func startNameNode() {
        guard !nameNode.isAlive, nameNodeHost.isUp else { return }
        nameNode.start()
        guard let node = nameNode.machine as? NameNode, let namespace = node.namespace, let lastKnown else { return }
        self.lastKnown = nil
        guard node.transactions.last == lastKnown.transaction else { return }
        checkedRestarts += 1
        let text = namespace.text
        guard text != lastKnown.text else { return }
        fail("the restarted NameNode differs:\n" + Self.difference(lastKnown.text, text))
    }

    /// The lines that are in one text alone.
    static func difference(_ old: String, _ new: String) -> String {
        let (before, after) = (old.split(separator: "\n"), new.split(separator: "\n"))
        let gone = before.filter { !after.contains($0) }.map { "- " + $0 }
        let come = after.filter { !before.contains($0) }.map { "+ " + $0 }
        return (gone + come).joined(separator: "\n")
    }

    /// Starts again whatever ended by itself, as the system's service manager does.
    private func supervise() {
        if !nameNode.isAlive, heldDown[Self.nameNodeName, default: 0] == 0 { startNameNode() }
        world.after(.seconds(5)) { [unowned self] in supervise() }
    }

    // MARK: Running

    /// Runs everything; nil when nothing was wrong.
    package func run() -> String? {
        for timed in scenario.faults { schedule(timed) }
        nameNode.start()
        supervise()
        for workload in workloads { workload.begin() }
        let last = scenario.faults.map(\.atMilliseconds).max() ?? 0
        let span = max(last, scenario.operations * (scenario.paceMilliseconds + 50))
        runUntil(.milliseconds(span) + .seconds(60)) { [self] in
            workloads.allSatisfy(\.isDone) && world.now > .milliseconds(last)
        }
        cease()
        guard failure == nil else { return failure }
        // Connections that broke silently need their time, and safe mode its own.
        let isDone = runUntil(world.now + .seconds(1200)) { [self] in workloads.allSatisfy(\.isDone) }
        if failure == nil, !isDone {
            let waiting = workloads.filter { !$0.isDone }.map { "\($0.name) (\($0.left) left)" }
            fail("clients don't come to an end though nothing is wrong any more: \(waiting.joined(separator: ", "))")
        }
        guard failure == nil else { return failure }
        // What the dead have sent arrives or does not.
        runUntil(world.now + .seconds(300))
        finalChecks()
        return failure
    }

    @discardableResult
    private func runUntil(_ time: Int, _ condition: () -> Bool = { false }) -> Bool {
        world.run(until: time) { failure != nil || condition() } && failure == nil
    }

    /// Mends everything.
    private func cease() {
        world.network.unblockAll()
        world.network.forgetSpecialConditions()
        world.network.usual.lossThousandths = 0
        world.network.usual.cutThousandths = 0
        for host in world.hosts.values.sorted(by: { $0.name < $1.name }) {
            mend(host)
            for process in world.processes(on: host) { process.resume() }
        }
        heldDown.removeAll()
        startNameNode()
        for workload in workloads { restart(workload.name) }
        hasCeased = true
        if !nameNode.isAlive { fail("the NameNode does not start: \(nameNode.end.map { "\($0)" } ?? "no power")") }
    }

    private func mend(_ host: SimulatedHost) {
        if !host.isUp { world.restorePower(host) }
        host.refusesConnections = false
        host.clock.setDrift(millionths: 0, at: world.now)
        for disk in host.disks { mend(disk) }
    }

    func mend(_ disk: SimulatedDisk) {
        if disk.faults.isLost { disk.replace() }
        disk.faults = DiskFaults()
        disk.capacity = 1 << 40
        disk.syncNanoseconds = Int.milliseconds(1)...Int.milliseconds(5)
    }

    /// Starts a client again and lets it go on.
    func restart(_ client: String) {
        guard let process = world.processes[client], !process.isAlive, process.host.isUp,
            let workload = workloads.first(where: { $0.name == client })
        else { return }
        process.start()
        workload.resume()
    }

    // MARK: The end

    private func finalChecks() {
        checkTrees()
        rememberNameSpace()
        nameNode.kill()
        startNameNode()
        checkTrees()
    }

    private func checkTrees() {
        guard failure == nil, let namespace = (nameNode.machine as? NameNode)?.namespace else { return }
        for workload in workloads {
            let possible = [Workload.Estate(root: workload.tree.root, possible: [workload.tree])] + workload.estates
            for estate in possible {
                let found = ModelTree(root: estate.root, in: namespace)
                guard !estate.possible.contains(found) else { continue }
                let wanted = estate.possible.map { $0?.text ?? "nothing" }.joined(separator: "\nor\n")
                fail("\(estate.root) is not as it must be; there is\n\(found?.text ?? "nothing")\nnot\n\(wanted)")
            }
        }
    }
}

extension HDFSMessage {
    /// How many bytes a message counts on the simulated network.
    fileprivate var simulatedBytes: Int {
        switch self {
        case .call(let call): 100 + call.body.readableBytes
        case .reply(let reply):
            if case .success(let body) = reply.outcome { 50 + body.readableBytes } else { 300 }
        case .transfer(.packet(let packet)): 40 + packet.checksums.readableBytes + packet.data.readableBytes
        default: 200
        }
    }
}
