import HoneyHDFS
import HoneyWorld
import NIOCore

/// One run of a scenario.
package final class Simulation {
    package let scenario: Scenario
    let world: SimulatedWorld<HDFSMessage>
    var nameNodes: [SimulatedProcess<HDFSMessage>] = []
    /// Which of them is to be the active one.
    var activeNumber = 0
    var administrator: SimulatedProcess<HDFSMessage>?
    var secondary: SimulatedProcess<HDFSMessage>?
    var balancer: SimulatedProcess<HDFSMessage>?
    var dataNodes: [SimulatedProcess<HDFSMessage>] = []
    private(set) var workloads: [NameWorkload] = []
    private(set) var writers: [FileWorkload] = []
    /// All files that clients have made.
    var files: [FileRecord] = []
    var random: SeededRandom
    /// The first thing that went wrong.
    package private(set) var failure: String?
    /// What the name space was when the NameNode ended, and its last transaction.
    var lastKnown: (text: String, transaction: Int)?
    /// Hosts whose process a fault keeps down.
    var heldDown: [String: Int] = [:]
    /// DataNodes that are to be decommissioned.
    var excluded: Set<String> = []
    private(set) var hasCeased = false
    /// Nothing is wrong any more, and everything has been restored.
    private(set) var isQuiet = false
    package internal(set) var checkedRestarts = 0

    static let rpcPort = 8020
    /// How often DataNodes look at all their replicas.
    static let scanPeriod = Int.seconds(60)
    static let nameNodeName = "namenode"
    static let secondaryName = "secondary"

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
        makeNameNodes()
        if scenario.secondaryTransactions > 0 { makeSecondary() }
        for number in 0..<scenario.dataNodes { makeDataNode("datanode\(number + 1)") }
        if scenario.dataNodes > 1 { makeBalancer() }
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
    /// Whether disks have lost bits, of which nobody knows before DataNodes look at all they have.
    private var hasRotten: Bool {
        scenario.faults.contains { if case .rot = $0.fault { true } else { false } }
    }

    func fail(_ reason: String) {
        if failure == nil { failure = "at \(SimulatedWorld<HDFSMessage>.seconds(world.now)): \(reason)" }
    }

    // MARK: Running

    /// Runs everything; nil when nothing was wrong.
    package func run() -> String? {
        for timed in scenario.faults { schedule(timed) }
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
        if hasRotten {
            guard runUntil(world.now + 2 * Self.scanPeriod) || failure == nil, settle() else { return failure }
        }
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
        excluded.removeAll()
        tellExcluded()
        startNameNodes()
        secondary?.start()
        balancer?.kill()
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
    func exchange(_ disk: SimulatedDisk) {
        guard let host = world.hosts.values.first(where: { $0.disks.contains { $0 === disk } }) else { return }
        if host === nameNode.host { rememberNameSpace() }
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
        if scenario.hasStandby {
            takeOver()
            guard settle() else { return }
            checkFiles()
        } else {
            rememberNameSpace()
            nameNode.kill()
            startNameNode()
        }
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
