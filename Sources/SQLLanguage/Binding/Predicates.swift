import HoneyCore
import HoneyPlan

extension ExpressionBinder {
    /// Binds tests, matches, ranges, lists and subqueries.
    func bindPredicate(_ syntax: ExpressionSyntax) throws -> Expression {
        let position = syntax.position
        switch syntax.form {
        case .between(let operand, let low, let high, let isNegated):
            return try between(operand, low, high, isNegated: isNegated, at: position)
        case .isIn(let operand, let list, let isNegated):
            return try negated(isNegated, try isIn(operand, list, at: position), at: position)
        case .test(let operand, let test, let isNegated):
            return try self.test(try bind(operand), test, isNegated: isNegated, at: position)
        case .match(let operand, let match, let isNegated):
            return try negated(isNegated, try self.match(try bind(operand), match, at: position), at: position)
        case .scalarSubquery(let query): return try bindScalar(query, at: position)
        case .exists(let query, let isNegated): return try bindExists(query, isNegated: isNegated, at: position)
        case .inSubquery(let operand, let query, let isNegated):
            return try bindMembership(operand, query, isNegated: isNegated, at: position)
        default: throw HoneyError.unexpected("expression form without a meaning")
        }
    }

    private func negated(_ isNegated: Bool, _ operand: Expression, at position: SourcePosition) throws -> Expression {
        isNegated ? try session.call(Expression.Operator.not, [operand], at: position) : operand
    }

    private func between(
        _ operand: ExpressionSyntax, _ low: ExpressionSyntax, _ high: ExpressionSyntax, isNegated: Bool,
        at position: SourcePosition
    ) throws -> Expression {
        let (value, least, most) = (try bind(operand), try bind(low), try bind(high))
        let lower = try session.call(isNegated ? "<" : ">=", [value, least], at: low.position)
        let upper = try session.call(isNegated ? ">" : "<=", [value, most], at: high.position)
        return try session.call(
            isNegated ? Expression.Operator.or : Expression.Operator.and, [lower, upper], at: position)
    }

    private func isIn(
        _ operand: ExpressionSyntax, _ list: [ExpressionSyntax], at position: SourcePosition
    ) throws -> Expression {
        guard case .tuple(let members) = operand.form else {
            return try session.call(Expression.Operator.isIn, [try bind(operand)] + list.map(bind), at: position)
        }
        // Rows are compared member by member.
        let tested = try members.map(bind)
        let alternatives = try list.map { candidate in
            guard case .tuple(let values) = candidate.form, values.count == tested.count else {
                throw HoneyError.semantic(
                    "COLUMN_COUNT_MISMATCH", "IN needs a list of \(counted(tested.count, "value"))",
                    at: candidate.position)
            }
            let equalities = try zip(tested, values).map {
                try session.call(Expression.Operator.equal, [$0, try bind($1)], at: $1.position)
            }
            return try any(Expression.Operator.and, equalities, at: candidate.position)
        }
        return try any(Expression.Operator.or, alternatives, at: position)
    }

    /// Combines conditions; one stands for itself.
    private func any(_ name: String, _ conditions: [Expression], at position: SourcePosition) throws -> Expression {
        conditions.count == 1 ? conditions[0] : try session.call(name, conditions, at: position)
    }

    private func test(
        _ operand: Expression, _ test: TestSyntax, isNegated: Bool, at position: SourcePosition
    ) throws -> Expression {
        switch test {
        case .null: return try session.call(isNegated ? "isnotnull" : "isnull", [operand], at: position)
        case .isTrue: return try session.call(isNegated ? "isnottrue" : "istrue", [operand], at: position)
        case .isFalse: return try session.call(isNegated ? "isnotfalse" : "isfalse", [operand], at: position)
        case .distinctFrom(let other):
            let identical = try session.call(Expression.Operator.identical, [operand, try bind(other)], at: position)
            return try negated(!isNegated, identical, at: position)
        }
    }

    private func match(_ operand: Expression, _ match: MatchSyntax, at position: SourcePosition) throws -> Expression {
        func likes(_ patterns: [ExpressionSyntax]) throws -> [Expression] {
            try patterns.map { try session.call(Expression.Operator.like, [operand, try bind($0)], at: $0.position) }
        }
        switch match {
        case .like(let pattern):
            return try session.call(Expression.Operator.like, [operand, try bind(pattern)], at: position)
        case .regexp(let pattern): return try session.call("rlike", [operand, try bind(pattern)], at: position)
        case .likeAny(let patterns): return try any(Expression.Operator.or, try likes(patterns), at: position)
        case .likeAll(let patterns): return try any(Expression.Operator.and, try likes(patterns), at: position)
        }
    }
}
