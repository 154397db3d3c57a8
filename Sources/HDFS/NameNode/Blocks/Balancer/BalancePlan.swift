import HoneyHDFSMessages

/// Which nodes are too full, which too empty, and how many bytes go from one to another in one iteration.
struct BalancePlan {
    struct Move: Hashable {
        /// Indexes of nodes.
        var source: Int
        var target: Int
        var bytes: Int
    }

    let nodes: [WireDatanodeInfo]
    private(set) var moves: [Move] = []
    /// Bytes that must move before every node is within the threshold; 0 when the cluster is balanced.
    private(set) var bytesLeft = 0
    private var giving: [Int]
    private var taking: [Int]

    init(nodes: [WireDatanodeInfo], threshold: Double, bytesPerNode: Int) {
        self.nodes = nodes
        giving = Array(repeating: 0, count: nodes.count)
        taking = giving
        let capacity = nodes.reduce(0.0) { $0 + Double($1.capacity) }
        guard capacity > 0 else { return }
        let average = nodes.reduce(0.0) { $0 + Double($1.dfsUsed) } * 100 / capacity
        var (over, above, below, under): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
        var (tooMuch, tooLittle) = (0, 0)
        for (index, node) in nodes.enumerated() where node.capacity > 0 && node.adminState == .normal {
            let difference = Double(node.dfsUsed) * 100 / Double(node.capacity) - average
            let bytes = Self.part(abs(difference), of: node.capacity)
            let beyond = Self.part(abs(difference) - threshold, of: node.capacity)
            if difference > 0 {
                giving[index] = min(bytes, bytesPerNode)
                if difference > threshold { over.append(index) } else { above.append(index) }
                tooMuch += beyond
            } else {
                taking[index] = min(bytes, bytesPerNode, Int(clamping: node.remaining))
                if difference < -threshold { under.append(index) } else { below.append(index) }
                tooLittle += beyond
            }
        }
        bytesLeft = max(tooMuch, tooLittle)
        guard bytesLeft > 0 else { return }
        // Within a rack first, which spares what joins racks.
        for isNear in [true, false] {
            pair(over, under, isNear)
            pair(over, below, isNear)
            pair(above, under, isNear)
        }
    }

    var bytesToMove: Int { moves.reduce(0) { $0 + $1.bytes } }

    private static func part(_ percent: Double, of capacity: UInt64) -> Int {
        percent <= 0 ? 0 : Int(min(percent * Double(capacity) / 100, 1e18))
    }

    private mutating func pair(_ sources: [Int], _ targets: [Int], _ isNear: Bool) {
        for source in sources {
            for target in targets {
                guard giving[source] > 0 else { break }
                guard taking[target] > 0, (nodes[source].location == nodes[target].location) == isNear else {
                    continue
                }
                let bytes = min(giving[source], taking[target])
                giving[source] -= bytes
                taking[target] -= bytes
                moves.append(Move(source: source, target: target, bytes: bytes))
            }
        }
    }
}
