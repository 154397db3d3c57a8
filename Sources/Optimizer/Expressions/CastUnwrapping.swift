import HoneyCore
import HoneyPlan

/// Compares a column as it is stored: `cast(x, T) < literal` becomes `x < literal` in x's own type, when T holds all of
/// x's values exactly and in their order.
///
/// The literal is cast to x's type and back. If it returns the same, it is the value to compare with. If not, it is the
/// neighbour below or above, and the inequality is chosen so that x is on the same side of it as of the literal.
struct CastUnwrapping {
    let context: OptimizationContext

    func unwrapped(_ comparison: Comparison) -> Expression? {
        typealias Operator = Expression.Operator
        guard case .cast(let operand, let type) = comparison.left, type.holdsExactly(operand.type),
            case .literal(let value, type) = comparison.right,
            let near = nearest(to: value, type, in: operand.type)
        else { return nil }
        var result = comparison
        result.left = operand
        result.right = .literal(near.value, operand.type)
        if near.order == 0 { return result.expression }
        switch (comparison.function, near.order < 0) {
        case (Operator.less, true), (Operator.lessOrEqual, true): result.function = Operator.lessOrEqual
        case (Operator.greater, true), (Operator.greaterOrEqual, true): result.function = Operator.greater
        case (Operator.less, false), (Operator.lessOrEqual, false): result.function = Operator.less
        case (Operator.greater, false), (Operator.greaterOrEqual, false): result.function = Operator.greaterOrEqual
        default: return nil
        }
        // The rules above hold for numbers and times; texts have no neighbours.
        return type.isText ? nil : result.expression
    }

    /// Candidates that x's type does not have are never equal to it.
    func unwrapped(_ tested: Expression, in candidates: [Expression]) -> Expression? {
        guard case .cast(let operand, let type) = tested, type.holdsExactly(operand.type) else { return nil }
        var result: [Expression] = []
        for candidate in candidates {
            guard case .literal(let value, type) = candidate, let near = nearest(to: value, type, in: operand.type)
            else {
                return nil
            }
            if near.order == 0 { result.append(.literal(near.value, operand.type)) }
        }
        if result.isEmpty { return nil }
        return .call(Call(Expression.Operator.isIn, [operand] + result, type: .boolean))
    }

    /// The value of `narrow` that `value` of `wide` becomes, and how it compares with it: -1, 0, 1.
    private func nearest(to value: Value, _ wide: DataType, in narrow: DataType) -> (value: Value, order: Int)? {
        guard value != .null,
            let near = context.evaluator.value(of: .cast(.literal(value, wide), to: narrow)), near != .null,
            let back = context.evaluator.value(of: .cast(.literal(near, narrow), to: wide)),
            let order = compare(back, value)
        else { return nil }
        return (near, order)
    }

    private func compare(_ a: Value, _ b: Value) -> Int? {
        switch (a, b) {
        case (.integer(let x), .integer(let y)): x < y ? -1 : x > y ? 1 : 0
        case (.decimal(let x), .decimal(let y)), (.timestamp(let x), .timestamp(let y)): x < y ? -1 : x > y ? 1 : 0
        case (.real(let x), .real(let y)): x < y ? -1 : x > y ? 1 : x == y ? 0 : nil
        case (.string(let x), .string(let y)): x == y ? 0 : nil
        default: nil
        }
    }
}

extension DataType {
    /// Tells whether every value of `other` is one of this type's, in the same order, and casts there and back keep it.
    func holdsExactly(_ other: DataType) -> Bool {
        switch (other, self) {
        case (let a, let b) where a.isInteger && b.isInteger: return a.integerDigits! <= b.integerDigits!
        case (.decimal(let p, let s), .decimal(let q, let t)): return t >= s && q - t >= p - s
        case (let a, .decimal(let q, let t)) where a.isInteger: return q - t >= a.integerDigits!
        case (.tinyint, .double), (.smallint, .double), (.int, .double): return true
        case (.tinyint, .float), (.smallint, .float): return true
        case (.float, .double): return true
        case (.date, .timestamp): return true
        // A literal that is cut on the way does not come back the same and stays as it is.
        case (.varchar, .string): return true
        // Dates from 0000 to 9999 are written with four digits and so sort as they should.
        case (.date, .string): return true
        default: return false
        }
    }
}
