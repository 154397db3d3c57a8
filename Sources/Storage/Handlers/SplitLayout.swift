import HoneyCatalog
import HoneyCore
import HoneyFiles

/// How a split's columns come about: which are read from its file, which are constants, which must change type.
struct SplitLayout {
    enum Part {
        /// Column `position` of the file's batches, to become the type.
        case stored(position: Int, DataType)
        /// One row that stands for all.
        case constant(Column)
    }

    /// One a source of the scan.
    private(set) var parts: [Part] = []
    /// The file's columns.
    private(set) var columns: [TableColumn]
    /// What is read of them.
    private(set) var projection: [Int] = []
    private let storedCount: Int
    private let tableColumns: [TableColumn]

    init(_ scan: TableScan, _ split: ScanSplit) throws {
        columns = scan.storage(of: split).columns
        storedCount = columns.count
        tableColumns = scan.table.columns
        if scan.sources.contains(.rowOffset) { columns.append(.rowOffset) }
        for source in scan.sources {
            let type = scan.type(of: source)
            switch source {
            case .fileName:
                parts.append(.constant(.constant(.string(split.location.description), type: type, count: 1)))
            case .rowOffset: parts.append(.stored(position: read(columns.count - 1), type))
            case .column(let index):
                let key = index - scan.table.storage.columns.count
                if key >= 0 {
                    let values = split.partition.map { scan.partitions[$0].values } ?? []
                    let constant =
                        key < values.count
                        ? try PartitionValue.column(values[key], type: type, count: 1)
                        : Column.constant(.null, type: type, count: 1)
                    parts.append(.constant(constant))
                } else if index < storedCount {
                    parts.append(.stored(position: read(index), type))
                } else {
                    // The table has got columns since the partition was written.
                    parts.append(.constant(.constant(.null, type: type, count: 1)))
                }
            }
        }
    }

    private mutating func read(_ column: Int) -> Int {
        if let position = projection.firstIndex(of: column) { return position }
        projection.append(column)
        return projection.count - 1
    }

    var wantsRowOffsets: Bool { columns.count > storedCount }

    /// Whether the file's batches are the scan's as they are.
    var isPlain: Bool {
        guard parts.count == projection.count else { return false }
        return parts.enumerated().allSatisfy { index, part in
            guard case .stored(let position, let type) = part else { return false }
            return position == index && columns[projection[position]].type == type
        }
    }

    /// The predicates on columns that the file holds as the table has them.
    func predicates(_ predicates: [ColumnPredicate]) -> [ColumnPredicate] {
        predicates.filter { predicate in
            let column = predicate.column
            return column < storedCount && column < tableColumns.count
                && columns[column].type == tableColumns[column].type
        }
    }

    /// Makes the scan's batch of the file's.
    func batch(_ stored: Batch) throws -> Batch {
        Batch(columns: try parts.map { try column($0, stored.columns, count: stored.count) }, count: stored.count)
    }

    private func column(_ part: Part, _ stored: [Column], count: Int) throws -> Column {
        switch part {
        case .stored(let position, let type): try ColumnConversion.convert(stored[position], to: type)
        case .constant(let column): column.withCount(count)
        }
    }

    /// Turns filters on the scan's columns into filters on the file's; nil when one of constants lets no row pass.
    func innerFilters(_ filters: [any RowFilter]) throws -> [any RowFilter]? {
        var inner: [any RowFilter] = []
        for filter in filters {
            let needed = filter.columns.map { parts[$0] }
            let positions = needed.compactMap { part -> Int? in
                if case .stored(let position, _) = part { position } else { nil }
            }
            if positions.isEmpty {
                let columns = try needed.map { try column($0, [], count: 1) }
                if try filter.select(columns, count: 1)?.count == 0 { return nil }
            } else if isPlain {
                inner.append(filter)
            } else {
                inner.append(LayoutFilter(filter, needed, positions))
            }
        }
        return inner
    }

    /// A filter on a scan's columns, applied to those of its file.
    private final class LayoutFilter: RowFilter {
        private let filter: any RowFilter
        private let needed: [Part]
        let columns: [Int]

        init(_ filter: any RowFilter, _ needed: [Part], _ positions: [Int]) {
            self.filter = filter
            self.needed = needed
            columns = positions
        }

        func select(_ columns: [Column], count: Int) throws -> Selection? {
            var next = 0
            let all = try needed.map { part -> Column in
                switch part {
                case .stored(_, let type):
                    next += 1
                    return try ColumnConversion.convert(columns[next - 1], to: type)
                case .constant(let column): return column.withCount(count)
                }
            }
            return try filter.select(all, count: count)
        }
    }
}

/// Reads a split by a layout.
final class SplitReader: BatchReader {
    private let reader: any BatchReader
    private let layout: SplitLayout

    init(_ reader: any BatchReader, _ layout: SplitLayout) {
        self.reader = reader
        self.layout = layout
    }

    func next() throws -> Batch? { try reader.next().map { try layout.batch($0) } }

    var counters: ReadCounters { reader.counters }
}

/// Reads nothing.
final class EmptyReader: BatchReader {
    let counters = ReadCounters()

    func next() -> Batch? { nil }
}
