/// The condition that rows hash to one of `count` parts: `(hash(columns) & 2^31-1) % count = remainder`.
public struct BucketPredicate: Hashable, Sendable, Codable {
    public var columns: [Int]
    public var version: BucketHash.Version
    public var remainder: Int
    public var count: Int

    /// Makes a condition on columns, by their positions.
    public init(columns: [Int], version: BucketHash.Version, remainder: Int, count: Int) {
        self.columns = columns
        self.version = version
        self.remainder = remainder
        self.count = count
    }

    /// Tells whether rows that pass can be in a bucket of `buckets` by the same hash of the same columns.
    ///
    /// A number has both remainders just when these agree by the greatest common divisor of what is divided by.
    public func mayPass(bucket: Int, of buckets: Int) -> Bool {
        guard count > 0, buckets > 0 else { return true }
        var (larger, divisor) = (max(count, buckets), min(count, buckets))
        while larger % divisor != 0 { (larger, divisor) = (divisor, larger % divisor) }
        return bucket % divisor == remainder % divisor
    }
}
