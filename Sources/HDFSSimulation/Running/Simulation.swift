import HoneyHDFS
import HoneyWorld
import NIOCore

/// One run of a scenario.
package final class Simulation {
    package let scenario: Scenario
    let world: SimulatedWorld<HDFSMessage>
    private(set) var nameNodeHost: SimulatedHost
    private(set) var nameNode: SimulatedProcess<HDFSMessage>!
    private(set) var dataNodes: [SimulatedProcess<HDFSMessage>] = []
    private(set) var workloads: [NameWorkload] = []
    private(set) var writers: [FileWorkload] = []
    /// All files that clients have made.
    var files: [FileRecord] = []
    private var random: SeededRandom
    /// The first thing that went wrong.
    package private(set) var failure: String?
    /// What the name space was when the NameNode ended, and its last transaction.
    private var lastKnown: (text: String, transaction: Int)?
    /// Hosts whose process a fault keeps down.
    var heldDown: [String: Int] = [:]
    private(set) var hasCeased = false
    /// Nothing is wrong any more, and everything has been restored.
    private(set) var isQuiet = false
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
        for number in 0..<scenario.dataNodes { makeDataNode("datanode\(number + 1)") }
        for number in 0..<scenario.clients {
            let name = "client\(number + 1)"
            workloads.append(
                NameWorkload(
                    name, process: makeClient(name), simulation: self, operations: scenario.operations,
                    random: random.split()))
        }
        for number in 0..<scenario.writers {
            let name = "writer\(number + 1)"
            writers.append(
                FileWorkload(
                    name, process: makeClient(name), simulation: self, operations: scenario.writerOperations,
                    random: random.split()))
        }
    }

    /// Hears the history line by line.
    package var trace: ((String) -> Void)? {
        get { world.trace }
        set {
            world.trace = newValue
            world.describe = newValue == nil ? nil : { $0.summary }
        }
    }

    package var fingerprint: UInt64 { world.fingerprint }
    package var eventCount: Int { world.eventCount }
    /// Operations of clients that were answered.
    package var acknowledged: Int {
        workloads.reduce(0) { $0 + $1.acknowledged } + writers.reduce(0) { $0 + $1.acknowledged }
    }
    /// Whether disks have lost bits, so that not all replicas can be asked for.
    var hasRotten: Bool {
        scenario.faults.contains { if case .rot = $0.fault { true } else { false } }
    }

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
            configuration.smallestBlockBytes = 1024
            configuration.hardLeaseLimit = .seconds(90)
            configuration.blocks.recheckInterval = .seconds(10)
            configuration.blocks.pendingTimeout = .seconds(30)
            configuration.blocks.safeModeExtension = .seconds(5)
            return NameNode(configuration: configuration, disks: disks, random: random.split())
        }
        nameNode.onEnd = { [unowned self] end in
            if hasCeased { fail("the NameNode ended though nothing is wrong any more: \(end)") }
        }
    }

    private func makeDataNode(_ name: String) {
        let host = world.addHost(name)
        let disks = (0..<scenario.dataDisks).map { host.addDisk("\($0)", capacity: 1 << 30) }
        dataNodes.append(
            world.addProcess(name, on: host, listening: [(9866, .transfer), (9867, .rpc)]) { [unowned self] in
                var configuration = DataNodeConfiguration()
                configuration.nameNodes = [.tcp(host: Self.nameNodeName, port: Self.rpcPort)]
                configuration.host = name
                configuration.transferAddress = .tcp(host: name, port: 9866)
                configuration.rpcAddress = .tcp(host: name, port: 9867)
                configuration.socketTimeout = .seconds(20)
                return DataNode(configuration: configuration, disks: disks, random: random.split())
            })
    }

    private func makeClient(_ name: String) -> SimulatedProcess<HDFSMessage> {
        world.addProcess(name, on: world.addHost(name)) { [unowned self] in
            var configuration = HDFSClientConfiguration(
                nameNodes: [.tcp(host: Self.nameNodeName, port: Self.rpcPort)], user: "hdfs")
            configuration.replication = scenario.replication
            configuration.blockBytes = scenario.blockBytes
            configuration.packetBytes = scenario.packetBytes
            configuration.callTimeout = .seconds(30)
            configuration.socketTimeout = .seconds(20)
            // What was asked is asked until it is answered.
            configuration.connectPatience = .seconds(1 << 30)
            configuration.safeModePatience = .seconds(1 << 30)
            return HDFSClient(configuration: configuration, random: random.split())
        }
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
        for node in dataNodes where heldDown[node.name, default: 0] == 0 { node.start() }
        world.after(.seconds(5)) { [unowned self] in supervise() }
    }

    // MARK: Running

    /// Runs everything; nil when nothing was wrong.
    package func run() -> String? {
        for timed in scenario.faults { schedule(timed) }
        nameNode.start()
        supervise()
        for workload in workloads { workload.begin() }
        // Not before there is somewhere to write to.
        world.after(dataNodes.isEmpty ? 0 : .seconds(4)) { [unowned self] in
            for writer in writers { writer.begin() }
        }
        let last = scenario.faults.map(\.atMilliseconds).max() ?? 0
        let span = max(
            last, scenario.operations * (scenario.paceMilliseconds + 50),
            scenario.writerOperations * (scenario.writerPaceMilliseconds + 50))
        runUntil(.milliseconds(span) + .seconds(60)) { [self] in areClientsDone && world.now > .milliseconds(last) }
        cease()
        // Connections that broke silently need their time, and safe mode its own.
        guard failure == nil, finishClients(), settle() else { return failure }
        isQuiet = true
        finalChecks()
        return failure
    }

    private var areClientsDone: Bool { workloads.allSatisfy(\.isDone) && writers.allSatisfy(\.isDone) }

    private func finishClients() -> Bool {
        let isDone = runUntil(world.now + .seconds(1200)) { [self] in areClientsDone }
        if failure == nil, !isDone {
            let waiting =
                workloads.filter { !$0.isDone }.map { "\($0.name) (\($0.left) left)" }
                + writers.filter { !$0.isDone }.map { "\($0.name) (\($0.left) left)" }
            fail("clients don't come to an end though nothing is wrong any more: \(waiting.joined(separator: ", "))")
        }
        return failure == nil
    }

    /// Waits until all is restored, and what the dead have sent has come or never will.
    private func settle() -> Bool {
        let begin = world.now
        var left: String?
        repeat {
            // What could not pass is sent again within seconds.
            guard runUntil(world.now + .seconds(10)) || failure == nil else { return false }
            left = unsettled()
        } while left != nil && world.now < begin + .seconds(900)
        if let left { fail("not everything is restored after 15 minutes in which nothing was wrong: \(left)") }
        return failure == nil
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
        for node in dataNodes { node.start() }
        for workload in workloads { restart(workload.name) }
        for writer in writers { restart(writer.name) }
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
        if disk.faults.isLost { exchange(disk) }
        disk.faults = DiskFaults()
        disk.capacity = 1 << 40
        disk.syncNanoseconds = Int.milliseconds(1)...Int.milliseconds(5)
    }

    /// Puts an empty disk in the place of a lost one, for which its host's processes are stopped.
    private func exchange(_ disk: SimulatedDisk) {
        guard let host = world.hosts.values.first(where: { $0.disks.contains { $0 === disk } }) else { return }
        if host === nameNodeHost { rememberNameSpace() }
        for process in world.processes(on: host) { process.kill() }
        disk.replace()
    }

    /// Starts a client again and lets it go on.
    func restart(_ client: String) {
        guard let process = world.processes[client], !process.isAlive, process.host.isUp else { return }
        process.start()
        workloads.first { $0.name == client }?.resume()
        writers.first { $0.name == client }?.resume()
    }

    // MARK: The end

    private func finalChecks() {
        checkTrees()
        checkFiles()
        readAll()
        guard failure == nil else { return }
        rememberNameSpace()
        nameNode.kill()
        startNameNode()
        checkTrees()
    }

    /// Reads every file by a client that knows nothing yet.
    private func readAll() {
        let there = files.filter { $0.isCertain && $0.stage != .writing }
        guard failure == nil, !there.isEmpty else { return }
        let reader = makeClient("reader")
        reader.start()
        var left = there.count
        for record in there {
            reader.perform(HDFSClient.self) { client, now, effects in
                client.run(at: now, effects) { client in
                    ReadCheck.read(record.paths[0], client) { [unowned self] result in
                        left -= 1
                        switch result {
                        case .success(let bytes): check(bytes, of: record, least: record.acknowledged)
                        case .failure(let error): note(failureOf: "reading of \(record.paths[0])", error)
                        }
                    }
                }
            }
        }
        if !runUntil(world.now + .seconds(300), { left == 0 }), failure == nil {
            fail("\(left) files cannot be read to their ends")
        }
        reader.kill()
    }

    private func checkTrees() {
        guard failure == nil, let namespace = (nameNode.machine as? NameNode)?.namespace else { return }
        for workload in workloads {
            let possible = [NameWorkload.Estate(root: workload.tree.root, possible: [workload.tree])] + workload.estates
            for estate in possible {
                let found = ModelTree(root: estate.root, in: namespace)
                guard !estate.possible.contains(found) else { continue }
                let wanted = estate.possible.map { $0?.text ?? "nothing" }.joined(separator: "\nor\n")
                fail("\(estate.root) is not as it must be; there is\n\(found?.text ?? "nothing")\nnot\n\(wanted)")
            }
        }
    }
}
