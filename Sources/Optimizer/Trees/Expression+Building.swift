import HoneyCore
import HoneyPlan

extension Expression {
    static func call(_ function: String, _ arguments: Expression..., type: DataType = .boolean) -> Expression {
        .call(Call(function, arguments, type: type))
    }

    static func equal(_ a: Expression, _ b: Expression) -> Expression { .call(Operator.equal, a, b) }
    static func identical(_ a: Expression, _ b: Expression) -> Expression { .call(Operator.identical, a, b) }
    static func not(_ operand: Expression) -> Expression { .call(Operator.not, operand) }
    static func isNotNull(_ operand: Expression) -> Expression { .call(Operator.isNotNull, operand) }

    static func coalesce(_ operand: Expression, _ value: Value) -> Expression {
        .call(Operator.coalesce, operand, .literal(value, operand.type), type: operand.type)
    }

    static func null(_ type: DataType) -> Expression { .literal(.null, type) }

    /// ORs conditions; nil for none.
    static func disjunction(_ conditions: [Expression]) -> Expression? {
        switch conditions.count {
        case 0: nil
        case 1: conditions[0]
        default: .call(Call(Operator.or, conditions, type: .boolean))
        }
    }

    /// The disjuncts of an expression: `a or (b or c)` gives a, b, c.
    var disjuncts: [Expression] {
        if case .call(let call) = self, call.function == Operator.or { return call.arguments.flatMap(\.disjuncts) }
        return [self]
    }
}

extension Expression {
    var literalValue: Value? { if case .literal(let value, _) = self { value } else { nil } }
    var isNullLiteral: Bool { literalValue == .null }
    var isTrueLiteral: Bool { literalValue == .boolean(true) }
    /// Tells whether a condition keeps no row: the literals false and null.
    var isNeverTrue: Bool { literalValue == .boolean(false) || isNullLiteral }

    var columnReference: ColumnReference? { if case .column(let reference) = self { reference } else { nil } }

    /// The arguments, when this is a call of `function`.
    func arguments(of function: String) -> [Expression]? {
        if case .call(let call) = self, call.function == function { call.arguments } else { nil }
    }

    /// The two sides of `a = b`.
    var equalitySides: (Expression, Expression)? {
        arguments(of: Operator.equal).flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
    }

    var containsSubquery: Bool {
        if case .subquery = self { return true }
        return children.contains(where: \.containsSubquery)
    }

    /// The same expression with columns replaced; subqueries must be gone.
    func substituting(_ replacements: [ColumnID: Expression]) -> Expression {
        if replacements.isEmpty { return self }
        return rewritten { node in
            if case .column(let reference) = node { replacements[reference.id] ?? node } else { node }
        }
    }

    /// Every column referred to, each once, by first use.
    var columnsInOrder: [ColumnReference] {
        var seen: Set<ColumnID> = []
        var result: [ColumnReference] = []
        func visit(_ expression: Expression) {
            if case .column(let reference) = expression, seen.insert(reference.id).inserted { result.append(reference) }
            for child in expression.children { visit(child) }
        }
        visit(self)
        return result
    }

    /// How many calls and casts it takes to compute.
    var operationCount: Int {
        switch self {
        case .literal, .column: 0
        default: 1 + children.reduce(0) { $0 + $1.operationCount }
        }
    }
}
