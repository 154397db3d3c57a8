import HoneyCore
package import HoneyPlan
import Synchronization

/// The collected side of a join: its rows by column, and a directory from hashes to chains of rows. Some instances build
/// it together; then it is only read.
///
/// ```
/// directory entry   bits 48..63 a set bit for each hash's low four bits | bits 0..31 first row + 1 (0: none)
/// next[row]         next row + 1 of the chain, 0 at its end
/// ```
/// The directory is indexed by the hash's highest bits, so that instances can fill ranges of it apart.
package final class JoinTable: @unchecked Sendable {
    /// Columns kept, and the expressions of the keys over the rows that come in.
    let stored: [ColumnReference]
    let buildInput: [ColumnReference]
    let keys: [Expression]
    let layout: KeyLayout
    let marksMatches: Bool
    let memory: MemoryTracker

    // Written while building, read afterwards.
    private(set) var rowCount = 0
    private(set) var columns: [Column] = []
    private(set) var words: UnsafeMutablePointer<UInt64>
    private var hashes: UnsafeMutablePointer<UInt64>
    private(set) var next: UnsafeMutablePointer<UInt32>
    private(set) var directory: UnsafeMutablePointer<UInt64>
    private(set) var shift: UInt64 = 63
    private var rejected: UnsafeMutablePointer<UInt8>
    /// Rows with a null in a key for which null is no value.
    private(set) var nullRows: [Int32] = []
    /// 1 for rows that some probe row has matched; for right and full joins.
    private(set) var matched: UnsafeMutablePointer<UInt8>

    private var parts: [JoinBuildPart] = []
    private let reservation: Mutex<Int> = Mutex(0)
    private let isReported = Atomic<Bool>(false)
    private let buildersLeft: Atomic<Int>
    private let probersLeft: Atomic<Int>
    private let contributions = Mutex<[JoinBuildPart]>([])
    private let nextTask = Atomic<Int>(0)
    private let tasksLeft = Atomic<Int>(0)
    private var taskCount = 0
    private let columnSlots: Mutex<[Column?]> = Mutex([])
    let assembled = Gate()
    let ready = Gate()

    /// Prepares for `builders` instances that build and `probers` that look up; keeps the columns that `output` or the
    /// residual condition needs.
    package init(
        _ join: HashJoin, output: [ColumnReference], buildInput: [ColumnReference], builders: Int, probers: Int,
        memory: MemoryTracker
    ) {
        var needed = Set(output.map(\.id)).union(join.residual?.referencedColumns ?? [])
        if join.kind.isThreeValued {
            for key in join.keys { needed.formUnion(key.build.referencedColumns) }
        }
        stored = buildInput.filter { needed.contains($0.id) }
        self.buildInput = buildInput
        keys = join.keys.map(\.build)
        layout = KeyLayout(keys.map(\.type), keepsNull: join.keys.map(\.isNullSafe))
        marksMatches = join.kind == .right || join.kind == .full
        self.memory = memory
        buildersLeft = Atomic(builders)
        probersLeft = Atomic(probers)
        words = .allocate(capacity: 1)
        hashes = .allocate(capacity: 1)
        next = .allocate(capacity: 1)
        rejected = .allocate(capacity: 1)
        matched = .allocate(capacity: 1)
        directory = .allocate(capacity: 2)
        directory.initialize(repeating: 0, count: 2)
    }

    deinit {
        memory.release(reservation.withLock { $0 })
        for pointer in [words, hashes, directory] { pointer.deallocate() }
        next.deallocate()
        rejected.deallocate()
        matched.deallocate()
    }

    /// Bytes held, told once: the table is one for all instances, and so is its share of the summary.
    package func reportBytes() -> Int {
        isReported.exchange(true, ordering: .relaxed) ? 0 : reservation.withLock { $0 }
    }

    /// Takes one builder's rows; the last one's call makes room for all and opens `assembled`.
    func contribute(_ part: JoinBuildPart) throws {
        contributions.withLock { $0.append(part) }
        guard buildersLeft.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        parts = contributions.withLock { parts in
            defer { parts = [] }
            return parts
        }
        try assemble()
        assembled.open()
    }

    private func assemble() throws {
        rowCount = parts.reduce(0) { $0 + $1.count }
        guard rowCount < Int(Int32.max) else {
            throw HoneyError(
                .environment, "TOO_MANY_ROWS", "more rows on a join's build side than it can number: \(rowCount)")
        }
        var bits: UInt64 = 1
        while 1 << bits < rowCount + rowCount / 2 { bits += 1 }
        let width = layout.wordCount
        let bytes = rowCount * (width * 8 + 14) + (8 << Int(bits)) + parts.reduce(0) { $0 + $1.rows.memoryBytes }
        try memory.reserve(bytes, for: "HASH JOIN")
        reservation.withLock { $0 = bytes }
        shift = 64 - bits
        words.deallocate()
        words = .allocate(capacity: max(rowCount * width, 1))
        hashes.deallocate()
        hashes = .allocate(capacity: max(rowCount, 1))
        rejected.deallocate()
        rejected = .allocate(capacity: max(rowCount, 1))
        next.deallocate()
        next = .allocate(capacity: max(rowCount, 1))
        directory.deallocate()
        directory = .allocate(capacity: 1 << Int(bits))
        directory.initialize(repeating: 0, count: 1 << Int(bits))
        if marksMatches {
            matched.deallocate()
            matched = .allocate(capacity: max(rowCount, 1))
            matched.initialize(repeating: 0, count: rowCount)
        }
        var offset = 0
        for part in parts {
            part.copy(words: words + offset * width, hashes: hashes + offset, rejected: rejected + offset)
            offset += part.count
        }
        for row in 0..<rowCount where rejected[row] != 0 { nullRows.append(Int32(row)) }
        columnSlots.withLock { $0 = [Column?](repeating: nil, count: stored.count) }
        taskCount = stored.count + directoryRanges
        tasksLeft.store(taskCount, ordering: .releasing)
    }

    /// Ranges of the directory that are filled apart.
    private var directoryRanges: Int { layout.wordCount == 0 ? 1 : min(max(parts.count, 1), 1 << 6) }

    /// Does the tasks that are left until there are none; the last to end one opens `ready`.
    func work() {
        while true {
            let task = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
            guard task < taskCount else { return }
            if task < stored.count {
                let column = Column.concatenated(parts.map { $0.column(task) }, type: stored[task].type)
                columnSlots.withLock { $0[task] = column }
            } else {
                fillDirectory(range: task - stored.count)
            }
            if tasksLeft.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
                columns = columnSlots.withLock { $0.map { $0! } }
                parts = []
                ready.open()
                return
            }
        }
    }

    private func fillDirectory(range: Int) {
        guard layout.wordCount > 0 else { return }
        let ranges = directoryRanges
        let size = 1 << Int(64 - shift)
        let low = UInt64(size / ranges * range)
        let high = range == ranges - 1 ? UInt64(size) : UInt64(size / ranges * (range + 1))
        let hasRejected = !nullRows.isEmpty
        // Backwards, so that chains are in the order of the rows.
        var row = rowCount - 1
        while row >= 0 {
            let hash = hashes[row]
            let slot = hash >> shift
            if slot >= low, slot < high, !(hasRejected && rejected[row] != 0) {
                let entry = directory[Int(slot)]
                next[row] = UInt32(truncatingIfNeeded: entry)
                directory[Int(slot)] = entry & 0xFFFF_0000_0000_0000 | JoinTable.tag(hash) | UInt64(row + 1)
            }
            row -= 1
        }
    }

    @inline(__always) static func tag(_ hash: UInt64) -> UInt64 { 1 << (48 + (hash & 15)) }

    /// Says that one prober has seen all its rows; true for the last.
    func proberEnded() -> Bool { probersLeft.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 }

    /// The stored columns' places by identity.
    func position(of column: ColumnReference) -> Int? { stored.firstIndex(of: column) }
}

extension Join.Kind {
    /// Tells whether a null condition counts as more than false.
    var isThreeValued: Bool {
        switch self {
        case .nullAwareAnti, .mark: true
        case .inner, .left, .right, .full, .semi, .anti, .single: false
        }
    }
}

/// Something that happens once.
package final class Gate: Event {
    private struct State {
        var isOpen = false
        var waiting: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    package init() {}

    package var isOpen: Bool { state.withLock { $0.isOpen } }

    package func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for wake in waiting { wake() }
    }

    package func notify(_ wake: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if state.isOpen { return false }
            state.waiting.append(wake)
            return true
        }
    }
}
