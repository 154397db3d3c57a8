import HoneyCore

/// Pairs of a probe row and a build row that may match, found a few thousand at a time.
final class JoinCandidates {
    private let table: JoinTable
    /// Rows of the probe batch's columns, and rows of the table.
    let probeRows: UnsafeMutablePointer<Int32>
    let buildRows: UnsafeMutablePointer<Int32>
    private(set) var count = 0
    static let capacity = 4096

    private var heads: UnsafeMutablePointer<UInt32>
    private var active: UnsafeMutablePointer<Int32>
    private var roomForRows = Batch.targetRows
    private var activeCount = 0
    private var keyWords: UnsafeMutablePointer<UInt64>?
    private var selection: Selection?
    /// Where to go on: a position in `active`, and a build row + 1 (0: the next position).
    private var position = 0
    private var chain: UInt32 = 0

    init(_ table: JoinTable) {
        self.table = table
        probeRows = .allocate(capacity: Self.capacity)
        buildRows = .allocate(capacity: Self.capacity)
        heads = .allocate(capacity: roomForRows)
        active = .allocate(capacity: roomForRows)
    }

    deinit {
        probeRows.deallocate()
        buildRows.deallocate()
        heads.deallocate()
        active.deallocate()
    }

    private func makeRoom(_ rows: Int) {
        guard rows > roomForRows else { return }
        heads.deallocate()
        active.deallocate()
        roomForRows = rows
        heads = .allocate(capacity: rows)
        active = .allocate(capacity: rows)
    }

    /// Starts with a batch whose keys are encoded.
    func start(_ keys: KeyEncoder, selection: Selection?) {
        self.selection = selection
        position = 0
        chain = 0
        count = 0
        keyWords = keys.words
        let rows = keys.count
        makeRoom(rows)
        guard table.layout.wordCount > 0 else {
            startWithoutKeys(rows)
            return
        }
        let directory = table.directory
        let shift = table.shift
        let hashes = keys.hashes
        // One pass of independent loads, so that cache misses overlap.
        for row in 0..<rows { heads[row] = 0 }
        for row in 0..<rows {
            let hash = hashes[row]
            let entry = directory[Int(truncatingIfNeeded: hash >> shift)]
            let isThere = (entry >> (48 + (hash & 15))) & 1
            heads[row] = UInt32(truncatingIfNeeded: entry) & UInt32(truncatingIfNeeded: 0 &- isThere)
        }
        if keys.hasRejected {
            for row in 0..<rows where keys.rejected[row] != 0 { heads[row] = 0 }
        }
        var kept = 0
        for row in 0..<rows {
            active[kept] = Int32(truncatingIfNeeded: row)
            kept &+= Int(unsafeBitCast(heads[row] != 0, to: UInt8.self))
        }
        activeCount = kept
    }

    private func startWithoutKeys(_ rows: Int) {
        activeCount = table.rowCount == 0 ? 0 : rows
        for row in 0..<activeCount {
            active[row] = Int32(truncatingIfNeeded: row)
            heads[row] = 1
        }
    }

    /// Finds the next pairs; false when there are no more. With `firstOnly` a probe row comes once.
    func advance(firstOnly: Bool) -> Bool {
        count = 0
        guard position < activeCount else { return false }
        if table.layout.wordCount == 0 {
            advanceWithoutKeys(firstOnly)
        } else {
            switch table.layout.wordCount {
            case 1: walk(firstOnly) { $0[0] == $1[0] }
            case 2 where table.layout.byteOffsets.isEmpty: walk(firstOnly) { $0[0] == $1[0] && $0[1] == $1[1] }
            default:
                let layout = table.layout
                walk(firstOnly) { layout.equal($0, $1) }
            }
        }
        return true
    }

    private func advanceWithoutKeys(_ firstOnly: Bool) {
        let rows = UInt32(truncatingIfNeeded: table.rowCount)
        while position < activeCount, count < Self.capacity {
            let row = Int(active[position])
            let probe = selection.map { $0.indices[row] } ?? Int32(truncatingIfNeeded: row)
            if firstOnly {
                probeRows[count] = probe
                buildRows[count] = 0
                count += 1
                position += 1
                continue
            }
            while chain < rows, count < Self.capacity {
                probeRows[count] = probe
                buildRows[count] = Int32(truncatingIfNeeded: chain)
                count += 1
                chain += 1
            }
            if chain == rows {
                chain = 0
                position += 1
            }
        }
    }

    @inline(__always)
    private func walk(_ firstOnly: Bool, _ equal: (UnsafePointer<UInt64>, UnsafePointer<UInt64>) -> Bool) {
        let width = table.layout.wordCount
        let stored = table.words
        let next = table.next
        let incoming = keyWords!
        let active = active
        let heads = heads
        let probeRows = probeRows
        let buildRows = buildRows
        let indices = selection?.indices
        var found = 0
        var position = position
        var chain = chain
        while position < activeCount {
            let row = Int(active[position])
            if chain == 0 { chain = heads[row] }
            let key = incoming + row * width
            let probe = indices.map { $0[row] } ?? Int32(truncatingIfNeeded: row)
            while chain != 0, found < Self.capacity {
                let candidate = Int(chain) - 1
                chain = next[candidate]
                if equal(stored + candidate * width, key) {
                    probeRows[found] = probe
                    buildRows[found] = Int32(truncatingIfNeeded: candidate)
                    found += 1
                    if firstOnly { chain = 0 }
                }
            }
            if chain != 0 { break }
            position += 1
            if found == Self.capacity { break }
        }
        self.position = position
        self.chain = chain
        count = found
    }

    /// Keeps the pairs that `kept` names.
    func keep(_ kept: Selection) {
        for position in 0..<kept.count {
            let pair = kept[position]
            probeRows[position] = probeRows[pair]
            buildRows[position] = buildRows[pair]
        }
        count = kept.count
    }

    /// Sets pairs directly: rows of the probe batch with rows of the table.
    func set(_ pairs: ArraySlice<(probe: Int32, build: Int32)>) {
        count = 0
        for pair in pairs {
            probeRows[count] = pair.probe
            buildRows[count] = pair.build
            count += 1
        }
    }
}
