package import HoneyCore
package import HoneyPlan
import HoneyStorage

/// A conjunction made ready for one thread: conditions are tried one after another on the rows left.
package final class CompiledFilter {
    private enum Conjunct {
        case comparison(position: Int, ConstantComparison)
        case range(position: Int, RangeComparison)
        case nullTest(position: Int, isNull: Bool)
        case general(CompiledExpressions)
    }

    private var conjuncts: [Conjunct] = []
    private var isNever = false

    package init(_ predicate: Expression, over input: [ColumnReference], in context: EvaluationContext) throws {
        for conjunct in predicate.conjuncts { try add(conjunct, input, context) }
    }

    /// Tells that no row can pass.
    package var neverPasses: Bool { isNever }
    /// Tells that all rows pass.
    package var alwaysPasses: Bool { !isNever && conjuncts.isEmpty }

    /// Chooses among `count` rows, or those of `previous`; nil when all pass.
    package func select(_ columns: [Column], count: Int, among previous: Selection? = nil) throws -> Selection? {
        if isNever { return Selection(capacity: 0) { _ in 0 } }
        var selection = previous
        for conjunct in conjuncts {
            if let selection, selection.count == 0 { return selection }
            switch conjunct {
            case .comparison(let position, let comparison):
                selection = comparison.select(columns[position], count: count, among: selection)
            case .range(let position, let range):
                selection = range.select(columns[position], count: count, among: selection)
            case .nullTest(let position, let isNull):
                selection = CompiledFilter.nullTest(columns[position], isNull, count: count, among: selection)
            case .general(let expressions):
                let batch = try expressions.evaluate(Batch(columns: columns, count: count, selection: selection))
                let outcome = batch.columns[0]
                let values = outcome.values(as: UInt8.self)
                if let before = selection, batch.selection == nil {
                    // The condition was evaluated on the rows left only: its rows are positions in `before`.
                    let chosen = SelectionLoop.select(outcome, count: batch.count, among: nil) { values[$0] != 0 }
                    for position in 0..<chosen.count {
                        chosen.indices[position] = before.indices[Int(chosen.indices[position])]
                    }
                    selection = chosen
                } else {
                    selection = SelectionLoop.select(outcome, count: count, among: selection) { values[$0] != 0 }
                }
            }
        }
        if let selection, previous == nil, selection.count == count { return nil }
        return selection
    }

    private static func nullTest(_ column: Column, _ isNull: Bool, count: Int, among previous: Selection?) -> Selection?
    {
        guard let validity = column.validity else {
            return isNull ? Selection(capacity: 0) { _ in 0 } : previous
        }
        // The loop drops null rows by itself, so it runs over a column that claims none.
        let everyRow = Column(
            type: .boolean, count: column.count, isConstant: column.isConstant, data: Buffer(capacity: 0))
        return SelectionLoop.select(everyRow, count: count, among: previous) { validity[$0] != isNull }
    }

    // MARK: Compiling

    private func add(_ conjunct: Expression, _ input: [ColumnReference], _ context: EvaluationContext) throws {
        let whole = try CompiledExpressions([conjunct], over: input, in: context)
        if let constant = whole.constant(ofExpression: 0) {
            if constant.isNull(at: 0) || constant.values(as: UInt8.self)[0] == 0 { isNever = true }
            return
        }
        if let fast = try fastConjunct(conjunct, input, context) {
            if case .comparison(let position, let comparison) = fast,
                case .comparison(let lastPosition, let last)? = conjuncts.last, position == lastPosition,
                let range = RangeComparison(last, comparison)
            {
                conjuncts[conjuncts.count - 1] = .range(position: position, range)
                return
            }
            conjuncts.append(fast)
        } else {
            conjuncts.append(.general(whole))
        }
    }

    private func fastConjunct(
        _ conjunct: Expression, _ input: [ColumnReference], _ context: EvaluationContext
    ) throws -> Conjunct? {
        guard case .call(let call) = conjunct else { return nil }
        let arguments = call.arguments.map(\.withoutIdleCasts)
        if arguments.count == 1, case .column(let reference) = arguments[0],
            call.function == Expression.Operator.isNull || call.function == Expression.Operator.isNotNull,
            let position = input.firstIndex(of: reference)
        {
            return .nullTest(position: position, isNull: call.function == Expression.Operator.isNull)
        }
        guard arguments.count == 2, let mirrored = CompiledFilter.mirror[call.function] else { return nil }
        for (side, other, sign) in [(0, 1, call.function), (1, 0, mirrored)] {
            guard case .column(let reference) = arguments[side], let position = input.firstIndex(of: reference),
                CompiledFilter.isDirectlyComparable(call.arguments[side].type, call.arguments[other].type),
                call.arguments[other].referencedColumns.isEmpty
            else { continue }
            let compiled = try CompiledExpressions([call.arguments[other]], over: [], in: context)
            guard let constant = compiled.constant(ofExpression: 0), !constant.isNull(at: 0),
                constant.physical == reference.type.physical
            else { continue }
            return .comparison(position: position, ConstantComparison(sign: sign, constant: constant))
        }
        return nil
    }

    private static let mirror = ["=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="]

    /// Tells whether the stored values of the types order as the SQL values do. Floating-point and char values are left
    /// to the functions, which know about NaN and padding.
    private static func isDirectlyComparable(_ a: DataType, _ b: DataType) -> Bool {
        switch (a, b) {
        case (.decimal(_, let s), .decimal(_, let t)): s == t && a.physical == b.physical
        case (.string, .string), (.varchar, .varchar), (.string, .varchar), (.varchar, .string): true
        default: a == b && (a.isInteger || a == .date || a == .timestamp || a == .boolean || a.isInterval)
        }
    }
}

extension Expression {
    /// The operand under casts that change neither values nor layout.
    var withoutIdleCasts: Expression {
        if case .cast(let operand, let type) = self,
            operand.type == type || CompiledExpressions.castKeepsLayout(operand.type, type)
        {
            return operand.withoutIdleCasts
        }
        return self
    }
}

/// A compiled filter as storage applies it while reading.
package final class ScanFilter: RowFilter {
    package let columns: [Int]
    private let filter: CompiledFilter
    /// Rows it was asked about, and rows that passed.
    package private(set) var rowsSeen = 0
    package private(set) var rowsPassed = 0

    /// Compiles a predicate over the scan's projected columns (`projection` by position).
    package init(_ predicate: Expression, projection: [ColumnReference], in context: EvaluationContext) throws {
        let used = predicate.referencedColumns
        columns = projection.indices.filter { used.contains(projection[$0].id) }
        filter = try CompiledFilter(predicate, over: columns.map { projection[$0] }, in: context)
    }

    package func select(_ columns: [Column], count: Int) throws -> Selection? {
        let selection = try filter.select(columns, count: count)
        rowsSeen += count
        rowsPassed += selection?.count ?? count
        return selection
    }
}
