import HoneyCore
import HoneyStorage

/// Hashes values as the bloom filters of a column do, where these can be trusted.
struct BloomHashing {
    let node: TypeNode
    let type: DataType
    let tail: FileTail

    /// The versions of the C++ library that hashed wrongly, but for those that do not name themselves.
    private static let wrongVersions =
        Set((0...11).map { "1.6.\($0)" }).union(["1.7.0"])

    /// The kind of stream to ask; nil when there is none or none to be trusted.
    func usableKind(in stripe: Stripe) throws -> ORCStream.Kind? {
        guard let own = node.dataType, own == type || (own.isInteger && type.isInteger) else { return nil }
        if tail.footer.writer == FileTail.nativeWriter {
            let version = tail.footer.softwareVersion.prefix { $0 != "-" }
            if version.isEmpty || BloomHashing.wrongVersions.contains(String(version)) { return nil }
        }
        if stripe.range(.bloomFilterUtf8, of: node.column) != nil {
            let encoding = try stripe.encoding(of: node.column).bloomEncoding
            // 0: timestamps are of the writer's time zone.
            guard encoding <= 1, encoding == 1 || own != .timestamp else { return nil }
            return .bloomFilterUtf8
        }
        guard stripe.range(.bloomFilter, of: node.column) != nil, own != .timestamp else { return nil }
        // Earlier ones have strings in the writer's character set.
        let hasUTF8 = tail.footer.writer != FileTail.javaWriter || tail.postScript.writerVersion >= 3
        return hasUTF8 || !(own.isText || own.isDecimal) ? .bloomFilter : nil
    }

    /// The hashes of values; nil when one of them may be stored in several ways.
    func hashes(of values: [Value]) -> [UInt64]? {
        var hashes: [UInt64] = []
        for value in values where !value.isNull {
            guard let hash = hash(of: value) else { return nil }
            hashes.append(hash)
        }
        return hashes
    }

    private func hash(of value: Value) -> UInt64? {
        switch (value, type) {
        case (.integer(let integer), _) where type.isInteger: return BloomHash.hash(integer)
        case (.real(let real), .double), (.real(let real), .float):
            // Zeros of either sign are equal, and their bits are not.
            return real.isNaN || real == 0 ? nil : BloomHash.hash(real)
        case (.date(let days), .date):
            return BloomHash.hash(
                Int64(tail.hasHybridCalendar ? HybridCalendar.toHybrid(days: Int(days)) : Int(days)))
        case (.timestamp(let nanoseconds), .timestamp):
            guard nanoseconds >= 0 else { return nil }
            return BloomHash.hash(Int64(truncatingIfNeeded: nanoseconds / 1_000_000))
        case (.string(var text), .string), (.string(var text), .varchar): return text.withUTF8 { BloomHash.hash($0) }
        case (.decimal(let unscaled), .decimal(_, let scale)):
            guard tail.footer.writer == FileTail.javaWriter else { return nil }
            var text = ByteSink()
            ValueStatistics.append(unscaled, scale, to: &text)
            return text.withBytes { BloomHash.hash($0) }
        default: return nil
        }
    }
}
