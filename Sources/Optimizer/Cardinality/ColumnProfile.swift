import HoneyCatalog
import HoneyCore
import HoneyPlan

/// What is believed of a column's values.
struct ColumnProfile {
    /// Rows of the table or node that the column comes from, before conditions: no column has more distinct values.
    var sourceRows: Double
    /// Distinct values, when statistics tell.
    var distinctCount: Double?
    var minimum: Double?
    var maximum: Double?
    var type: DataType

    /// Distinct values, guessed where unknown: booleans have two, dates a few years of days, whole numbers are often
    /// keys of a table a few times smaller, texts and the rest repeat more.
    var distinctGuess: Double {
        if let distinctCount { return max(distinctCount, 1) }
        switch type {
        case .boolean: return 2
        case .date: return min(sourceRows, 2500)
        case .tinyint: return min(sourceRows, 128)
        case .int, .bigint, .smallint: return max(sourceRows / 4, min(sourceRows, 10))
        case .double, .float, .decimal, .timestamp: return max(sourceRows / 3, min(sourceRows, 10))
        default: return max(sourceRows.squareRoot() * 4, 1)
        }
    }

    /// The fraction of rows that have one given value.
    var equalFraction: Double {
        if let distinctCount { return 1 / max(distinctCount, 1) }
        switch type {
        case .boolean: return 0.5
        case .date, .timestamp: return 0.01
        default: return min(1, max(0.05, 1 / max(sourceRows, 1)))
        }
    }

    /// How many values the keys of an equality join range over.
    ///
    /// With statistics, the larger number of distinct values. Without, one side is taken for the key of its table and
    /// the other for a reference to it: the table of the key is the smaller one, and has as many values as rows.
    static func domain(_ columns: [ColumnProfile]) -> Double {
        let known = columns.compactMap(\.distinctCount)
        if let largest = known.max() { return max(largest, 1) }
        // One row is a constant, not the key of a table.
        let tables = columns.map(\.sourceRows).filter { $0 > 1 }
        return max(tables.min() ?? 1, 1)
    }

    /// How many combinations of values several equalities range over: no more than the smaller of the two tables that
    /// they compare has rows, as when a reference has the two columns of a key.
    static func combinedDomain(_ keys: [(left: ColumnProfile, right: ColumnProfile, domain: Double)]) -> Double {
        guard keys.count > 1 else { return max(keys.first?.domain ?? 1, 1) }
        let product = keys.reduce(1) { min($0 * $1.domain, 1e18) }
        // Which side of an equality is whose does not matter where each has been written the same way round.
        let left = keys.map(\.left.sourceRows).max()!
        let right = keys.map(\.right.sourceRows).max()!
        return max(1, min(product, max(min(left, right), keys.map(\.domain).max()!)))
    }
}

extension Value {
    /// A number in the order of the values; nil for those that are not like numbers. Decimals as the type scales them.
    func position(in type: DataType) -> Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .decimal(let unscaled):
            if case .decimal(_, let scale) = type { Double(unscaled) / Double.powerOfTen(scale) } else { nil }
        case .date(let days): Double(days)
        case .timestamp(let nanoseconds): Double(nanoseconds) / 86_400e9
        default: nil
        }
    }
}

extension Double {
    fileprivate static func powerOfTen(_ exponent: Int) -> Double {
        (0..<max(exponent, 0)).reduce(1) { product, _ in product * 10 }
    }
}
