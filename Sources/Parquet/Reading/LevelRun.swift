import HoneyCore
import HoneyStorage

/// One leaf of a nested column: the levels and values of the run of rows at hand.
final class LevelRun {
    let leaf: LeafReader
    /// Whether only levels are wanted.
    private let skipsValues: Bool
    /// Level entries of the run.
    private(set) var count = 0
    private(set) var definitions: UnsafeMutablePointer<UInt8>
    private(set) var repetitions: UnsafeMutablePointer<UInt8>
    private var capacity = LevelRun.pendingCapacity
    private(set) var values: DenseValues

    /// Entries whose levels were read from the page at hand, but that belong to no run yet.
    private let pendingDefinitions: UnsafeMutablePointer<UInt8>
    private let pendingRepetitions: UnsafeMutablePointer<UInt8>
    private var pendingStart = 0
    private var pendingEnd = 0

    private static let pendingCapacity = Batch.targetRows
    /// More elements than this in one run of rows are refused; lists of that size are not what they seem.
    private static let mostEntries = 1 << 26

    init(_ leaf: LeafReader, skipsValues: Bool) {
        self.leaf = leaf
        self.skipsValues = skipsValues
        definitions = .allocate(capacity: capacity)
        repetitions = .allocate(capacity: capacity)
        pendingDefinitions = .allocate(capacity: LevelRun.pendingCapacity)
        pendingRepetitions = .allocate(capacity: LevelRun.pendingCapacity)
        values = DenseValues(type: leaf.type, data: Buffer(capacity: 0))
    }

    deinit {
        definitions.deallocate()
        repetitions.deallocate()
        pendingDefinitions.deallocate()
        pendingRepetitions.deallocate()
    }

    /// Forgets what was read of the last row group.
    func enter() {
        pendingStart = 0
        pendingEnd = 0
        removeAll()
    }

    private func removeAll() {
        count = 0
        values = DenseValues(
            type: leaf.type, data: Buffer(capacity: Batch.targetRows * max(leaf.type.physical.width, 1)))
    }

    /// Reads the next `rows` rows.
    func read(rows: Int) throws {
        removeAll()
        try walk(rows, keeps: true)
    }

    /// Steps over rows.
    func skip(rows: Int) throws {
        let target = leaf.rowsPassed + rows
        while leaf.rowsPassed < target {
            if pendingStart == pendingEnd {
                guard try leaf.reachPage() else { throw LeafReader.tooFewRows() }
                // Pages that tell their rows, or that an index knows, start with a row.
                if try leaf.jump(towards: target) { continue }
                if let rows = leaf.untouchedRows, rows <= target - leaf.rowsPassed, rows > 0 {
                    try leaf.dropPage()
                    leaf.rowsPassed += rows
                    continue
                }
            }
            try walk(min(target - leaf.rowsPassed, Batch.targetRows), keeps: false)
        }
    }

    /// Goes through entries up to the start of the row after `rows`.
    private func walk(_ rows: Int, keeps: Bool) throws {
        var started = 0
        while true {
            if pendingStart == pendingEnd {
                guard try leaf.reachPage() else { break }
                pendingStart = 0
                pendingEnd = min(leaf.entriesLeft, LevelRun.pendingCapacity)
                try leaf.readLevels(pendingEnd, definitions: pendingDefinitions, repetitions: pendingRepetitions)
            }
            var end = pendingStart
            while end < pendingEnd {
                if pendingRepetitions[end] == 0 {
                    if started == rows { break }
                    started += 1
                }
                end += 1
            }
            let isDone = end < pendingEnd
            if end > pendingStart {
                guard started > 0 else { throw HoneyError.damaged("column chunk starts in the middle of a row") }
                try take(end, keeps: keeps)
            }
            if isDone { break }
        }
        guard started == rows else { throw LeafReader.tooFewRows() }
        leaf.rowsPassed += rows
    }

    /// Moves pending entries up to `end` to the run, with their values.
    private func take(_ end: Int, keeps: Bool) throws {
        let entries = end - pendingStart
        let most = UInt8(leaf.node.definitionLevel)
        var there = 0
        for index in pendingStart..<end { there &+= pendingDefinitions[index] == most ? 1 : 0 }
        if keeps {
            guard count + entries <= LevelRun.mostEntries else {
                throw HoneyError(
                    .data, "UNSUPPORTED_FILE",
                    "lists of \(Batch.targetRows) rows have too many elements (at most \(LevelRun.mostEntries))")
            }
            reserve(count + entries)
            (definitions + count).update(from: pendingDefinitions + pendingStart, count: entries)
            (repetitions + count).update(from: pendingRepetitions + pendingStart, count: entries)
            count += entries
        }
        if keeps && !skipsValues {
            try leaf.readValues(there, into: &values)
        } else if there > 0 {
            try leaf.skipValues(there)
        }
        pendingStart = end
    }

    private func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let larger = max(capacity * 2, needed)
        definitions = LevelRun.moved(definitions, count, to: larger)
        repetitions = LevelRun.moved(repetitions, count, to: larger)
        capacity = larger
    }

    private static func moved(
        _ levels: UnsafeMutablePointer<UInt8>, _ count: Int, to capacity: Int
    ) -> UnsafeMutablePointer<UInt8> {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: levels, count: count)
        levels.deallocate()
        return larger
    }
}
