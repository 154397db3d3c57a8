import HoneyCatalog
package import HoneyCore
package import HoneyPlan

/// Cuts batches into parts so that each bucket of a table is in one of them: bucket `b` in part `b % parts`.
package final class BucketPartitioner: RowPartitioner {
    private let routing: BucketRouting
    private let width: Int
    private let partCount: Int

    /// Takes batches whose first columns are those that the target stores; nil for one without buckets.
    package init?(_ target: WriteTarget, parts: Int) throws {
        guard let routing = try BucketRouting(target.storage, tableParameters: target.tableParameters) else {
            return nil
        }
        self.routing = routing
        width = target.storage.columns.count
        partCount = parts
    }

    package func parts(of batch: Batch) throws -> [Batch] {
        let stored = Array(batch.columns.prefix(width))
        let buckets = routing.buckets(of: stored, count: batch.count, selection: batch.selection)
        return batch.parts(partCount, by: buckets.map { UInt16(truncatingIfNeeded: Int($0) % partCount) })
    }
}
