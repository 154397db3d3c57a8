import HoneyExecution
import HoneyPlan
import HoneyStorage

/// How far a split's bytes are from a place.
enum SplitDistance: Int, Comparable {
    case local, rack, offRack

    static func < (left: SplitDistance, right: SplitDistance) -> Bool { left.rawValue < right.rawValue }
}

/// The order in which each place takes a scan's splits: the nearest first, and of those the largest.
///
/// Nobody waits for a nearer one: a place that has none left takes one from another rack.
struct SplitPlacement: Sendable {
    /// Indices of splits, by place.
    let orders: [[Int]]
    /// Distances of splits, by place; nil where a split's bytes lie on no particular host.
    private let distances: [[SplitDistance?]]

    /// Orders splits for places, of which there must be one at least.
    init(_ splits: [ScanSplit], places: [ExecutionPlace]) {
        let bySize = splits.indices.sorted { (splits[$1].bytes, $0) < (splits[$0].bytes, $1) }
        guard splits.contains(where: { !$0.hosts.isEmpty }) else {
            orders = [bySize]
            distances = [splits.map { _ in nil }]
            return
        }
        distances = places.map { place in
            let racks = Self.racks(of: place, splits)
            return splits.map { Self.distance(of: $0, from: place, racks) }
        }
        orders = distances.map { distances in
            // Sorting is stable, so that sizes stay in order within a distance.
            bySize.sorted { distances[$0] ?? .local < distances[$1] ?? .local }
        }
    }

    /// The order of a place; all places have the same where nothing lies on particular hosts.
    func orderIndex(of place: Int) -> Int { orders.count == 1 ? 0 : place }

    func distance(of split: Int, from place: Int) -> SplitDistance? { distances[orderIndex(of: place)][split] }

    /// The racks that a place is in, as the splits that lie on it tell.
    private static func racks(of place: ExecutionPlace, _ splits: [ScanSplit]) -> Set<String> {
        var racks: Set<String> = []
        for split in splits {
            for (host, rack) in zip(split.hosts, split.racks) where place.hosts.contains(host) { racks.insert(rack) }
        }
        return racks
    }

    private static func distance(of split: ScanSplit, from place: ExecutionPlace, _ racks: Set<String>)
        -> SplitDistance?
    {
        if split.hosts.isEmpty { return nil }
        if split.hosts.contains(where: place.hosts.contains) { return .local }
        return split.racks.contains(where: racks.contains) ? .rack : .offRack
    }
}

extension LocalityCounts {
    /// One split at a distance.
    init(_ distance: SplitDistance) {
        self.init()
        switch distance {
        case .local: local = 1
        case .rack: rack = 1
        case .offRack: offRack = 1
        }
    }
}
