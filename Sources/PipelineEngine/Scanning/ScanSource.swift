import HoneyCore
import HoneyExecution
import HoneyPlan
import HoneyStorage
import Synchronization

/// Starts a pipeline with the rows of a table: takes splits until there are none and reads each.
final class ScanSource: SourceOperator {
    private let nodeID: Int
    private let width: Int
    private let filters: [any RowFilter]
    private let isEmpty: Bool
    private let splits: SplitQueue
    /// Index of the place it runs at.
    private let place: Int
    private let handler: FileTableHandler
    private let query: QueryState
    private let memory: MemoryReservation
    private var reader: (any BatchReader)?
    private var counted = ReadCounters()

    init(
        _ scan: PhysicalScan, nodeID: Int, splits: SplitQueue, place: Int, joins: [JoinFilter],
        handler: FileTableHandler,
        query: QueryState, in context: EvaluationContext, memory: MemoryReservation
    ) throws {
        self.nodeID = nodeID
        self.splits = splits
        self.place = place
        self.handler = handler
        self.query = query
        self.memory = memory
        width = scan.columns.count
        let columns = (scan.columns + scan.filterColumns).map(\.reference)
        var isEmpty = false
        let conditions = try ScanSource.groups(of: scan.filters).compactMap { predicate -> ScanFilter? in
            let filter = try CompiledFilter(predicate, over: columns, in: context)
            if filter.neverPasses { isEmpty = true }
            return filter.alwaysPasses ? nil : try ScanFilter(predicate, projection: columns, in: context)
        }
        filters = conditions + joins
        self.isEmpty = isEmpty
    }

    /// Joins neighbouring conditions on the same columns, so that each set of columns is decoded for one filter.
    private static func groups(of filters: [Expression]) -> [Expression] {
        var groups: [(columns: Set<ColumnID>, conjuncts: [Expression])] = []
        for filter in filters.flatMap(\.conjuncts) {
            let used = filter.referencedColumns
            if let last = groups.indices.last, groups[last].columns == used {
                groups[last].conjuncts.append(filter)
            } else {
                groups.append((used, [filter]))
            }
        }
        return groups.compactMap { Expression.conjunction($0.conjuncts) }
    }

    var peakMemoryBytes: Int { memory.peakBytes }

    func next() throws -> Step {
        while !query.isStopped {
            guard let reader else {
                guard !isEmpty, let (split, distance) = splits.take(at: place) else { return .finished }
                self.reader = try handler.makeReader(for: splits.request, split: split, filters: filters)
                if let distance { query.record(LocalityCounts(distance), nodeID: nodeID) }
                counted = ReadCounters()
                continue
            }
            let batch = try reader.next()
            count(reader.counters)
            guard let batch else {
                self.reader = nil
                _ = query.finishedSplits.wrappingAdd(1, ordering: .relaxed)
                continue
            }
            guard batch.rowCount > 0 else { continue }
            try memory.set(batch.columns.reduce(0) { $0 + $1.memoryBytes })
            return .batch(
                Batch(columns: Array(batch.columns.prefix(width)), count: batch.count, selection: batch.selection))
        }
        return .finished
    }

    func close() { reader = nil }

    private func count(_ counters: ReadCounters) {
        guard counters != counted else { return }
        var news = ReadCounters()
        news.bytesRequested = counters.bytesRequested - counted.bytesRequested
        news.bytesRead = counters.bytesRead - counted.bytesRead
        news.bytesDecompressed = counters.bytesDecompressed - counted.bytesDecompressed
        news.rowsRead = counters.rowsRead - counted.rowsRead
        news.partsSkipped = counters.partsSkipped - counted.partsSkipped
        _ = query.bytesRead.wrappingAdd(news.bytesRead, ordering: .relaxed)
        _ = query.rowsRead.wrappingAdd(news.rowsRead, ordering: .relaxed)
        query.record(news, nodeID: nodeID)
        counted = counters
    }
}
