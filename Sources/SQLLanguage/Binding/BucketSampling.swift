import HoneyCatalog
import HoneyCore
import HoneyPlan

extension FromBinder {
    /// The condition that rows of a bucket sample meet: their keys hash to the bucket.
    func condition(of sample: BucketSampleSyntax, _ table: Table, _ scope: Scope) throws -> Expression {
        let place = sample.position
        guard sample.bucket <= sample.count else {
            throw HoneyError.semantic(
                "BUCKET_COUNT", "there is no bucket \(sample.bucket) out of \(sample.count)", at: place)
        }
        let keys = try self.keys(of: sample, table, scope)
        let session = query.session
        let version = BucketHash.Version(tableParameters: table.parameters)
        let hash = try session.call(version == .java ? "hash" : "murmur_hash", keys, at: place)
        let positive = try session.call("&", [hash, .literal(.integer(Int64(Int32.max)), .int)], at: place)
        let bucket = try session.call("%", [positive, .literal(.integer(Int64(sample.count)), .int)], at: place)
        return try session.call(
            Expression.Operator.equal, [bucket, .literal(.integer(Int64(sample.bucket - 1)), .int)], at: place)
    }

    private func keys(of sample: BucketSampleSyntax, _ table: Table, _ scope: Scope) throws -> [Expression] {
        let binder = ExpressionBinder(query.session, query.environment, scope, clause: "TABLESAMPLE")
        binder.allowsSubqueries = false
        if !sample.keys.isEmpty { return try sample.keys.map { try binder.bind($0) } }
        guard table.storage.bucketCount > 0, !table.storage.bucketColumns.isEmpty else {
            throw HoneyError.semantic(
                "NOT_BUCKETED", "table has no buckets; say by what to sample it (on column): \(table.name)",
                at: sample.position)
        }
        return try table.storage.bucketColumns.map { name in
            try binder.bind(ExpressionSyntax(sample.position, .name([name])))
        }
    }
}
