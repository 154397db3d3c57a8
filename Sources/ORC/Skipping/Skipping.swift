import HoneyCatalog
import HoneyCore
import HoneyStorage
internal import SwiftProtobuf

/// Finds what of a file need not be read because no row of it meets the request's conditions.
struct Skipping {
    /// A condition and the column of the file it is of; nil when the file has none.
    private struct Check {
        var predicate: ColumnPredicate
        var node: TypeNode?
        var type: DataType
    }

    private let checks: [Check]
    private let tail: FileTail
    private let stripeStatistics: [ORCStripeStatistics]

    /// Nil when there is no condition.
    init?(_ request: ReadRequest, mapping: ColumnMapping, tail: FileTail) throws {
        guard !request.predicates.isEmpty else { return nil }
        self.tail = tail
        checks = request.predicates.map {
            Check(predicate: $0, node: mapping.types[$0.column], type: request.columns[$0.column].type)
        }
        // The first writer had stripes' largest values wrong.
        stripeStatistics = tail.isOfFirstWriter ? [] : try tail.stripeStatistics()
    }

    /// Tells whether some row of a stripe may meet every condition.
    func mayHoldRows(inStripe number: Int) throws -> Bool {
        for check in checks {
            guard let node = check.node else {
                // Every row is null there.
                if case .isNull = check.predicate { continue }
                return false
            }
            guard number < stripeStatistics.count, node.column < stripeStatistics[number].colStats.count else {
                continue
            }
            let bounds = ColumnBounds(
                stripeStatistics[number].colStats[node.column], of: node, as: check.type, in: tail)
            if !bounds.mayHold(check.predicate) { return false }
        }
        return true
    }

    /// The runs of row groups of a stripe that may have rows that meet every condition.
    func groups(of stripe: Stripe) throws -> [Range<Int>] {
        let indexed = checks.filter { $0.node.map { stripe.range(.rowIndex, of: $0.column) != nil } ?? false }
        guard stripe.groupCount > 1 || !indexed.isEmpty, stripe.groupCount > 0 else { return [0..<stripe.groupCount] }
        try stripe.loadRowIndexes(of: Set(indexed.compactMap { $0.node?.column }).sorted())
        var isWanted = [Bool](repeating: true, count: stripe.groupCount)
        for check in indexed {
            guard let node = check.node, let index = stripe.rowIndex(of: node.column) else { continue }
            for group in 0..<stripe.groupCount where isWanted[group] && index.entry[group].hasStatistics {
                let bounds = ColumnBounds(index.entry[group].statistics, of: node, as: check.type, in: tail)
                isWanted[group] = bounds.mayHold(check.predicate)
            }
            if isWanted.contains(true) { try askBloomFilters(check, node, stripe, &isWanted) }
        }
        return Skipping.runs(isWanted)
    }

    private func askBloomFilters(_ check: Check, _ node: TypeNode, _ stripe: Stripe, _ isWanted: inout [Bool]) throws {
        guard let values = check.predicate.equals else { return }
        let hashing = BloomHashing(node: node, type: check.type, tail: tail)
        guard let kind = try hashing.usableKind(in: stripe),
            let hashes = hashing.hashes(of: values),
            let section = try stripe.sections(kind, of: [node.column]).first
        else { return }
        guard let filters = try? ORCBloomFilterIndex(serializedBytes: section.bytes, partial: true) else {
            throw HoneyError.damaged("bloom filters do not parse")
        }
        for group in isWanted.indices where isWanted[group] && group < filters.bloomFilter.count {
            guard let bits = BloomBits(filters.bloomFilter[group]) else { continue }
            isWanted[group] = hashes.contains { bits.mayContain($0) }
        }
    }

    static func runs(_ isWanted: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for group in isWanted.indices where isWanted[group] {
            if let last = runs.last, last.upperBound == group {
                runs[runs.count - 1] = last.lowerBound..<group + 1
            } else {
                runs.append(group..<group + 1)
            }
        }
        return runs
    }
}

extension FileTail {
    /// Numbers of writers in footers.
    static let javaWriter: UInt32 = 0
    static let nativeWriter: UInt32 = 1

    /// Tells whether the file is of Hive's first writer, whose statistics of strings and of stripes are wrong.
    var isOfFirstWriter: Bool { footer.writer == FileTail.javaWriter && postScript.writerVersion < 1 }
}

extension ColumnPredicate {
    /// The values of which one is equal to those of every row that passes; nil for other conditions.
    var equals: [Value]? {
        switch self {
        case .oneOf(_, let values): values
        case .range(_, let lower?, let upper?) where lower.isInclusive && upper.isInclusive && lower.value == upper.value:
            [lower.value]
        default: nil
        }
    }
}
