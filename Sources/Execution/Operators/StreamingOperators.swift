package import HoneyCore
package import HoneyPlan

/// Keeps the rows that pass a predicate.
package final class FilterOperator: Operator {
    private let filter: CompiledFilter
    private var pending: Batch?
    private var isFinished = false

    package init(_ predicate: Expression, over input: [ColumnReference], in context: EvaluationContext) throws {
        filter = try CompiledFilter(predicate, over: input, in: context)
    }

    package func accept(_ batch: Batch) throws {
        var batch = batch
        batch.selection = try filter.select(batch.columns, count: batch.count, among: batch.selection)
        if batch.rowCount > 0 { pending = batch }
    }

    package func finish() { isFinished = true }

    package func next() -> Step {
        if let batch = pending {
            pending = nil
            return .batch(batch)
        }
        return isFinished || filter.neverPasses ? .finished : .needsInput
    }
}

/// Computes columns.
package final class ProjectOperator: Operator {
    private let expressions: CompiledExpressions
    private var pending: Batch?
    private var isFinished = false

    package init(_ outputs: [Expression], over input: [ColumnReference], in context: EvaluationContext) throws {
        expressions = try CompiledExpressions(outputs, over: input, in: context)
    }

    package func accept(_ batch: Batch) throws {
        if batch.rowCount > 0 { pending = try expressions.evaluate(batch) }
    }

    package func finish() { isFinished = true }

    package func next() -> Step {
        if let batch = pending {
            pending = nil
            return .batch(batch)
        }
        return isFinished ? .finished : .needsInput
    }
}

/// Skips some rows and passes some.
package final class LimitOperator: Operator {
    private var toSkip: Int
    private var toPass: Int
    private var pending: Batch?
    private var isFinished = false

    package init(count: Int?, offset: Int) {
        toSkip = max(offset, 0)
        toPass = max(count ?? Int.max, 0)
    }

    package func accept(_ batch: Batch) {
        let rows = batch.rowCount
        let skipped = min(rows, toSkip)
        toSkip -= skipped
        let passed = min(rows - skipped, toPass)
        toPass -= passed
        guard passed > 0 else { return }
        var batch = batch
        if passed < rows {
            let before = batch.selection
            batch.selection = Selection(capacity: passed) { target in
                for position in 0..<passed {
                    target[position] = before.map { $0.indices[skipped + position] } ?? Int32(skipped + position)
                }
                return passed
            }
        }
        pending = batch
    }

    package func finish() { isFinished = true }

    package func next() -> Step {
        if let batch = pending {
            pending = nil
            return .batch(batch)
        }
        return isFinished || toPass == 0 ? .finished : .needsInput
    }
}

/// Gives rows written in the query.
package final class ValuesSource: SourceOperator {
    private var batches: [Batch]

    package init(_ rows: [[Expression]], columns: [ColumnReference], in context: EvaluationContext) throws {
        let builders = columns.map { ColumnBuilder($0.type, capacity: max(rows.count, 1)) }
        for row in rows {
            let values = try CompiledExpressions(row, over: [], in: context).evaluate([], count: 1)
            for (builder, value) in zip(builders, values) { builder.append(value.value(at: 0)) }
        }
        let whole = builders.map { $0.finish() }
        batches = stride(from: 0, to: rows.count, by: Batch.targetRows).map { start in
            let range = start..<min(start + Batch.targetRows, rows.count)
            return Batch(columns: whole.map { $0.sliced(range) }, count: range.count)
        }.reversed()
    }

    package func next() -> Step { batches.popLast().map { .batch($0) } ?? .finished }
    package func close() { batches = [] }
}

/// Gives batches that are already there; for tests and for results kept in memory.
package final class BatchSource: SourceOperator {
    private var batches: [Batch]

    package init(_ batches: [Batch]) { self.batches = batches.reversed() }

    package func next() -> Step { batches.popLast().map { .batch($0) } ?? .finished }
    package func close() { batches = [] }
}

/// Repeats each row once a grouping set, with the columns outside the set null, and says in one more column which
/// columns those are: the first column's bit is the highest, 1 where the column is outside.
package final class ExpandOperator: Operator {
    private let sets: [[Int]]
    private let groupCount: Int
    private let groupingType: DataType?
    private var current: Batch?
    private var nextSet = 0
    private var isFinished = false

    /// The input's first `groupCount` columns are the grouped ones.
    package init(sets: [[Int]], groupCount: Int, groupingType: DataType?) {
        self.sets = sets
        self.groupCount = groupCount
        self.groupingType = groupingType
    }

    package func accept(_ batch: Batch) {
        guard batch.rowCount > 0 else { return }
        current = batch
        nextSet = 0
    }

    package func finish() { isFinished = true }

    package func next() -> Step {
        guard let batch = current, nextSet < sets.count else {
            current = nil
            return isFinished ? .finished : .needsInput
        }
        let kept = Set(sets[nextSet])
        nextSet += 1
        var mask: Int64 = 0
        var columns: [Column] = []
        for index in 0..<groupCount {
            mask = mask << 1 | (kept.contains(index) ? 0 : 1)
            let column = batch.columns[index]
            columns.append(
                kept.contains(index) ? column : .constant(.null, type: column.type, count: batch.count))
        }
        columns += batch.columns[groupCount...]
        if let groupingType { columns.append(.constant(.integer(mask), type: groupingType, count: batch.count)) }
        return .batch(Batch(columns: columns, count: batch.count, selection: batch.selection))
    }
}
