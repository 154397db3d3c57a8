import HoneyCore

extension ColumnReference: CustomStringConvertible {
    public var description: String { name + id.description }
}

extension Expression: CustomStringConvertible {
    /// The expression as SQL, columns as `name#id`; a subquery shows as `subquery 1`, its plan left out.
    public var text: String {
        var writer = ExpressionText()
        return writer.text(self)
    }

    public var description: String { text }
}

/// Writes expressions as SQL, with parentheses only where precedence asks for them, and numbers subqueries on the way.
struct ExpressionText {
    /// The subqueries met, in order.
    var subqueries: [Subquery] = []
    /// The number of the first one.
    var firstNumber = 1

    private enum Precedence: Int, Comparable {
        case or, and, not, comparison, bitOr, bitXor, bitAnd, concatenation, sum, product, sign, primary

        static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
    }

    private static let infix: [String: Precedence] = [
        "or": .or, "and": .and, "=": .comparison, "<>": .comparison, "<": .comparison, "<=": .comparison,
        ">": .comparison, ">=": .comparison, "<=>": .comparison, "rlike": .comparison, "like": .comparison,
        "|": .bitOr, "^": .bitXor, "&": .bitAnd, "||": .concatenation, "+": .sum, "-": .sum, "*": .product,
        "/": .product, "%": .product, "div": .product,
    ]

    private static let postfix: [String: String] = [
        "isnull": "is null", "isnotnull": "is not null", "istrue": "is true", "isfalse": "is false",
        "isnottrue": "is not true", "isnotfalse": "is not false",
    ]

    mutating func text(_ expression: Expression) -> String {
        switch expression {
        case .literal(let value, let type): value.literal(type)
        case .column(let reference): reference.description
        case .cast(let operand, let type): "cast(\(text(operand)) as \(type.name))"
        case .subquery(let subquery): text(subquery)
        case .call(let call): text(call)
        }
    }

    mutating func list(_ expressions: [Expression]) -> String {
        var parts: [String] = []
        for expression in expressions { parts.append(text(expression)) }
        return parts.joined(separator: ", ")
    }

    mutating func text(_ call: AggregateCall) -> String {
        let arguments = call.arguments.isEmpty && call.function == "count" ? "*" : list(call.arguments)
        return call.function + "(" + (call.isDistinct ? "distinct " : "") + arguments + ")"
    }

    private mutating func text(_ call: Call) -> String {
        let arguments = call.arguments
        if let precedence = ExpressionText.infix[call.function], arguments.count > 1,
            arguments.count == 2 || precedence <= .and
        {
            var parts = [operand(arguments[0], atLeast: precedence)]
            // Chains lean to the left: `a - (b - c)` keeps its parentheses.
            for argument in arguments.dropFirst() { parts.append(operand(argument, above: precedence)) }
            return parts.joined(separator: " \(call.function) ")
        }
        if arguments.count == 1 {
            if let suffix = ExpressionText.postfix[call.function] {
                return operand(arguments[0], above: .comparison) + " " + suffix
            }
            if call.function == "not" { return "not " + operand(arguments[0], above: .not) }
            if call.function == "negative" { return "-" + operand(arguments[0], above: .sign) }
        }
        switch call.function {
        case "in" where arguments.count > 1:
            return operand(arguments[0], above: .comparison) + " in (" + list(Array(arguments.dropFirst())) + ")"
        case "case" where arguments.count > 1: return caseText(arguments)
        case Expression.Operator.field where arguments.count == 2:
            if case .literal(.string(let name), _) = arguments[1] {
                return operand(arguments[0], above: .sign) + "." + name
            }
        case "index" where arguments.count == 2:
            return operand(arguments[0], above: .sign) + "[" + text(arguments[1]) + "]"
        default: break
        }
        return call.function + "(" + list(arguments) + ")"
    }

    private mutating func caseText(_ arguments: [Expression]) -> String {
        var result = "case"
        var index = 0
        while index + 1 < arguments.count {
            result += " when " + text(arguments[index]) + " then " + text(arguments[index + 1])
            index += 2
        }
        if index < arguments.count { result += " else " + text(arguments[index]) }
        return result + " end"
    }

    private mutating func text(_ subquery: Subquery) -> String {
        var tested: [Expression] = []
        if case .membership(let expressions, _) = subquery.form { tested = expressions }
        let left = list(tested)
        subqueries.append(subquery)
        let name = "(subquery \(firstNumber + subqueries.count - 1))"
        return switch subquery.form {
        case .scalar: name
        case .exists(let isNegated): (isNegated ? "not exists " : "exists ") + name
        case .membership(_, let isNegated):
            (tested.count == 1 ? left : "(\(left))") + (isNegated ? " not in " : " in ") + name
        }
    }

    private func precedence(of expression: Expression) -> Precedence {
        switch expression {
        case .call(let call):
            if call.arguments.count > 1, let precedence = ExpressionText.infix[call.function] { return precedence }
            if call.function == "not" { return .not }
            if call.function == "negative" { return .sign }
            if call.function == "in" || ExpressionText.postfix[call.function] != nil { return .comparison }
            return .primary
        case .subquery(let subquery):
            if case .scalar = subquery.form { return .primary }
            return .comparison
        default: return .primary
        }
    }

    private mutating func operand(_ expression: Expression, atLeast least: Precedence) -> String {
        // Comparisons do not chain.
        if least == .comparison { return operand(expression, above: least) }
        return precedence(of: expression) >= least ? text(expression) : "(" + text(expression) + ")"
    }

    private mutating func operand(_ expression: Expression, above limit: Precedence) -> String {
        precedence(of: expression) > limit ? text(expression) : "(" + text(expression) + ")"
    }
}
