import HoneyCore
import HoneyPlan

/// Makes expressions shorter without changing their value or type.
struct ExpressionSimplifier {
    let context: OptimizationContext

    /// The same value for every row.
    func simplified(_ expression: Expression) -> Expression {
        var current = flattened(expression).mapChildren(simplified)
        // Each step makes the expression shorter or more canonical; a few reach the fixed point.
        for _ in 0..<8 {
            let next = step(current)
            if next == current { break }
            current = next
        }
        return current
    }

    /// A long chain of `and` or `or` is taken as one call, not simplified anew at each of its links.
    private func flattened(_ expression: Expression) -> Expression {
        guard case .call(var call) = expression else { return expression }
        switch call.function {
        case Expression.Operator.and: call.arguments = expression.conjuncts
        case Expression.Operator.or: call.arguments = expression.disjuncts
        default: return expression
        }
        return .call(call)
    }

    /// The same truth for every row: null may become false, as where a condition keeps rows.
    func simplifiedCondition(_ condition: Expression) -> Expression {
        asCondition(simplified(condition))
    }

    private func asCondition(_ condition: Expression) -> Expression {
        guard case .call(let call) = condition else { return condition.isNullLiteral ? .boolean(false) : condition }
        switch call.function {
        case Expression.Operator.and: return conjunction(call.arguments.map(asCondition))
        case Expression.Operator.or: return disjunction(call.arguments.map(asCondition))
        case Expression.Operator.equal where call.arguments[0] == call.arguments[1] && isStable(call.arguments[0]):
            return .isNotNull(call.arguments[0])
        default: return condition
        }
    }

    func isStable(_ expression: Expression) -> Bool { context.isDeterministic(expression) }

    /// One rewriting of a node whose operands are simple already.
    private func step(_ node: Expression) -> Expression {
        switch node {
        case .literal, .column, .subquery: return node
        case .cast(let operand, let type):
            if operand.type == type { return operand }
            if case .cast(let inner, let middle) = operand, middle.holdsExactly(inner.type), inner.type.isNumeric {
                if inner.type == type { return inner }
                if type.holdsExactly(middle) { return .cast(inner, to: type) }
            }
            return folded(node) ?? node
        case .call(let call):
            if let constant = folded(node) { return constant }
            return step(call) ?? node
        }
    }

    /// The literal that an expression over literals is.
    private func folded(_ node: Expression) -> Expression? {
        guard node.children.allSatisfy({ $0.literalValue != nil }), let value = context.evaluator.value(of: node) else {
            return nil
        }
        return .literal(value, node.type)
    }

    private func step(_ call: Call) -> Expression? {
        typealias Operator = Expression.Operator
        let arguments = call.arguments
        switch call.function {
        case Operator.and: return conjunction(arguments)
        case Operator.or: return disjunction(arguments)
        case Operator.not: return negation(of: arguments[0])
        case Operator.isNull:
            return arguments[0].isNeverNull ? .boolean(false) : nil
        case Operator.isNotNull:
            return arguments[0].isNeverNull ? .boolean(true) : nil
        case Operator.coalesce: return firstNotNull(call)
        case Operator.caseWhen: return choice(call)
        case Operator.isIn: return membership(call)
        case Operator.like: return pattern(call)
        case "istrue": return arguments[0].isNeverNull ? arguments[0] : nil
        default: return Comparison(.call(call)).flatMap { comparison($0) }
        }
    }

    // MARK: Logic

    /// a ∧ true = a; a ∧ false = false; a ∧ a = a.
    func conjunction(_ conditions: [Expression]) -> Expression {
        let parts = conditions.flatMap(\.conjuncts).filter { !$0.isTrueLiteral }.deduplicated(where: isStable)
        if parts.contains(where: { $0.literalValue == .boolean(false) }) { return .boolean(false) }
        if contradicts(parts) { return .boolean(false) }
        return Expression.conjunction(parts) ?? .boolean(true)
    }

    /// `x is null` beside `x is not null`: false whatever x is.
    private func contradicts(_ parts: [Expression]) -> Bool {
        let all = Set(parts)
        return parts.contains { part in
            guard let operand = part.arguments(of: Expression.Operator.isNull)?.first else { return false }
            return isStable(operand) && all.contains(.isNotNull(operand))
        }
    }

    /// a ∨ false = a; a ∨ true = true; (a ∧ b) ∨ (a ∧ c) = a ∧ (b ∨ c); x = 1 ∨ x = 2 = x in (1, 2).
    func disjunction(_ conditions: [Expression]) -> Expression {
        var parts = conditions.flatMap(\.disjuncts).filter { $0.literalValue != .boolean(false) }
        parts = parts.deduplicated(where: isStable)
        if parts.contains(where: \.isTrueLiteral) { return .boolean(true) }
        if parts.isEmpty { return .boolean(false) }
        parts = joiningEqualities(parts)
        guard parts.count > 1 else { return parts[0] }
        let common = parts[0].conjuncts.filter { shared in
            isStable(shared) && parts.dropFirst().allSatisfy { $0.conjuncts.contains(shared) }
        }
        guard !common.isEmpty else { return Expression.disjunction(parts)! }
        let rests = parts.map { part in
            Expression.conjunction(part.conjuncts.filter { !common.contains($0) }) ?? .boolean(true)
        }
        return conjunction(common + [disjunction(rests)])
    }

