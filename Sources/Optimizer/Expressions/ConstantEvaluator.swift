import HoneyCore
import HoneyPlan

/// Computes expressions with the functions' own kernels, over constants or over a few rows such as partition values.
struct ConstantEvaluator: Sendable {
    let functions: FunctionCatalog
    let session: SessionValues

    /// Longer texts are not made part of a plan.
    static let maximumTextBytes = 4096

    /// The value of an expression without columns; nil when it has none yet: it is not deterministic, or it fails.
    func value(of expression: Expression) -> Value? {
        if case .literal(let value, _) = expression { return value }
        guard let column = column(of: expression, over: [:], count: 1), column.count == 1 else { return nil }
        let value = column.value(at: 0)
        switch value {
        case .string(let text) where text.utf8.count > ConstantEvaluator.maximumTextBytes: return nil
        case .binary(let bytes) where bytes.count > ConstantEvaluator.maximumTextBytes: return nil
        default: return value
        }
    }

    /// The values of an expression over rows of columns; nil when it cannot be computed beforehand.
    func column(of expression: Expression, over columns: [ColumnID: Column], count: Int) -> Column? {
        switch expression {
        case .literal(let value, let type): return Column.constant(value, type: type, count: count)
        case .column(let reference): return columns[reference.id]
        case .subquery: return nil
        case .cast(let operand, let type):
            if operand.type == type { return column(of: operand, over: columns, count: count) }
            return apply("cast", to: [operand], type, columns, count)
        case .call(let call): return apply(call.function, to: call.arguments, call.type, columns, count)
        }
    }

    private func apply(
        _ name: String, to arguments: [Expression], _ type: DataType, _ columns: [ColumnID: Column], _ count: Int
    ) -> Column? {
        guard let function = functions.scalar(name), function.isDeterministic else { return nil }
        var inputs: [Column] = []
        for argument in arguments {
            guard let input = column(of: argument, over: columns, count: count) else { return nil }
            inputs.append(input)
        }
        let site = CallSite(
            arguments: arguments.map { Argument(type: $0.type, constant: $0.literalValue) }, result: type,
            session: session)
        // What fails now shall fail, or never be reached, when the query runs.
        return try? function.makeKernel(for: site)(inputs, count)
    }

    /// What an aggregate gives for a group of no rows: null for most, 0 for counts.
    func valueForNoRows(of call: AggregateCall) -> Value {
        let site = AggregateSite(
            arguments: call.arguments.map { Argument(type: $0.type, constant: $0.literalValue) }, result: call.type,
            session: session)
        guard let function = functions.aggregate(call.function),
            let accumulator = try? function.makeAccumulator(for: site)
        else { return call.function == "count" ? .integer(0) : .null }
        accumulator.reserve(groupCount: 1)
        guard let column = try? accumulator.results(0..<1), column.count == 1 else { return .null }
        return column.value(at: 0)
    }
}
