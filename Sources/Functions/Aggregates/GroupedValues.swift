import HoneyCore
import HoneyPlan

/// Rows of one type kept with the group each belongs to, in the order they came; nulls are left out.
struct GroupedValues {
    let type: DataType
    private var chunks: [Column] = []
    private var groups: [Int32] = []
    private(set) var groupCount = 0

    init(_ type: DataType) { self.type = type }

    var count: Int { groups.count }
    var memoryBytes: Int { groups.capacity * 4 + chunks.reduce(0) { $0 + $1.memoryBytes + $1.ownedBytes } }

    mutating func reserve(_ groupCount: Int) { self.groupCount = max(self.groupCount, groupCount) }

    /// Adds the rows of a column that are not null.
    mutating func append(_ column: Column, _ rows: GroupedRows) {
        var taken: [Int32] = []
        taken.reserveCapacity(rows.count)
        rows.forEach(in: column) { group, row in
            taken.append(Int32(truncatingIfNeeded: row))
            groups.append(Int32(truncatingIfNeeded: group))
        }
        keep(column, taken)
    }

    /// Adds the elements of an array column to their rows' groups.
    mutating func appendElements(of arrays: Column, _ rows: GroupedRows) {
        let entries = arrays.values(as: ListEntry.self)
        var taken: [Int32] = []
        rows.forEach(in: arrays) { group, row in
            for element in entries[row].range {
                taken.append(Int32(truncatingIfNeeded: element))
                groups.append(Int32(truncatingIfNeeded: group))
            }
        }
        keep(arrays.children[0], taken)
    }

    private mutating func keep(_ column: Column, _ rows: [Int32]) {
        guard !rows.isEmpty else { return }
        // The copy must not keep whole scan buffers alive.
        let stored = column.isConstant ? column.asSingleRow() : column
        chunks.append(rows.withUnsafeBufferPointer { stored.gathered($0.baseAddress!, count: rows.count) }.compacted())
        if chunks.count >= 64 { chunks = [Column.concatenated(chunks, type: type).compacted()] }
    }

    /// The rows of some groups, group by group, and how many each has.
    mutating func sorted(_ range: Range<Int>) -> (values: Column, counts: [Int]) {
        if chunks.count != 1 {
            chunks = chunks.isEmpty ? [Column.of(type, [])] : [Column.concatenated(chunks, type: type)]
        }
        var counts = [Int](repeating: 0, count: range.count)
        for group in groups where range.contains(Int(group)) { counts[Int(group) - range.lowerBound] += 1 }
        var next: [Int] = []
        var total = 0
        for count in counts {
            next.append(total)
            total += count
        }
        var order = [Int32](repeating: 0, count: max(total, 1))
        for (row, group) in groups.enumerated() where range.contains(Int(group)) {
            let slot = Int(group) - range.lowerBound
            order[next[slot]] = Int32(truncatingIfNeeded: row)
            next[slot] += 1
        }
        let values = order.withUnsafeBufferPointer { chunks[0].gathered($0.baseAddress!, count: total) }
        return (values, counts)
    }

    /// Keeps the first of the rows of each group that are equal.
    mutating func removeDuplicates() {
        guard !chunks.isEmpty else { return }
        let all = Column.concatenated(chunks, type: type)
        var seen: [Int: [Int32]] = [:]
        var kept: [Int32] = []
        for row in 0..<all.count {
            var hasher = Hasher()
            hasher.combine(groups[row])
            RowOrder.hash(all, row, into: &hasher)
            let hash = hasher.finalize()
            let isKnown = seen[hash]?.contains {
                groups[Int($0)] == groups[row] && RowOrder.compare(all, Int($0), all, row) == 0
            }
            if isKnown ?? false { continue }
            seen[hash, default: []].append(Int32(truncatingIfNeeded: row))
            kept.append(Int32(truncatingIfNeeded: row))
        }
        if kept.count == all.count {
            chunks = [all]
            return
        }
        groups = kept.map { groups[Int($0)] }
        chunks = [kept.withUnsafeBufferPointer { all.gathered($0.baseAddress!, count: kept.count) }.compacted()]
    }
}

extension Column {
    /// Bytes of the blocks that hold long texts.
    var ownedBytes: Int {
        owners.reduce(0) { $0 + (($1 as? Buffer)?.capacity ?? 0) } + children.reduce(0) { $0 + $1.ownedBytes }
    }

    /// Makes an array column of values that lie row by row.
    static func arrays(of values: Column, counts: [Int], type: DataType, validity: Bitmap? = nil) -> Column {
        let buffer = Buffer(capacity: counts.count * MemoryLayout<ListEntry>.stride)
        let entries = buffer.pointer(to: ListEntry.self)
        var start = 0
        for (row, count) in counts.enumerated() {
            entries[row] = ListEntry(start: start, count: count)
            start += count
        }
        return Column(type: type, count: counts.count, validity: validity, data: buffer, children: [values])
    }
}