    private func joiningEqualities(_ parts: [Expression]) -> [Expression] {
        var candidates: [Expression: [Expression]] = [:]
        for part in parts {
            if let choices = part.choices { candidates[choices.tested, default: []] += choices.candidates }
        }
        var emitted: Set<Expression> = []
        return parts.compactMap { part in
            guard let tested = part.choices?.tested, isStable(tested), let all = candidates[tested]?.withoutDuplicates,
                all.count > 1
            else { return part }
            guard emitted.insert(tested).inserted else { return nil }
            return .call(Call(Expression.Operator.isIn, [tested] + all, type: .boolean))
        }
    }

    /// ¬¬a = a; ¬(a < b) = a ≥ b; ¬(a ∧ b) = ¬a ∨ ¬b.
    private func negation(of operand: Expression) -> Expression? {
        guard case .call(let call) = operand else { return nil }
        switch call.function {
        case Expression.Operator.not: return call.arguments[0]
        case Expression.Operator.isNull: return .isNotNull(call.arguments[0])
        case Expression.Operator.isNotNull: return .call(Expression.Operator.isNull, call.arguments[0])
        case Expression.Operator.and: return disjunction(call.arguments.map(negated))
        case Expression.Operator.or: return conjunction(call.arguments.map(negated))
        default: return Comparison(operand)?.negated?.expression
        }
    }

    private func negated(_ operand: Expression) -> Expression { negation(of: operand) ?? .not(operand) }

    // MARK: Choices

    private func firstNotNull(_ call: Call) -> Expression? {
        var arguments = call.arguments.filter { !$0.isNullLiteral }
        if let last = arguments.firstIndex(where: \.isNeverNull) { arguments.removeSubrange((last + 1)...) }
        if arguments.isEmpty { return .null(call.type) }
        if arguments.count == 1 && arguments[0].type == call.type { return arguments[0] }
        return arguments.count == call.arguments.count
            ? nil : .call(Call(call.function, arguments, type: call.type))
    }

    /// Conditions that never hold go, with their results; the first that always holds ends the list.
    private func choice(_ call: Call) -> Expression? {
        var arguments: [Expression] = []
        var rest = call.arguments[...]
        while rest.count >= 2 {
            let (condition, result) = (rest[rest.startIndex], rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            if condition.isNeverTrue { continue }
            if condition.isTrueLiteral {
                arguments.append(result)
                rest = []
                break
            }
            arguments += [condition, result]
        }
        if let otherwise = rest.first { arguments.append(otherwise) }
        if arguments.isEmpty { return .null(call.type) }
        if arguments.count == 1 { return arguments[0].type == call.type ? arguments[0] : nil }
        return arguments.count == call.arguments.count ? nil : .call(Call(call.function, arguments, type: call.type))
    }

    /// x in (1) is x = 1; duplicates go; literals are brought to the type under a cast.
    private func membership(_ call: Call) -> Expression? {
        let tested = call.arguments[0]
        let candidates = Array(call.arguments.dropFirst()).withoutDuplicates
        if candidates.count == 1, candidates[0].type == tested.type { return .equal(tested, candidates[0]) }
        if let unwrapped = CastUnwrapping(context: context).unwrapped(tested, in: candidates) { return unwrapped }
        return candidates.count + 1 == call.arguments.count
            ? nil : .call(Call(call.function, [tested] + candidates, type: .boolean))
    }

    /// A pattern without wildcards and escapes is equality.
    private func pattern(_ call: Call) -> Expression? {
        guard call.arguments.count == 2, call.arguments[0].type == .string,
            case .literal(.string(let pattern), .string) = call.arguments[1],
            !pattern.contains(where: { "%_\\".contains($0) })
        else { return nil }
        return .equal(call.arguments[0], call.arguments[1])
    }

    // MARK: Comparisons

    private func comparison(_ comparison: Comparison) -> Expression? {
        if comparison.isStrict, comparison.left.isNullLiteral || comparison.right.isNullLiteral {
            return .null(.boolean)
        }
        // Literals stand on the right.
        if comparison.left.literalValue != nil, comparison.right.literalValue == nil {
            return comparison.mirrored.expression
        }
        return CastUnwrapping(context: context).unwrapped(comparison)
    }
}

extension Expression {
    /// `x = literal` and `x in (literals)` as the values x may have.
    fileprivate var choices: (tested: Expression, candidates: [Expression])? {
        if let sides = equalitySides, let value = sides.1.literalValue, value != .null, sides.0.literalValue == nil {
            return (sides.0, [sides.1])
        }
        guard let arguments = arguments(of: Operator.isIn), arguments.count > 1,
            arguments.dropFirst().allSatisfy({ $0.literalValue != nil && !$0.isNullLiteral })
        else { return nil }
        return (arguments[0], Array(arguments.dropFirst()))
    }
}

extension Array where Element == Expression {
    /// Without repetitions of what gives the same value each time.
    fileprivate func deduplicated(where isStable: (Expression) -> Bool) -> [Expression] {
        var seen: Set<Expression> = []
        return filter { seen.insert($0).inserted || !isStable($0) }
    }
}
