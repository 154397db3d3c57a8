import HoneyCore
import HoneyExecution
import HoneyPlan
import HoneyStorage
import Synchronization

/// The splits of one scan, which all its instances take from: those nearest to their places first, and the largest of them.
final class SplitQueue: Sendable {
    /// What storage is asked for.
    let request: TableScan
    private let splits: [ScanSplit]
    private let placement: SplitPlacement
    private let state: Mutex<State>
    /// Small enough that two threads end at about the same time, large enough that opening does not show.
    private static let targetBytes = 4 << 20

    private struct State {
        var isTaken: [Bool]
        /// How far each order has been gone through.
        var positions: [Int]
    }

    var count: Int { splits.count }

    /// Lists the files of a scan and cuts those that can be cut.
    convenience init(
        _ scan: PhysicalScan, handler: FileTableHandler, settings: [String: String], places: [ExecutionPlace]
    ) throws {
        let request = TableScan(
            table: scan.table, partitions: scan.partitions ?? [],
            sources: (scan.columns + scan.filterColumns).map { column in
                switch column.source {
                case .table(let index): .column(index)
                case .fileName: .fileName
                case .blockOffset: .rowOffset
                }
            }, predicates: scan.predicates, bucketPredicates: scan.bucketPredicates, settings: settings)
        self.init(request, try handler.splits(of: request, targetBytes: Self.targetBytes), places: places)
    }

    init(_ request: TableScan, _ splits: [ScanSplit], places: [ExecutionPlace]) {
        self.request = request
        self.splits = splits
        placement = SplitPlacement(splits, places: places)
        state = Mutex(
            State(
                isTaken: Array(repeating: false, count: splits.count),
                positions: Array(repeating: 0, count: placement.orders.count)))
    }

    /// Takes the next split for a place, with its distance; that is nil where it lies on no particular host.
    func take(at place: Int) -> (split: ScanSplit, distance: SplitDistance?)? {
        let orderIndex = placement.orderIndex(of: place)
        let order = placement.orders[orderIndex]
        let taken = state.withLock { state -> Int? in
            while state.positions[orderIndex] < order.count {
                let index = order[state.positions[orderIndex]]
                state.positions[orderIndex] += 1
                guard !state.isTaken[index] else { continue }
                state.isTaken[index] = true
                return index
            }
            return nil
        }
        return taken.map { (splits[$0], placement.distance(of: $0, from: place)) }
    }
}
