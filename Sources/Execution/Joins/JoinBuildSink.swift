package import HoneyCore
import HoneyPlan

/// What one instance has collected for a join's table.
final class JoinBuildPart: @unchecked Sendable {
    private(set) var count = 0
    let rows: BatchAppender
    private let width: Int
    private var words: UnsafeMutablePointer<UInt64>
    private var hashes: UnsafeMutablePointer<UInt64>
    private var rejected: UnsafeMutablePointer<UInt8>
    private var capacity = Batch.targetRows
    private var finished: Batch?
    let memory: MemoryReservation

    init(types: [DataType], width: Int, memory: MemoryReservation) {
        rows = BatchAppender(types)
        self.width = width
        self.memory = memory
        words = .allocate(capacity: capacity * max(width, 1))
        hashes = .allocate(capacity: capacity)
        rejected = .allocate(capacity: capacity)
    }

    deinit {
        words.deallocate()
        hashes.deallocate()
        rejected.deallocate()
    }

    func append(_ batch: Batch, keys: KeyEncoder) throws {
        let added = batch.rowCount
        if count + added > capacity { grow(to: max(capacity * 2, count + added)) }
        (words + count * width).update(from: keys.words, count: added * width)
        (hashes + count).update(from: keys.hashes, count: added)
        if keys.hasRejected {
            (rejected + count).update(from: keys.rejected, count: added)
        } else {
            (rejected + count).update(repeating: 0, count: added)
        }
        rows.append(batch)
        count += added
        try memory.set(rows.memoryBytes + capacity * (width * 8 + 9))
    }

    private func grow(to larger: Int) {
        func grown<T: BitwiseCopyable>(_ old: UnsafeMutablePointer<T>, _ factor: Int) -> UnsafeMutablePointer<T> {
            let new = UnsafeMutablePointer<T>.allocate(capacity: larger * max(factor, 1))
            new.update(from: old, count: count * factor)
            old.deallocate()
            return new
        }
        words = grown(words, width)
        hashes = grown(hashes, 1)
        rejected = grown(rejected, 1)
        capacity = larger
    }

    func copy(
        words target: UnsafeMutablePointer<UInt64>, hashes targetHashes: UnsafeMutablePointer<UInt64>,
        rejected targetRejected: UnsafeMutablePointer<UInt8>
    ) {
        target.update(from: words, count: count * width)
        targetHashes.update(from: hashes, count: count)
        targetRejected.update(from: rejected, count: count)
    }

    /// Ends collecting; before others read `column`.
    func finish() { finished = rows.finish() }

    func column(_ index: Int) -> Column { finished!.columns[index] }
}

/// Ends a pipeline by collecting its rows into a join's table.
package final class JoinBuildSink: Operator {
    private let table: JoinTable
    private let expressions: CompiledExpressions
    private let keys: KeyEncoder
    private var part: JoinBuildPart?
    private var isFinished = false
    private let memory: MemoryReservation

    package init(_ table: JoinTable, in context: EvaluationContext) throws {
        self.table = table
        expressions = try CompiledExpressions(
            table.keys + table.stored.map { .column($0) }, over: table.buildInput, in: context)
        keys = KeyEncoder(table.layout)
        memory = MemoryReservation(table.memory, for: "HASH JOIN")
        part = JoinBuildPart(types: table.stored.map(\.type), width: table.layout.wordCount, memory: memory)
    }

    package var peakMemoryBytes: Int { memory.peakBytes }

    package func accept(_ batch: Batch) throws {
        guard batch.rowCount > 0 else { return }
        let evaluated = try expressions.evaluate(batch)
        let keyCount = table.keys.count
        keys.encode(Array(evaluated.columns[..<keyCount]), count: evaluated.count, selection: evaluated.selection)
        try part!.append(
            Batch(
                columns: Array(evaluated.columns[keyCount...]), count: evaluated.count, selection: evaluated.selection),
            keys: keys)
    }

    package func finish() throws {
        isFinished = true
        if let part {
            part.finish()
            try table.contribute(part)
        }
        part = nil
    }

    package func next() throws -> Step {
        guard isFinished else { return .needsInput }
        guard table.assembled.isOpen else { return .blocked(table.assembled) }
        table.work()
        return .finished
    }

    package func close() { part = nil }
}
