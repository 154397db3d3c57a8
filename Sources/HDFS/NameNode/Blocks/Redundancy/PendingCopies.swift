/// Copies that were ordered, or are expected from a pipeline, and have not been reported yet.
struct PendingCopies {
    private struct Copies {
        /// Indexes of the storages where they will be.
        var targets: [UInt32]
        /// When one was last ordered, monotonic nanoseconds.
        var since: Int
    }

    private var copies: [UInt64: Copies] = [:]
    /// By the time of the last order.
    private var order = BlockQueue()

    var blockCount: Int { copies.count }

    func count(_ id: UInt64) -> Int { copies[id]?.targets.count ?? 0 }

    func targets(_ id: UInt64) -> [UInt32] { copies[id]?.targets ?? [] }

    mutating func add(_ id: UInt64, targets: [DatanodeStorage], at now: Int) {
        var entry = copies[id] ?? Copies(targets: [], since: now)
        for target in targets where !entry.targets.contains(target.index) { entry.targets.append(target.index) }
        entry.since = now
        copies[id] = entry
        order.remove(id)
        order.insert(id)
    }

    /// Notes that a copy has come or cannot come any more. False when it was not waited for.
    @discardableResult
    mutating func remove(_ id: UInt64, target: UInt32) -> Bool {
        guard var entry = copies[id], let place = entry.targets.firstIndex(of: target) else { return false }
        entry.targets.remove(at: place)
        if entry.targets.isEmpty { remove(id) } else { copies[id] = entry }
        return true
    }

    mutating func remove(_ id: UInt64) {
        if copies.removeValue(forKey: id) != nil { order.remove(id) }
    }

    mutating func removeAll() { self = PendingCopies() }

    /// Forgets copies for a storage that is gone; lists their blocks.
    mutating func removeTarget(_ target: UInt32) -> [UInt64] {
        let affected = order.all.filter { copies[$0]!.targets.contains(target) }
        for id in affected { remove(id, target: target) }
        return affected
    }

    /// Takes off those ordered before `deadline`.
    mutating func takeOlder(than deadline: Int) -> [UInt64] {
        var taken: [UInt64] = []
        while let id = order.prefix(1).first, copies[id]!.since < deadline {
            remove(id)
            taken.append(id)
        }
        return taken
    }
}
