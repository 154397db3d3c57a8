package import HoneyCore
package import HoneyStorage

/// A filter that keeps the rows whose first column passes a test.
package final class TestFilter: RowFilter {
    package let columns: [Int]
    package private(set) var rowsSeen = 0
    private let passes: (Value) -> Bool

    package init(_ column: Int, _ passes: @escaping (Value) -> Bool) {
        columns = [column]
        self.passes = passes
    }

    package func select(_ columns: [Column], count: Int) throws -> Selection? {
        rowsSeen += count
        return Selection(capacity: count) { indices in
            var kept = 0
            for row in 0..<count where passes(columns[0].value(at: row)) {
                indices[kept] = Int32(row)
                kept += 1
            }
            return kept
        }
    }
}
