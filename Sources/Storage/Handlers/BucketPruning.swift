import HoneyCatalog
import HoneyCore
import HoneyFiles

/// Chooses the files of a bucketed table that can hold the rows a scan wants, by the numbers in their names.
///
/// A file's name begins with its bucket's number: `000003_0`, `000003_0_copy_1`, `00003_0_part-…`.
enum BucketPruning {
    private static let mostCombinations = 1000

    /// The files worth reading; all, unless every name tells a bucket and the predicates fix all bucket columns, or are on
    /// their hash.
    static func files(_ files: [FileStatus], of storage: StorageDescriptor, _ scan: TableScan) -> [FileStatus] {
        guard storage.bucketCount > 0, scan.settings["hive.tez.bucket.pruning"]?.lowercased() != "false",
            scan.table.parameters[Table.unprovenBuckets]?.lowercased() != "true",
            let wanted = wanted(of: storage, scan)
        else { return files }
        let numbers = files.map { bucket(ofFile: $0.location.name) }
        guard numbers.allSatisfy({ $0.map { $0 < storage.bucketCount } ?? false }) else { return files }
        return zip(files, numbers).filter { $1.map(wanted.contains) ?? true }.map(\.0)
    }

    /// The buckets that may hold wanted rows by either kind of predicates; nil when none tells.
    private static func wanted(of storage: StorageDescriptor, _ scan: TableScan) -> Set<Int>? {
        let fixed = buckets(of: storage, scan)
        let sampled = scan.bucketPredicates.filter { isOnBuckets($0, of: storage, scan) }
        guard fixed != nil || !sampled.isEmpty else { return nil }
        let all = fixed ?? Set(0..<storage.bucketCount)
        return all.filter { bucket in sampled.allSatisfy { $0.mayPass(bucket: bucket, of: storage.bucketCount) } }
    }

    /// Tells whether a predicate is on the hash that chose the files' buckets.
    private static func isOnBuckets(
        _ predicate: BucketPredicate, of storage: StorageDescriptor, _ scan: TableScan
    ) -> Bool {
        let columns = storage.bucketColumns.map { name in
            storage.columns.firstIndex { $0.name == name.lowercased() }
        }
        return !columns.isEmpty && columns == predicate.columns
            && predicate.version == BucketHash.Version(tableParameters: scan.table.parameters)
            && predicate.columns.allSatisfy {
                $0 < scan.table.storage.columns.count && storage.columns[$0] == scan.table.storage.columns[$0]
            }
    }

    /// The number at the start of a bucket file's name: digits, `_`, a digit.
    static func bucket(ofFile name: String) -> Int? {
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        let rest = name.dropFirst(digits.count)
        guard rest.first == "_", let next = rest.dropFirst().first, next.isASCII, next.isNumber else { return nil }
        return Int(digits)
    }

    /// The buckets that rows can be in which pass the scan's predicates; nil when those leave it open.
    static func buckets(of storage: StorageDescriptor, _ scan: TableScan) -> Set<Int>? {
        var hashes: [Int32] = [0]
        let version = BucketHash.Version(tableParameters: scan.table.parameters)
        guard !storage.bucketColumns.isEmpty else { return nil }
        for name in storage.bucketColumns {
            // Rows were hashed as values of the type that the column had when they were written.
            guard let index = storage.columns.firstIndex(where: { $0.name == name.lowercased() }),
                index < scan.table.storage.columns.count, storage.columns[index] == scan.table.storage.columns[index],
                let values = values(of: index, storage.columns[index].type, scan.predicates),
                values.count * hashes.count <= mostCombinations
            else { return nil }
            let column = Column.of(storage.columns[index].type, values)
            let next = values.indices.map { BucketHash.hash(column, row: $0, version: version) }
            hashes = hashes.flatMap { hash in next.map { hash &* 31 &+ $0 } }
        }
        return Set(hashes.map { BucketHash.bucket($0, of: storage.bucketCount) })
    }

    /// The fewest values that a predicate leaves a column.
    private static func values(of column: Int, _ type: DataType, _ predicates: [ColumnPredicate]) -> [Value]? {
        let candidates = predicates.filter { $0.column == column }.compactMap { predicate -> [Value]? in
            switch predicate {
            case .oneOf(_, let values): return values
            case .range(_, let lower?, let upper?) where lower == upper && lower.isInclusive: return [lower.value]
            case .isNull: return [.null]
            default: return nil
            }
        }
        return candidates.min { $0.count < $1.count }?.flatMap { value -> [Value] in
            // Zeros are equal, but hash each in its own way.
            if case .real(let number) = value, number == 0 { return [.real(0.0), .real(-0.0)] }
            return [value]
        }
    }
}
