/// Blocks with too few replicas, most endangered first; within a priority those that wait longest.
struct NeededBlocks {
    enum Priority: Int, CaseIterable {
        /// One more failure loses data.
        case highest
        /// Less than a third of the replicas.
        case veryLow
        case low
        /// Enough replicas, but all on one rack.
        case badlyDistributed
        /// No good replica is known: nothing to copy from.
        case lost
    }

    private var queues = Array(repeating: BlockQueue(), count: Priority.allCases.count)
    private var priorities: [UInt64: Priority] = [:]
    /// Of the lost ones, those that should have had one replica only.
    private(set) var lostWithOneReplica = 0
    private var lostSingles: Set<UInt64> = []

    /// Blocks that can be helped.
    var count: Int { priorities.count - queues[Priority.lost.rawValue].count }
    var lostCount: Int { queues[Priority.lost.rawValue].count }
    var highestCount: Int { queues[Priority.highest.rawValue].count }
    var badlyDistributedCount: Int { queues[Priority.badlyDistributed.rawValue].count }
    var lost: [UInt64] { queues[Priority.lost.rawValue].all }

    func priority(of id: UInt64) -> Priority? { priorities[id] }

    /// Adds a block or moves it to another priority.
    mutating func update(_ id: UInt64, _ priority: Priority, wantsOne: Bool) {
        if priorities[id] != priority {
            remove(id)
            priorities[id] = priority
            queues[priority.rawValue].insert(id)
        }
        let isLostSingle = priority == .lost && wantsOne
        if isLostSingle { lostSingles.insert(id) } else { lostSingles.remove(id) }
        lostWithOneReplica = lostSingles.count
    }

    mutating func remove(_ id: UInt64) {
        guard let old = priorities.removeValue(forKey: id) else { return }
        queues[old.rawValue].remove(id)
        if lostSingles.remove(id) != nil { lostWithOneReplica = lostSingles.count }
    }

    mutating func removeAll() { self = NeededBlocks() }

    /// Lists the blocks to help next, about `limit`, each with its priority.
    ///
    /// Some of each priority are among them: blocks that cannot be helped, such as those that are to have more replicas than
    /// there are nodes, must not keep others waiting for ever.
    func first(_ limit: Int) -> [(id: UInt64, priority: Priority)] {
        var found: [(id: UInt64, priority: Priority)] = []
        for priority in Priority.allCases where priority != .lost {
            found += queues[priority.rawValue].prefix(max(limit - found.count, limit / 8, 1)).map { ($0, priority) }
        }
        return found
    }

    /// Puts a block that could not be helped behind the others of its priority, so that they have their turn.
    mutating func moveBack(_ id: UInt64) {
        guard let priority = priorities[id] else { return }
        queues[priority.rawValue].remove(id)
        queues[priority.rawValue].insert(id)
    }
}
