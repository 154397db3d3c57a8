package import HoneyCore
package import HoneyPlan

/// Groups rows by hash and computes aggregates of each group.
///
/// A partial phase keeps its table small: when it is full it passes the groups on and starts anew, and when grouping
/// does not reduce the rows it stops grouping and turns each row into a partial state of its own.
package final class HashAggregateOperator: Operator {
    private let aggregate: HashAggregate
    private let expressions: CompiledExpressions
    private let groupCount: Int
    private var states: [AggregateState]
    private let keys: KeyEncoder
    private let table: GroupTable
    private var groups: UnsafeMutablePointer<Int32>
    private var groupsCapacity = Batch.targetRows
    private let memory: MemoryReservation
    /// Groups at which a partial phase passes on what it has.
    private let partialGroupLimit: Int
    private var rowsSinceFlush = 0
    private var passesThrough = false
    private var isFinished = false
    /// The next group to give, while giving.
    private var cursor: Int?
    private var passed: Batch?

    package init(
        _ aggregate: HashAggregate, over input: [ColumnReference], in context: EvaluationContext,
        memory: MemoryReservation, partialGroupLimit: Int = 1 << 16
    ) throws {
        self.aggregate = aggregate
        self.memory = memory
        self.partialGroupLimit = partialGroupLimit
        groupCount = aggregate.groups.count
        var needed = aggregate.groups.map(\.expression)
        states = []
        for call in aggregate.calls {
            let operands = aggregate.phase == .final ? call.partials.map { .column($0) } : call.call.arguments
            let positions = Array(needed.count..<needed.count + operands.count)
            needed += operands
            states.append(try AggregateState(call, phase: aggregate.phase, positions: positions, in: context))
        }
        expressions = try CompiledExpressions(needed, over: input, in: context)
        let layout = KeyLayout(aggregate.groups.map(\.expression.type))
        keys = KeyEncoder(layout)
        table = GroupTable(layout)
        groups = .allocate(capacity: groupsCapacity)
    }

    deinit { groups.deallocate() }

    package var peakMemoryBytes: Int { memory.peakBytes }

    package func accept(_ batch: Batch) throws {
        guard batch.rowCount > 0 else { return }
        let evaluated = try expressions.evaluate(batch)
        if passesThrough {
            passed = try partialStatesOfRows(evaluated)
            return
        }
        let rows = evaluated.rowCount
        if groupCount == 0 {
            for state in states { try state.add(evaluated, groups: nil, groupCount: 1) }
        } else {
            if rows > groupsCapacity {
                groups.deallocate()
                groups = .allocate(capacity: rows)
                groupsCapacity = rows
            }
            let keyColumns = Array(evaluated.columns[..<groupCount])
            keys.encode(keyColumns, count: evaluated.count, selection: evaluated.selection)
            try table.number(keys, columns: keyColumns, selection: evaluated.selection, into: groups)
            for state in states { try state.add(evaluated, groups: groups, groupCount: table.count) }
        }
        rowsSinceFlush += rows
        try memory.set(heldBytes)
        if aggregate.phase == .partial, table.count >= partialGroupLimit { cursor = 0 }
    }

    private var heldBytes: Int {
        table.memoryBytes + keys.memoryBytes + groupsCapacity * 4 + states.reduce(0) { $0 + $1.memoryBytes }
    }

    package func finish() {
        isFinished = true
        if cursor == nil { cursor = 0 }
    }

    package func next() throws -> Step {
        if let batch = passed {
            passed = nil
            return .batch(batch)
        }
        guard let start = cursor else { return isFinished ? .finished : .needsInput }
        let total = groupCount == 0 ? 1 : table.count
        if start < total {
            let range = start..<min(start + Batch.targetRows, total)
            cursor = range.upperBound
            return .batch(try output(range))
        }
        cursor = nil
        if isFinished {
            // Asked again, it has nothing more.
            table.removeAll()
            return .finished
        }
        passesThrough = rowsSinceFlush < table.count * 2
        rowsSinceFlush = 0
        table.removeAll()
        for state in states { try state.reset() }
        return .needsInput
    }

    private func output(_ range: Range<Int>) throws -> Batch {
        var columns = groupCount == 0 ? [] : table.keys(range)
        for state in states {
            state.accumulator.reserve(groupCount: range.upperBound)
            if aggregate.phase == .partial {
                columns += try state.accumulator.partials(range)
            } else {
                columns.append(try state.accumulator.results(range))
            }
        }
        return Batch(columns: columns, count: range.count)
    }

    /// Makes a group of each row.
    private func partialStatesOfRows(_ batch: Batch) throws -> Batch {
        let whole = batch.materialized()
        let numbers = (0..<whole.count).map { Int32(truncatingIfNeeded: $0) }
        return try numbers.withUnsafeBufferPointer { identity in
            var columns = Array(whole.columns[..<groupCount])
            for state in states {
                try state.reset()
                try state.add(whole, groups: identity.baseAddress!, groupCount: whole.count)
                columns += try state.accumulator.partials(0..<whole.count)
            }
            return Batch(columns: columns, count: whole.count)
        }
    }
}
