import HoneyCore
import HoneyPlan

/// A call of a comparison operator, taken apart.
struct Comparison {
    typealias Operator = Expression.Operator

    var function: String
    var left: Expression
    var right: Expression

    private static let negations = [
        Operator.equal: Operator.notEqual, Operator.notEqual: Operator.equal,
        Operator.less: Operator.greaterOrEqual, Operator.greaterOrEqual: Operator.less,
        Operator.greater: Operator.lessOrEqual, Operator.lessOrEqual: Operator.greater,
    ]

    private static let mirrors = [
        Operator.equal: Operator.equal, Operator.notEqual: Operator.notEqual, Operator.identical: Operator.identical,
        Operator.less: Operator.greater, Operator.greater: Operator.less,
        Operator.lessOrEqual: Operator.greaterOrEqual, Operator.greaterOrEqual: Operator.lessOrEqual,
    ]

    init?(_ expression: Expression) {
        guard case .call(let call) = expression, call.arguments.count == 2, Comparison.mirrors[call.function] != nil
        else { return nil }
        function = call.function
        left = call.arguments[0]
        right = call.arguments[1]
    }

    var expression: Expression { .call(function, left, right) }

    /// Tells that a null on either side makes it null.
    var isStrict: Bool { function != Operator.identical }

    var isEquality: Bool { function == Operator.equal || function == Operator.identical }

    /// `b > a` for `a < b`.
    var mirrored: Comparison {
        var copy = self
        copy.function = Comparison.mirrors[function]!
        (copy.left, copy.right) = (right, left)
        return copy
    }

    /// `a >= b` for `a < b`; nil for `<=>`, which has no opposite, and for orders of reals, where NaN is in none.
    var negated: Comparison? {
        guard let opposite = Comparison.negations[function] else { return nil }
        let isReal = left.type == .double || left.type == .float
        guard !isReal || function == Operator.equal || function == Operator.notEqual else { return nil }
        var copy = self
        copy.function = opposite
        return copy
    }
}
