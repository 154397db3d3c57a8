import HoneyCatalog
import HoneyCore

/// Tells which bucket each row of a bucketed table goes to.
struct BucketRouting {
    let count: Int
    private let columns: [Int]
    private let version: BucketHash.Version

    /// Nil for a table without buckets. Fails with `BUCKET_COLUMN` when a bucket column is none of the table's.
    init?(_ storage: StorageDescriptor, tableParameters: [String: String]) throws {
        guard storage.bucketCount > 0, !storage.bucketColumns.isEmpty else { return nil }
        count = storage.bucketCount
        columns = try storage.bucketColumns.map { name in
            guard let index = storage.columns.firstIndex(where: { $0.name == name.lowercased() }) else {
                throw HoneyError(.data, "BUCKET_COLUMN", "table has no such column, yet is bucketed by it: \(name)")
            }
            return index
        }
        version = BucketHash.Version(tableParameters: tableParameters)
    }

    /// The buckets of the batch's (selected) rows, of which `stored` are the table's columns.
    func buckets(of stored: [Column], count rows: Int, selection: Selection?) -> [Int32] {
        let total = selection?.count ?? rows
        return [Int32](unsafeUninitializedCapacity: total) { buffer, initialized in
            initialized = total
            guard total > 0, let base = buffer.baseAddress else { return }
            BucketHash.fill(
                base, columns.map { stored[$0] }, count: rows, selection: selection, version: version)
            for position in 0..<total {
                base[position] = Int32(truncatingIfNeeded: BucketHash.bucket(base[position], of: count))
            }
        }
    }
}
