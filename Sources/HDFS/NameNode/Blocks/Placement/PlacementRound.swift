import HoneyWorld

/// The choice of targets for one block.
struct PlacementRound {
    let registry: DatanodeRegistry
    let blockBytes: Int
    let writer: Datanode?
    let writerRack: String?
    /// Whether the block has no replica yet.
    let isNew: Bool
    /// Transceivers above which a node is too busy; nil when it does not matter.
    var average: Double?
    /// Nodes must have been heard of since, monotonic nanoseconds; nil when it does not matter.
    var freshSince: Int?
    private(set) var chosen: [DatanodeStorage] = []
    /// Those there were before and those chosen.
    private var nodes: [Datanode]
    private var excluded: Set<Int>
    private let wanted: Int
    private let rackLimit: Int

    init(
        registry: DatanodeRegistry, count: Int, blockBytes: Int, writer: Datanode?, writerRack: String?,
        excluding: Set<String>, existing: [DatanodeStorage]
    ) {
        self.registry = registry
        self.blockBytes = blockBytes
        self.writer = writer
        self.writerRack = writerRack
        isNew = existing.isEmpty
        nodes = existing.map(\.node)
        excluded = Set(excluding.compactMap { registry.node(uuid: $0)?.index })
        excluded.formUnion(nodes.lazy.map(\.index))
        wanted = count
        let total = min(existing.count + count, max(existing.count, registry.live.count))
        let racks = registry.liveRackCount
        if racks <= 1 || total <= 1 {
            rackLimit = total
        } else {
            // One rack never holds all of them.
            let limit = (total - 1) / racks + 2
            rackLimit = limit == total ? limit - 1 : limit
        }
    }

    var isShort: Bool { chosen.count < wanted }

    /// Chooses until there are enough or no node is left.
    mutating func chooseRest(_ random: inout SeededRandom) {
        while isShort {
            guard chooseNext(&random) else { return }
        }
    }

    private mutating func chooseNext(_ random: inout SeededRandom) -> Bool {
        switch nodes.count {
        case 0:
            if let writer, choose(writer, &random) { return true }
            if let writerRack, choose(&random, where: { $0.rack == writerRack }) { return true }
        case 1:
            let first = nodes[0].rack
            if choose(&random, where: { $0.rack != first }) { return true }
        case 2:
            let (first, second) = (nodes[0].rack, nodes[1].rack)
            if first == second {
                if choose(&random, where: { $0.rack != first }) { return true }
            } else {
                let near = isNew ? second : writer?.rack ?? second
                if choose(&random, where: { $0.rack == near }) { return true }
            }
        default:
            // A block with all its replicas on one rack needs another most.
            let first = nodes[0].rack
            if nodes.allSatisfy({ $0.rack == first }), choose(&random, where: { $0.rack != first }) { return true }
        }
        return choose(&random) { _ in true }
    }

    private mutating func choose(_ random: inout SeededRandom, where isInScope: (Datanode) -> Bool) -> Bool {
        let live = registry.live
        // In a large cluster a few tries are cheaper than a list of all that would do.
        for _ in 0..<10 {
            let node = live[Int(random.next(upperBound: UInt64(live.count)))]
            if isInScope(node), choose(node, &random) { return true }
        }
        let able = live.filter { isInScope($0) && isGood($0) }
        guard let node = able.randomElement(using: &random) else { return false }
        return choose(node, &random)
    }

    /// Takes a node if it will do.
    @discardableResult
    mutating func choose(_ node: Datanode, _ random: inout SeededRandom) -> Bool {
        guard isShort, isGood(node) else { return false }
        let roomy = node.storages.filter { $0.isWritable && $0.remaining >= blockBytes }
        guard let storage = roomy.randomElement(using: &random) else { return false }
        chosen.append(storage)
        nodes.append(node)
        excluded.insert(node.index)
        return true
    }

    private func isGood(_ node: Datanode) -> Bool {
        guard node.isAlive, node.isInService, !excluded.contains(node.index) else { return false }
        if let freshSince, node.lastHeartbeat < freshSince { return false }
        if let average, Double(node.transceivers) > average { return false }
        guard node.available(blockBytes: blockBytes) >= max(blockBytes, 1),
            node.storages.contains(where: { $0.isWritable && $0.remaining >= blockBytes })
        else { return false }
        return nodes.reduce(0) { $0 + ($1.rack == node.rack ? 1 : 0) } < rackLimit
    }
}
