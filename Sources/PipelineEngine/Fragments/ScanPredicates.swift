import HoneyCore
import HoneyPlan

/// Derives what storage may skip by from a scan's conditions.
enum ScanPredicates {
    static func derive(_ scan: Scan) -> [ColumnPredicate] {
        var positions: [ColumnID: Int] = [:]
        for column in scan.columns {
            if case .table(let index) = column.source { positions[column.reference.id] = index }
        }
        return scan.filters.flatMap(\.conjuncts).compactMap { predicate($0, positions) }
    }

    private static let mirror = ["=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="]

    private static func predicate(_ condition: Expression, _ positions: [ColumnID: Int]) -> ColumnPredicate? {
        guard case .call(let call) = condition else { return nil }
        if call.arguments.count == 1, let column = column(call.arguments[0], positions) {
            if call.function == Expression.Operator.isNull { return .isNull(column: column) }
            if call.function == Expression.Operator.isNotNull { return .isNotNull(column: column) }
            return nil
        }
        guard call.arguments.count >= 2 else { return nil }
        if call.function == Expression.Operator.isIn, let column = column(call.arguments[0], positions) {
            let values = call.arguments.dropFirst().compactMap { value($0, of: call.arguments[0].type) }
            guard values.count == call.arguments.count - 1 else { return nil }
            return .oneOf(column: column, values: values)
        }
        guard call.arguments.count == 2, let mirrored = mirror[call.function] else { return nil }
        for (side, other, sign) in [(0, 1, call.function), (1, 0, mirrored)] {
            guard let column = column(call.arguments[side], positions),
                let value = value(call.arguments[other], of: call.arguments[side].type)
            else { continue }
            let inclusive = ColumnPredicate.Bound(value, isInclusive: true)
            let exclusive = ColumnPredicate.Bound(value, isInclusive: false)
            switch sign {
            case "=": return .range(column: column, lower: inclusive, upper: inclusive)
            case "<": return .range(column: column, lower: nil, upper: exclusive)
            case "<=": return .range(column: column, lower: nil, upper: inclusive)
            case ">": return .range(column: column, lower: exclusive, upper: nil)
            default: return .range(column: column, lower: inclusive, upper: nil)
            }
        }
        return nil
    }

    private static func column(_ expression: Expression, _ positions: [ColumnID: Int]) -> Int? {
        if case .column(let reference) = expression { positions[reference.id] } else { nil }
    }

    private static func value(_ expression: Expression, of type: DataType) -> Value? {
        if case .literal(let value, let literalType) = expression, literalType == type, !value.isNull {
            value
        } else {
            nil
        }
    }
}
