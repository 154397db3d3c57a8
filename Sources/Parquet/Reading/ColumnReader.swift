import HoneyCore
import HoneyStorage

/// Decodes one column of a projection, row group by row group, some rows at a time.
protocol ColumnReader: AnyObject {
    /// The leaves that must be given their chunks before rows are decoded.
    var leaves: [LeafReader] { get }
    /// Decodes rows `first ..< first + count` of the group, or the chosen ones among them; rows before `first` that were not
    /// decoded are stepped over.
    func decode(from first: Int, count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int) throws -> Column
}

extension LeafReader {
    static func tooFewRows() -> HoneyError {
        HoneyError.damaged("column chunk has fewer values than its row group has rows")
    }
}

/// A column that is one leaf, at most optional: each entry is a row.
final class FlatColumnReader: ColumnReader {
    private let leaf: LeafReader
    var leaves: [LeafReader] { [leaf] }
    private let chosenValues: UnsafeMutablePointer<Int32>
    /// Presence of a run whose rows are chosen among, and how many are there before each word.
    private let presence = Bitmap(count: Batch.targetRows, repeating: false)
    private let ranks: UnsafeMutablePointer<Int32>

    init(_ leaf: LeafReader) {
        self.leaf = leaf
        chosenValues = .allocate(capacity: Batch.targetRows)
        ranks = .allocate(capacity: Bitmap.wordCount(for: Batch.targetRows) + 1)
    }

    deinit {
        chosenValues.deallocate()
        ranks.deallocate()
    }

    func decode(from first: Int, count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int) throws -> Column {
        if first > leaf.rowsPassed { try leaf.skipRows(first - leaf.rowsPassed) }
        let validity = leaf.isOptional ? Bitmap(count: chosenCount, repeating: false) : nil
        var dense = DenseValues(
            type: leaf.type, data: Buffer(capacity: max(chosenCount, 1) * leaf.type.physical.width))
        var done = 0
        var chosenDone = 0
        while done < count {
            guard try leaf.reachPage() else { throw LeafReader.tooFewRows() }
            let run = min(count - done, leaf.entriesLeft)
            if let chosen {
                // Those of the chosen rows that lie in this page.
                var end = run == count - done ? chosenCount : chosenDone
                while end < chosenCount, Int(chosen[end]) < done + run { end += 1 }
                if end == chosenDone && run == leaf.entriesLeft {
                    try leaf.dropPage()
                } else {
                    try decode(run, chosen + chosenDone, end - chosenDone, from: done, &dense, validity, chosenDone)
                }
                chosenDone = end
            } else {
                try decode(run, &dense, validity, at: done)
            }
            done += run
            leaf.rowsPassed += run
        }
        guard let validity else { return dense.column() }
        return dense.column(spreadBy: validity, rows: chosenCount)
    }

    /// Decodes all of the next `run` rows.
    private func decode(_ run: Int, _ dense: inout DenseValues, _ validity: Bitmap?, at row: Int) throws {
        guard let validity else {
            try leaf.takeEntries(run)
            return try leaf.readValues(run, into: &dense)
        }
        try leaf.readValues(leaf.readPresence(run, into: validity.words, at: row), into: &dense)
    }

    /// Decodes chosen ones of the next `run` rows, the first of which is row `start` of those that `chosen` counts.
    private func decode(
        _ run: Int, _ chosen: UnsafePointer<Int32>, _ chosenCount: Int, from start: Int, _ dense: inout DenseValues,
        _ validity: Bitmap?, _ row: Int
    ) throws {
        guard let validity else {
            try leaf.takeEntries(run)
            return try readRows(run, chosen, chosenCount, from: start, &dense)
        }
        let words = presence.words
        words.update(repeating: 0, count: Bitmap.wordCount(for: run))
        let there = try leaf.readPresence(run, into: words, at: 0)
        if there == run {
            validity.set(row..<row + chosenCount)
            return try readRows(run, chosen, chosenCount, from: start, &dense)
        }
        var rank: Int32 = 0
        for word in 0..<Bitmap.wordCount(for: run) {
            ranks[word] = rank
            rank &+= Int32(truncatingIfNeeded: words[word].nonzeroBitCount)
        }
        var picked = 0
        for index in 0..<chosenCount {
            let entry = Int(chosen[index]) &- start
            let word = words[entry >> 6]
            let bit = UInt64(entry & 63)
            let isThere = word >> bit & 1
            let before = (word & (1 << bit &- 1)).nonzeroBitCount
            chosenValues[picked] = ranks[entry >> 6] &+ Int32(truncatingIfNeeded: before)
            picked &+= Int(isThere)
            validity.words[(row + index) >> 6] |= isThere << UInt64((row + index) & 63)
        }
        try leaf.readValues(there, chosen: chosenValues, chosenCount: picked, into: &dense)
    }

    /// Decodes chosen ones of the next `run` rows, of which none is null.
    private func readRows(
        _ run: Int, _ chosen: UnsafePointer<Int32>, _ chosenCount: Int, from start: Int, _ dense: inout DenseValues
    ) throws {
        if start == 0 { return try leaf.readValues(run, chosen: chosen, chosenCount: chosenCount, into: &dense) }
        for index in 0..<chosenCount { chosenValues[index] = chosen[index] &- Int32(truncatingIfNeeded: start) }
        try leaf.readValues(run, chosen: chosenValues, chosenCount: chosenCount, into: &dense)
    }
}

extension Bitmap {
    /// Sets the bits of some rows, which are 0.
    fileprivate func set(_ rows: Range<Int>) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let count = min(64 - row & 63, rows.upperBound - row)
            words[row >> 6] |= (count == 64 ? ~0 : (1 << UInt64(count)) &- 1) << UInt64(row & 63)
            row += count
        }
    }
}
