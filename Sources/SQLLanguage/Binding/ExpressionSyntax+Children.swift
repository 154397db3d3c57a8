import HoneyCore

extension ExpressionSyntax {
    var isStar: Bool { if case .star = form { true } else { false } }

    /// The members of a list of values in parentheses, or the expression itself.
    var members: [ExpressionSyntax] { if case .tuple(let members) = form { members } else { [self] } }

    /// The direct operands; those inside a subquery are none.
    var children: [ExpressionSyntax] {
        switch form {
        case .null, .boolean, .number, .string, .dateLiteral, .timestampLiteral, .name, .star, .scalarSubquery, .exists:
            []
        case .interval(let interval): [interval.amount]
        case .field(let operand, _): [operand]
        case .index(let operand, let key): [operand, key]
        case .call(let call): call.arguments
        case .cast(let operand, _): [operand]
        case .caseWhen(let operand, let branches, let otherwise):
            [operand, otherwise].compactMap { $0 } + branches.flatMap { [$0.condition, $0.result] }
        case .between(let operand, let low, let high, _): [operand, low, high]
        case .isIn(let operand, let list, _): [operand] + list
        case .test(let operand, let test, _):
            if case .distinctFrom(let other) = test { [operand, other] } else { [operand] }
        case .match(let operand, let match, _):
            switch match {
            case .like(let pattern), .regexp(let pattern): [operand, pattern]
            case .likeAny(let patterns), .likeAll(let patterns): [operand] + patterns
            }
        case .tuple(let members): members
        case .inSubquery(let operand, _, _): [operand]
        }
    }

    /// Tells whether the expression or a part of it satisfies a condition, those in subqueries aside.
    func contains(_ condition: (ExpressionSyntax) -> Bool) -> Bool {
        var pending = [self]
        while let next = pending.popLast() {
            if condition(next) { return true }
            pending += next.children
        }
        return false
    }
}
