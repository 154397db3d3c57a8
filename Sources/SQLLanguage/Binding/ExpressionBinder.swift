import HoneyCore
import HoneyPlan

/// Binds expressions over one scope.
final class ExpressionBinder {
    /// When select aliases are names too, and before or after columns.
    enum Aliases {
        case none
        /// ORDER BY: an alias hides a column.
        case first([String: Expression])
        /// HAVING: a column that `isGroup` accepts hides an alias.
        case unlessGroup([String: Expression], isGroup: (Expression) -> Bool)
        /// GROUP BY: a column hides an alias, which stands for the text of its expression.
        case textAfterColumns([String: ExpressionSyntax])
    }

    let session: BindingSession
    let environment: Environment
    let scope: Scope
    /// The clause, for messages.
    let clause: String
    var aliases = Aliases.none
    /// Where aggregate calls are gathered; nil where none may be.
    var aggregation: Aggregation?
    var isInsideAggregate = false
    var allowsSubqueries = true
    private var depth = 0

    init(_ session: BindingSession, _ environment: Environment, _ scope: Scope, clause: String) {
        self.session = session
        self.environment = environment
        self.scope = scope
        self.clause = clause
    }

    func bind(_ syntax: ExpressionSyntax) throws -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > session.dialect.maximumHeight {
            throw HoneyError.semantic("TOO_DEEP", "expression is nested too deeply", at: syntax.position)
        }
        let position = syntax.position
        switch syntax.form {
        case .null: return .literal(.null, .void)
        case .boolean(let value): return .boolean(value)
        case .number(let text): return try Literals.number(text, at: position)
        case .string(let text): return .literal(.string(text), .string)
        case .dateLiteral(let text): return try Literals.date(text, at: position)
        case .timestampLiteral(let text): return try Literals.timestamp(text, at: position)
        case .interval(let interval): return try bind(interval, at: position)
        case .name(let parts): return try bindName(parts, at: position)
        case .star: throw HoneyError.semantic("UNEXPECTED_STAR", "* is no expression", at: position)
        case .field(let operand, let name): return try field(name, of: try bind(operand), at: position)
        case .index(let operand, let key):
            return try session.call(Expression.Operator.index, [try bind(operand), try bind(key)], at: position)
        case .call(let call): return try bind(call, at: position)
        case .cast(let operand, let type): return try cast(try bind(operand), to: type, at: position)
        case .caseWhen(let operand, let branches, let otherwise):
            return try bindCase(operand, branches, otherwise, at: position)
        case .tuple:
            throw HoneyError.semantic("UNEXPECTED_TUPLE", "a list of values stands only before IN", at: position)
        default: return try bindPredicate(syntax)
        }
    }

    private func bindName(_ parts: [String], at position: SourcePosition) throws -> Expression {
        let name = parts.map(session.dialect.folded)
        switch aliases {
        case .first(let known):
            if name.count == 1, let alias = known[name[0]] { return alias }
        case .unlessGroup(let known, let isGroup):
            if name.count == 1, let alias = known[name[0]] {
                if let column = try? scope.resolve(name, at: position), isGroup(column.expression) { break }
                return alias
            }
        case .textAfterColumns(let known):
            if name.count == 1, let alias = known[name[0]], try scope.resolveHere(name, at: position) == nil {
                aliases = .none
                defer { aliases = .textAfterColumns(known) }
                return try bind(alias)
            }
        case .none: break
        }
        guard let found = try scope.resolve(name, at: position) else {
            if let special = try bindSpecialName(name, at: position) { return special }
            throw scope.unresolved(name, at: position)
        }
        for column in found.expression.referencedColumns { session.lastUses[column] = position }
        return try found.fields.reduce(found.expression) { try field($1, of: $0, at: position) }
    }

    /// Names that are no columns: `grouping__id` and functions that may go without parentheses.
    private func bindSpecialName(_ name: [String], at position: SourcePosition) throws -> Expression? {
        guard name.count == 1 else { return nil }
        switch name[0] {
        case "grouping__id": return try bindGroupingID(at: position)
        case "current_date", "current_timestamp", "current_user": return try session.call(name[0], [], at: position)
        default: return nil
        }
    }

    /// Takes a struct's field.
    func field(_ name: String, of operand: Expression, at position: SourcePosition) throws -> Expression {
        let name = session.dialect.folded(name)
        var type = operand.type
        if case .array(let element) = type { type = element }
        guard case .structure(let fields) = type else {
            throw HoneyError.semantic(
                "NOT_A_STRUCT", "a value of type \(operand.type) has no fields, such as \(name)", at: position)
        }
        guard let field = fields.first(where: { $0.name.lowercased() == name }) else {
            throw HoneyError.semantic(
                "FIELD_NOT_FOUND",
                "no such field: \(name)" + SpellingSuggestion.hint(for: name, in: fields.map(\.name)), at: position)
        }
        return try session.call(
            Expression.Operator.field, [operand, .literal(.string(field.name), .string)], at: position)
    }

    /// Converts as a written cast does.
    func cast(_ operand: Expression, to type: DataType, at position: SourcePosition) throws -> Expression {
        guard session.canCast(operand.type, to: type) else {
            throw HoneyError.semantic("TYPE_MISMATCH", "cannot cast \(operand.type) to \(type)", at: position)
        }
        return operand.converted(to: type)
    }

    private func bindCase(
        _ operand: ExpressionSyntax?, _ branches: [CaseBranchSyntax], _ otherwise: ExpressionSyntax?,
        at position: SourcePosition
    ) throws -> Expression {
        let tested = try operand.map(bind)
        var arguments: [Expression] = []
        for branch in branches {
            if let tested {
                let value = try bind(branch.condition)
                arguments.append(
                    try session.call(Expression.Operator.equal, [tested, value], at: branch.condition.position))
            } else {
                arguments.append(try condition(branch.condition, inside: "WHEN"))
            }
            arguments.append(try bind(branch.result))
        }
        if let otherwise { arguments.append(try bind(otherwise)) }
        return try session.call(Expression.Operator.caseWhen, arguments, at: position)
    }
}
