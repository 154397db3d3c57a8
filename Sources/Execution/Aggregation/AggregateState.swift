import HoneyCore
import HoneyPlan

/// One aggregate call within an operator: where its arguments are, its groups' states, and what DISTINCT has seen.
final class AggregateState {
    /// Positions of the arguments (or of the partial states) among the evaluated columns.
    let positions: [Int]
    private(set) var accumulator: any Accumulator
    private let function: any AggregateFunction
    private let site: AggregateSite
    private let isMerging: Bool
    private let distinct: DistinctRows?

    init(
        _ call: HashAggregate.Call, phase: HashAggregate.Phase, positions: [Int], in context: EvaluationContext
    ) throws {
        guard let function = context.functions.aggregate(call.call.function) else {
            throw HoneyError.unexpected("a plan calls an aggregate that is not there: \(call.call.function)")
        }
        self.positions = positions
        self.function = function
        isMerging = phase == .final
        site = AggregateSite(
            arguments: try call.call.arguments.map { try AggregateState.argument($0, context) }, result: call.call.type,
            session: context.session)
        accumulator = try function.makeAccumulator(for: site)
        distinct = call.call.isDistinct ? DistinctRows(call.call.arguments.map(\.type)) : nil
    }

    /// What is known of an argument: its type and, when it does not depend on rows, its value.
    static func argument(_ expression: Expression, _ context: EvaluationContext) throws -> Argument {
        var constant: Value?
        if expression.referencedColumns.isEmpty {
            let compiled = try CompiledExpressions([expression], over: [], in: context)
            constant = compiled.constant(ofExpression: 0)?.value(at: 0)
        }
        return Argument(type: expression.type, constant: constant)
    }

    var memoryBytes: Int { accumulator.memoryBytes + (distinct?.memoryBytes ?? 0) }

    /// Starts anew with no groups.
    func reset() throws { accumulator = try function.makeAccumulator(for: site) }

    /// Adds the rows of a batch to their groups.
    func add(_ batch: Batch, groups: UnsafePointer<Int32>?, groupCount: Int) throws {
        accumulator.reserve(groupCount: groupCount)
        let columns = positions.map { batch.columns[$0] }
        let rows = GroupedRows(count: batch.rowCount, selection: batch.selection, groups: groups)
        if isMerging {
            try accumulator.merge(columns, rows: rows)
        } else if let distinct {
            try distinct.addNew(columns, rows: rows, length: batch.count, to: accumulator)
        } else {
            try accumulator.update(columns, rows: rows)
        }
    }
}

/// Lets each value of a DISTINCT aggregate through once a group.
final class DistinctRows {
    private let keys: KeyEncoder
    private let seen: GroupTable
    private var numbers: [Int32] = []

    init(_ types: [DataType]) {
        // The group's number is the first part of the key.
        let layout = KeyLayout([.int] + types)
        keys = KeyEncoder(layout)
        seen = GroupTable(layout)
    }

    var memoryBytes: Int { seen.memoryBytes + keys.memoryBytes }

    /// Updates the accumulator with the rows whose values are new in their group.
    func addNew(_ columns: [Column], rows: GroupedRows, length: Int, to accumulator: any Accumulator) throws {
        guard rows.count > 0 else { return }
        let groupNumbers = Buffer(capacity: rows.count * 4)
        let target = groupNumbers.pointer(to: Int32.self)
        if let groups = rows.groups {
            target.update(from: groups, count: rows.count)
        } else {
            target.update(repeating: 0, count: rows.count)
        }
        let taken =
            rows.selection.map { selection in
                columns.map { $0.gathered(selection.indices, count: selection.count) }
            } ?? columns
        let keyColumns = [Column(type: .int, count: rows.count, data: groupNumbers)] + taken
        keys.encode(keyColumns, count: rows.count, selection: nil)
        if numbers.count < rows.count { numbers = [Int32](repeating: 0, count: rows.count) }
        try numbers.withUnsafeMutableBufferPointer {
            try seen.number(
                keys, columns: keyColumns, selection: nil, into: $0.baseAddress!, collectingInserted: true)
        }
        let inserted = seen.insertedRows
        guard !inserted.isEmpty else { return }
        let selection = Selection(capacity: inserted.count) { indices in
            for (position, row) in inserted.enumerated() { indices[position] = row }
            return inserted.count
        }
        let groups = inserted.map { target[Int($0)] }
        try groups.withUnsafeBufferPointer {
            try accumulator.update(
                taken, rows: GroupedRows(count: inserted.count, selection: selection, groups: $0.baseAddress!))
        }
    }
}
