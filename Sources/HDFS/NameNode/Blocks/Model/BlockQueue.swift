/// Blocks by id in the order in which they were added, each once; removing is cheap too.
struct BlockQueue {
    /// 0 where a block was removed.
    private var order: [UInt64] = []
    private var places: [UInt64: Int] = [:]
    private var start = 0

    var count: Int { places.count }
    var isEmpty: Bool { places.isEmpty }

    func contains(_ id: UInt64) -> Bool { places[id] != nil }

    @discardableResult
    mutating func insert(_ id: UInt64) -> Bool {
        guard places[id] == nil else { return false }
        places[id] = order.count
        order.append(id)
        return true
    }

    @discardableResult
    mutating func remove(_ id: UInt64) -> Bool {
        guard let place = places.removeValue(forKey: id) else { return false }
        order[place] = 0
        while start < order.count, order[start] == 0 { start += 1 }
        compactIfSparse()
        return true
    }

    mutating func popFirst() -> UInt64? {
        while start < order.count, order[start] == 0 { start += 1 }
        guard start < order.count else { return nil }
        let id = order[start]
        order[start] = 0
        start += 1
        places[id] = nil
        compactIfSparse()
        return id
    }

    mutating func removeAll() { self = BlockQueue() }

    /// The first blocks, at most `limit`.
    func prefix(_ limit: Int) -> [UInt64] {
        var found: [UInt64] = []
        var place = start
        while place < order.count, found.count < limit {
            if order[place] != 0 { found.append(order[place]) }
            place += 1
        }
        return found
    }

    var all: [UInt64] { prefix(count) }

    private mutating func compactIfSparse() {
        guard order.count > 64, places.count < order.count / 2 else { return }
        order.removeAll { $0 == 0 }
        start = 0
        for (place, id) in order.enumerated() { places[id] = place }
    }
}
