import HoneyCore
import HoneyPlan

/// Hive's rules for the types of arithmetic.
enum NumericTypes {
    /// Digits after the point that a result too wide for 38 digits keeps at least.
    private static let minimumAdjustedScale = 6
    /// Digits after the point that a quotient has at least.
    private static let minimumQuotientScale = 6

    /// The types of `a operation b`; nil unless both are numbers or text that may hold numbers.
    static func signature(_ operation: ArithmeticOperator, _ a: Argument, _ b: Argument) -> Signature? {
        guard let left = operand(a, beside: b), let right = operand(b, beside: a) else { return nil }
        switch operation {
        case .bitAnd, .bitOr, .bitXor:
            guard left.isInteger, right.isInteger else { return nil }
            return same(DataType.commonNumber(left, right))
        case .integerDivide: return Signature([.bigint, .bigint], .bigint)
        case .divide where left.isInteger && right.isInteger: return same(.double)
        default: break
        }
        guard left.isDecimal || right.isDecimal, let x = decimal(left, of: a), let y = decimal(right, of: b) else {
            let common = DataType.commonNumber(left, right)
            return same(operation == .divide ? .double : common)
        }
        guard let result = decimalResult(operation, x, y) else { return nil }
        return Signature([x.type, y.type], result)
    }

    private static func same(_ type: DataType?) -> Signature? { type.map { Signature([$0, $0], $0) } }

    /// The number type that an argument counts as: text is a double, a bare null whatever stands beside it.
    private static func operand(_ argument: Argument, beside other: Argument) -> DataType? {
        if argument.type == .void { return other.type == .void ? .int : operand(other, beside: other) }
        if argument.type.isText { return .double }
        return argument.type.isNumeric ? argument.type : nil
    }

    private struct Digits {
        let precision: Int
        let scale: Int
        var type: DataType { .decimal(precision: precision, scale: scale) }
        var integer: Int { precision - scale }
    }

    /// An exact number as a decimal; an integer literal has only the digits it is written with.
    private static func decimal(_ type: DataType, of argument: Argument) -> Digits? {
        if type.isInteger, case .integer(let value)? = argument.constant {
            return Digits(precision: max(1, String(value.magnitude).count), scale: 0)
        }
        guard case .decimal(let precision, let scale)? = type.asDecimal else { return nil }
        return Digits(precision: precision, scale: scale)
    }

    private static func decimalResult(_ operation: ArithmeticOperator, _ a: Digits, _ b: Digits) -> DataType? {
        switch operation {
        case .add, .subtract:
            let scale = max(a.scale, b.scale)
            return adjusted(max(a.integer, b.integer) + scale + 1, scale)
        case .multiply: return adjusted(a.precision + b.precision + 1, a.scale + b.scale)
        case .divide:
            let scale = max(minimumQuotientScale, a.scale + b.precision + 1)
            return adjusted(a.integer + b.scale + scale, scale)
        case .remainder:
            let scale = max(a.scale, b.scale)
            return adjusted(max(min(a.integer, b.integer) + scale, 1), scale)
        default: return nil
        }
    }

    /// Fits a precision into 38 digits, at the cost of digits after the point but for six of them.
    static func adjusted(_ precision: Int, _ scale: Int) -> DataType {
        let maximum = DataType.maximumDecimalPrecision
        if precision <= maximum { return .decimal(precision: precision, scale: scale) }
        let kept = max(maximum - (precision - scale), min(scale, minimumAdjustedScale))
        return .decimal(precision: maximum, scale: kept)
    }
}
