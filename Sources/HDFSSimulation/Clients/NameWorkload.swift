import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld

/// What one client does and what it knows: operations one after another in a directory of its own, each answer compared with the model's.
final class NameWorkload {
    let name: String
    private unowned let simulation: Simulation
    private let process: SimulatedProcess<HDFSMessage>
    private var random: SeededRandom
    private var maker: OperationMaker
    private(set) var tree: ModelTree
    private(set) var left: Int
    private(set) var acknowledged = 0
    /// What was asked and not answered.
    private var current: Operation?
    private var life = 0
    private var hasBegun = false
    private var hasDirectory = false
    private(set) var isDone = false
    /// Directories of earlier lives with what may be there.
    private(set) var estates: [Estate] = []

    /// What a client left behind when it died.
    struct Estate {
        var root: String
        /// The trees of which one must be there; nil stands for nothing at all.
        var possible: [ModelTree?]
    }

    init(
        _ name: String, process: SimulatedProcess<HDFSMessage>, simulation: Simulation, operations: Int,
        random: SeededRandom
    ) {
        self.name = name
        self.process = process
        self.simulation = simulation
        self.random = random
        left = operations
        tree = ModelTree(root: "/" + name)
        maker = OperationMaker(random: self.random.split(), root: tree.root)
    }

    private var replication: Int { simulation.scenario.replication }

    /// Begins, with a directory of its own.
    func begin() {
        hasBegun = true
        guard simulation.heldDown[name, default: 0] == 0 else { return }
        process.start()
        next()
    }

    /// Hears that the process was killed: what it was doing may be done or not, and it goes on elsewhere.
    func died() {
        life += 1
        var changed = tree
        var possible: [ModelTree?] = hasDirectory ? [tree] : [nil, tree]
        if hasDirectory, let current, changed.apply(current, replication: replication) { possible.append(changed) }
        if !isDone { estates.append(Estate(root: tree.root, possible: possible)) }
        guard !isDone else { return }
        tree = ModelTree(root: "/\(name)-\(life)")
        maker = OperationMaker(random: random.split(), root: tree.root)
        hasDirectory = false
        current = nil
    }

    /// Goes on after a restart.
    func resume() { if hasBegun, !isDone { next() } }

    private func next() {
        guard hasDirectory else { return perform(.makeDirectory(tree.root)) }
        guard left > 0 else {
            isDone = true
            return
        }
        left -= 1
        perform(maker.next())
    }

    private func perform(_ operation: Operation) {
        current = operation
        let life = life
        process.perform(HDFSClient.self) { [self] client, now, effects in
            client.run(at: now, effects) { client in
                client.perform(operation, replication: replication) { [self] outcome in
                    guard self.life == life else { return }
                    judge(operation, outcome)
                }
            }
        }
    }

    private func judge(_ operation: Operation, _ outcome: OperationOutcome) {
        current = nil
        acknowledged += 1
        simulation.world.trace?("    \(name) did \(operation): \(Self.words(outcome))")
        if hasDirectory { compare(operation, outcome) } else { hasDirectory = true }
        let pause = simulation.scenario.paceMilliseconds
        let life = life
        simulation.world.after(.milliseconds(Int.random(in: 0...max(2 * pause, 1), using: &random))) { [self] in
            if self.life == life { next() }
        }
    }

    private static func words(_ outcome: OperationOutcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused(let reason): "refused: \(reason.prefix(200))"
        case .found(let status): "found \(String(status.permission.perm, radix: 8)) ×\(status.blockReplication)"
        case .listed(let entries): "listed \(entries.count)"
        }
    }

    private func compare(_ operation: Operation, _ outcome: OperationOutcome) {
        let before = tree
        let isExpected = tree.apply(operation, replication: replication)
        let isDone = if case .refused = outcome { false } else { true }
        guard isDone == isExpected else {
            return simulation.fail(
                "\(name): \(operation) was \(Self.words(outcome)), but \(isExpected ? "had to be done" : "had to be refused")\n"
                    + "the model before:\n\(before.text)")
        }
        switch (operation, outcome) {
        case (.look(let path), .found(let status)):
            if let difference = tree.difference(of: status, at: path) { simulation.fail("\(name): \(difference)") }
        case (.list(let path), .listed(let entries)) where tree.isDirectory(path):
            let names = entries.map { String(decoding: $0.path, as: UTF8.self) }
            if names != tree.names(in: path) {
                simulation.fail("\(name): \(path) lists \(names), not \(tree.names(in: path))")
            }
        default: break
        }
    }
}

extension ModelTree {
    /// Tells how a status differs from the model; nil when it doesn't.
    func difference(of status: WireHdfsFileStatus, at path: String) -> String? {
        guard let node = nodes[path] else { return "\(path) is there, but must not be" }
        let isDirectory = status.fileType == .isDir
        let found = Node(
            isDirectory: isDirectory, mode: Int(status.permission.perm),
            replication: isDirectory ? 0 : Int(status.blockReplication), size: Int(status.length))
        return found == node ? nil : "\(path) is \(found), not \(node)"
    }
}
