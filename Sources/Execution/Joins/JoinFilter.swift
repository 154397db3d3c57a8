package import HoneyCore
package import HoneyPlan
import HoneyStorage

/// A join's table as a condition on the scan that feeds its probe side: drops rows whose keys are surely not there, so
/// that their other columns are never decoded. It stops looking when it turns out to drop little.
package final class JoinFilter: RowFilter {
    package let columns: [Int]
    private let table: JoinTable
    private let keys: KeyEncoder
    private var rowsSeen = 0
    private var rowsPassed = 0
    private var isWorthwhile = true
    private static let trialRows = 50_000

    /// Makes the filter of a join over a scan's columns; nil when the join keeps rows without a match, or when its keys
    /// are not plain columns of the scan.
    package init?(_ join: HashJoin, table: JoinTable, projection: [ColumnReference]) {
        guard !join.keys.isEmpty, join.kind.needsMatch else { return nil }
        var positions: [Int] = []
        for key in join.keys {
            guard case .column(let reference) = key.probe, let position = projection.firstIndex(of: reference),
                projection[position].type == reference.type
            else { return nil }
            positions.append(position)
        }
        columns = positions
        self.table = table
        keys = KeyEncoder(table.layout)
    }

    package func select(_ columns: [Column], count: Int) -> Selection? {
        guard isWorthwhile, count > 0, table.ready.isOpen else { return nil }
        keys.encode(columns, count: count, selection: nil)
        let hashes = keys.hashes
        let directory = table.directory
        let shift = table.shift
        let selection = Selection(capacity: count) { target in
            var kept = 0
            for row in 0..<count {
                let hash = hashes[row]
                target[kept] = Int32(truncatingIfNeeded: row)
                kept &+= Int(
                    truncatingIfNeeded: (directory[Int(truncatingIfNeeded: hash >> shift)] >> (48 + (hash & 15))) & 1)
            }
            return kept
        }
        rowsSeen += count
        rowsPassed += selection.count
        if rowsSeen > Self.trialRows, rowsPassed * 10 > rowsSeen * 8 { isWorthwhile = false }
        return selection.count == count ? nil : selection
    }
}
