/// What was used last, up to a limit: when that is exceeded, what was used longest ago goes.
public struct RecentlyUsed<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var cost: Int
        var lastUse: Int
    }

    private var entries: [Key: Entry] = [:]
    private var uses = 0
    private let limit: Int
    /// What all that is kept costs together; never more than the limit.
    public private(set) var cost = 0

    /// Keeps values whose costs together are at most `limit`, such as bytes, or a number of values of cost 1 each.
    public init(limit: Int) { self.limit = limit }

    public var count: Int { entries.count }

    /// Gives a value, which is used by that.
    public mutating func value(for key: Key) -> Value? {
        guard let place = entries.index(forKey: key) else { return nil }
        uses += 1
        entries.values[place].lastUse = uses
        return entries.values[place].value
    }

    /// Keeps a value in place of the one that its key had, unless it costs more than the limit by itself.
    public mutating func keep(_ value: Value, for key: Key, cost: Int = 1) {
        remove(key)
        guard cost <= limit else { return }
        uses += 1
        entries[key] = Entry(value: value, cost: cost, lastUse: uses)
        self.cost += cost
        while self.cost > limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            remove(oldest.key)
        }
    }

    public mutating func remove(_ key: Key) {
        if let gone = entries.removeValue(forKey: key) { cost -= gone.cost }
    }
}
