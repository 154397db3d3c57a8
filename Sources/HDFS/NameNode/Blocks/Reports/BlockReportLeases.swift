/// Which nodes may send full reports now, so that not all do at once after a start.
struct BlockReportLeases {
    private struct Lease {
        var node: Int
        var expires: Int
    }

    private let limit: Int
    private let length: Int
    private var leases: [Lease] = []
    private var nextID: UInt64 = 1

    /// `length` is nanoseconds.
    init(limit: Int, length: Int) {
        self.limit = limit
        self.length = length
    }

    /// Grants a lease; 0 when too many nodes have one.
    mutating func request(_ node: Int, at now: Int) -> UInt64 {
        leases.removeAll { $0.expires <= now || $0.node == node }
        guard limit <= 0 || leases.count < limit else { return 0 }
        leases.append(Lease(node: node, expires: now + length))
        defer { nextID += 1 }
        return nextID
    }

    mutating func release(_ node: Int) { leases.removeAll { $0.node == node } }
}
