import HoneyCore
import HoneyStorage

/// What statistics tell of a column's values, in the table's terms; nil where they tell nothing that holds.
struct ColumnBounds {
    private(set) var least: Value?
    private(set) var most: Value?
    /// Values that are not null.
    private(set) var count: UInt64?
    private(set) var hasNull: Bool?
    private let type: DataType

    /// Takes a file's statistics of a column that is read as `type`.
    init(_ statistics: ORCColumnStatistics, of node: TypeNode, as type: DataType, in tail: FileTail) {
        self.type = type
        count = statistics.hasNumberOfValues ? statistics.numberOfValues : nil
        hasNull = statistics.hasHasNull_p ? statistics.hasNull_p : nil
        guard let own = node.dataType, ColumnBounds.keepsOrder(from: own, to: type) else { return }
        switch own {
        case .boolean where statistics.hasBucketStatistics:
            guard let trues = statistics.bucketStatistics.count.first, let count else { return }
            least = .boolean(trues == count)
            most = .boolean(trues > 0)
        case .tinyint, .smallint, .int, .bigint:
            let values = statistics.intStatistics
            if values.hasMinimum { least = .integer(values.minimum) }
            if values.hasMaximum { most = .integer(values.maximum) }
        case .float, .double: takeReals(statistics.doubleStatistics)
        case .string, .varchar, .char:
            if !tail.isOfFirstWriter { takeStrings(statistics.stringStatistics) }
        case .decimal(let precision, let scale):
            // This version of the Java writer had those of up to 18 digits wrong.
            let isWrong = tail.footer.writer == FileTail.javaWriter && tail.postScript.writerVersion == 6
            if !isWrong || precision > DataType.maximumShortDecimalPrecision {
                least = ColumnBounds.decimal(statistics.decimalStatistics.minimum, scale: scale)
                most = ColumnBounds.decimal(statistics.decimalStatistics.maximum, scale: scale)
            }
        case .date: takeDates(statistics.dateStatistics, isHybrid: tail.hasHybridCalendar)
        case .timestamp:
            // Earlier ones depend on the writer's time zone.
            if tail.footer.writer != FileTail.javaWriter || tail.postScript.writerVersion >= 6 {
                takeTimestamps(statistics.timestampStatistics)
            }
        default: break
        }
    }

    /// Tells whether values keep their order when they are read as another type.
    private static func keepsOrder(from own: DataType, to type: DataType) -> Bool {
        if own == type { return true }
        switch (own, type) {
        case (.float, .double): return true
        case (.varchar, .string): return true
        default: break
        }
        guard let digits = own.integerDigits, let others = type.integerDigits else { return false }
        return digits <= others
    }

    private mutating func takeReals(_ values: ORCDoubleStatistics) {
        // NaN is beyond both bounds.
        guard values.hasMinimum, values.hasMaximum, !values.sum.isNaN, !values.minimum.isNaN, !values.maximum.isNaN
        else { return }
        least = .real(values.minimum)
        most = .real(values.maximum)
    }

    private mutating func takeStrings(_ values: ORCStringStatistics) {
        if values.hasMinimum || values.hasLowerBound {
            least = .string(values.hasMinimum ? values.minimum : values.lowerBound)
        }
        if values.hasMaximum || values.hasUpperBound {
            most = .string(values.hasMaximum ? values.maximum : values.upperBound)
        }
    }

    private mutating func takeDates(_ values: ORCDateStatistics, isHybrid: Bool) {
        func date(_ days: Int32) -> Value {
            .date(isHybrid ? Int32(clamping: HybridCalendar.fromHybrid(days: Int(days))) : days)
        }
        if values.hasMinimum { least = date(values.minimum) }
        if values.hasMaximum { most = date(values.maximum) }
    }

    private mutating func takeTimestamps(_ values: ORCTimestampStatistics) {
        // Milliseconds are cut, before 1970 sometimes by a second; older calendars are left alone.
        let least1600: Int64 = -11_676_096_000_000
        func nanoseconds(_ milliseconds: Int64, _ slack: Int64) -> Value {
            .timestamp((Int128(milliseconds) + Int128(milliseconds <= 0 ? slack * 1001 : max(slack, 0))) * 1_000_000)
        }
        if values.hasMinimumUtc, values.minimumUtc > least1600 { least = nanoseconds(values.minimumUtc, -1) }
        if values.hasMaximumUtc, values.maximumUtc > least1600 { most = nanoseconds(values.maximumUtc, 1) }
    }

    private static func decimal(_ text: String, scale: Int) -> Value? {
        var text = text
        let unscaled = text.withUTF8 { DecimalText.parse($0, precision: 38, scale: scale) }
        return unscaled.map { .decimal($0) }
    }

    // MARK: Conditions

    /// Tells whether some row may meet a condition.
    func mayHold(_ predicate: ColumnPredicate) -> Bool {
        switch predicate {
        case .isNull: return hasNull ?? true
        case .isNotNull: return count != 0
        case .range(_, let lower, let upper):
            if count == 0 { return false }
            if case .char = type, predicate.equals == nil { return true }
            if let lower, let most, let order = order(lower.value, most) {
                if order > 0 || (order == 0 && !lower.isInclusive) { return false }
            }
            if let upper, let least, let order = order(upper.value, least) {
                if order < 0 || (order == 0 && !upper.isInclusive) { return false }
            }
            return true
        case .oneOf(_, let values):
            if count == 0 { return false }
            return values.contains { value in
                if value.isNull { return false }
                if let most, let order = order(value, most), order > 0 { return false }
                if let least, let order = order(value, least), order < 0 { return false }
                return true
            }
        }
    }

    /// Orders two values of the type: negative, zero or positive; nil where that cannot be said.
    private func order(_ a: Value, _ b: Value) -> Int? {
        func sign<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : (a == b ? 0 : 1) }
        switch (a, b) {
        case (.integer(let a), .integer(let b)): return sign(a, b)
        case (.real(let a), .real(let b)): return a.isNaN || b.isNaN ? nil : sign(a, b)
        case (.decimal(let a), .decimal(let b)): return sign(a, b)
        case (.date(let a), .date(let b)): return sign(a, b)
        case (.timestamp(let a), .timestamp(let b)): return sign(a, b)
        case (.boolean(let a), .boolean(let b)): return sign(a ? 1 : 0, b ? 1 : 0)
        case (.string(let a), .string(let b)): return ColumnBounds.order(padded(a), padded(b))
        default: return nil
        }
    }

    /// Files order char with its padding.
    private func padded(_ text: String) -> String {
        guard case .char(let length) = type else { return text }
        return text + String(repeating: " ", count: max(length - text.unicodeScalars.count, 0))
    }

    private static func order(_ a: String, _ b: String) -> Int {
        var a = a
        var b = b
        return a.withUTF8 { first in b.withUTF8 { compareBytes(first, $0) } }
    }
}
