import HoneyCore
import HoneyExecution
import HoneyPlan
import HoneyStorage
import Synchronization

/// The splits of one scan, which all its instances take from: the largest first.
final class SplitQueue: Sendable {
    /// What storage is asked for.
    let request: TableScan
    private let splits: [ScanSplit]
    private let taken = Atomic<Int>(0)
    /// Small enough that two threads end at about the same time, large enough that opening does not show.
    private static let targetBytes = 4 << 20

    var count: Int { splits.count }

    /// Lists the files of a scan and cuts those that can be cut.
    init(_ scan: PhysicalScan, handler: FileTableHandler, settings: [String: String]) throws {
        let request = TableScan(
            table: scan.table, partitions: scan.partitions ?? [],
            sources: (scan.columns + scan.filterColumns).map { column in
                switch column.source {
                case .table(let index): .column(index)
                case .fileName: .fileName
                case .blockOffset: .rowOffset
                }
            }, predicates: scan.predicates, bucketPredicates: scan.bucketPredicates, settings: settings)
        self.request = request
        let found = try handler.splits(of: request, targetBytes: Self.targetBytes)
        splits = found.enumerated().sorted { ($1.element.bytes, $0.offset) < ($0.element.bytes, $1.offset) }.map(
            \.element)
    }

    func take() -> ScanSplit? {
        let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < splits.count ? splits[index] : nil
    }
}
