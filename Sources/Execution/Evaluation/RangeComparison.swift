import HoneyCore

/// A test of whether a whole number lies between two bounds, which are in the range: one comparison a row for two conditions.
struct RangeComparison {
    let low: Int64
    let high: Int64

    /// Combines two comparisons of one column with constants, one bound each way; nil when they are none.
    init?(_ a: ConstantComparison, _ b: ConstantComparison) {
        guard let (first, second) = RangeComparison.ordered(a, b), let low = RangeComparison.value(first.constant),
            let high = RangeComparison.value(second.constant)
        else { return nil }
        let (above, overflowsLow) = low.addingReportingOverflow(first.sign == ">" ? 1 : 0)
        let (below, overflowsHigh) = high.subtractingReportingOverflow(second.sign == "<" ? 1 : 0)
        guard !overflowsLow, !overflowsHigh, above <= below else { return nil }
        if first.constant.physical == .int32, Int32(exactly: above) == nil || Int32(exactly: below) == nil {
            return nil
        }
        self.low = above
        self.high = below
    }

    private static func ordered(
        _ a: ConstantComparison, _ b: ConstantComparison
    ) -> (ConstantComparison, ConstantComparison)? {
        if a.sign.hasPrefix(">") && b.sign.hasPrefix("<") && b.sign != "<>" { return (a, b) }
        if b.sign.hasPrefix(">") && a.sign.hasPrefix("<") && a.sign != "<>" { return (b, a) }
        return nil
    }

    private static func value(_ constant: Column) -> Int64? {
        switch constant.physical {
        case .int32: Int64(constant.values(as: Int32.self)[0])
        case .int64: constant.values(as: Int64.self)[0]
        default: nil
        }
    }

    /// Chooses among the rows of `previous`, or all.
    func select(_ column: Column, count: Int, among previous: Selection?) -> Selection {
        // What lies below the range wraps around to be far above it.
        if column.physical == .int32 {
            let values = column.values(as: Int32.self)
            let start = Int32(truncatingIfNeeded: low)
            let width = UInt32(truncatingIfNeeded: high &- low)
            return SelectionLoop.select(column, count: count, among: previous) {
                UInt32(bitPattern: values[$0] &- start) <= width
            }
        }
        let values = column.values(as: Int64.self)
        let start = low
        let width = UInt64(bitPattern: high &- low)
        return SelectionLoop.select(column, count: count, among: previous) {
            UInt64(bitPattern: values[$0] &- start) <= width
        }
    }
}
