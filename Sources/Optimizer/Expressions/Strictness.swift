import HoneyCore
import HoneyPlan

extension Expression {
    /// Functions that give null as soon as one argument is null.
    private static let strictFunctions: Set<String> = [
        Operator.equal, Operator.notEqual, Operator.less, Operator.lessOrEqual, Operator.greater,
        Operator.greaterOrEqual, Operator.not, Operator.like, "rlike", "+", "-", "*", "/", "%", "div", "negative",
        "abs", "year", "month", "day", "substr", "substring", "upper", "lower", "length", "trim",
    ]

    /// Columns each of which, when null, makes the expression null.
    var nullingColumns: Set<ColumnID> {
        switch self {
        case .literal, .subquery: []
        case .column(let reference): [reference.id]
        case .cast(let operand, _): operand.nullingColumns
        case .call(let call):
            if Expression.strictFunctions.contains(call.function) {
                call.arguments.reduce(into: []) { $0.formUnion($1.nullingColumns) }
            } else if call.function == Operator.isIn {
                call.arguments.first?.nullingColumns ?? []
            } else {
                []
            }
        }
    }

    /// Columns each of which, when null, keeps the condition from being true.
    var rejectedNulls: Set<ColumnID> {
        guard case .call(let call) = self else { return nullingColumns }
        switch call.function {
        case Operator.and: return call.arguments.reduce(into: []) { $0.formUnion($1.rejectedNulls) }
        case Operator.or:
            guard var common = call.arguments.first?.rejectedNulls else { return [] }
            for argument in call.arguments.dropFirst() { common.formIntersection(argument.rejectedNulls) }
            return common
        case Operator.isNotNull: return call.arguments.first?.nullingColumns ?? []
        case "istrue": return call.arguments.first?.rejectedNulls ?? []
        default: return nullingColumns
        }
    }

    /// Tells that the expression is never null.
    var isNeverNull: Bool {
        switch self {
        case .literal(let value, _): return value != .null
        case .column, .cast, .subquery: return false
        case .call(let call):
            switch call.function {
            case Operator.isNull, Operator.isNotNull, Operator.identical, "istrue", "isfalse", "isnottrue",
                "isnotfalse":
                return true
            case Operator.and, Operator.or, Operator.not: return call.arguments.allSatisfy(\.isNeverNull)
            case Operator.coalesce: return call.arguments.contains(where: \.isNeverNull)
            default: return false
            }
        }
    }
}
