import HoneyCore
import HoneyPlan

extension FromBinder {
    func bind(_ join: JoinSyntax) throws -> (LogicalPlan, Scope) {
        // Joins lean to the left, so a long chain of them is walked rather than descended.
        var chain = [join]
        while case .join(let inner) = chain[chain.count - 1].left { chain.append(inner) }
        var (plan, scope) = try bind(chain[chain.count - 1].left)
        for link in chain.reversed() {
            let (right, rightScope) = try bind(link.right)
            (plan, scope) = try self.join(link, (plan, scope), (right, rightScope))
        }
        return (plan, scope)
    }

    private func join(
        _ syntax: JoinSyntax, _ left: (plan: LogicalPlan, scope: Scope), _ right: (plan: LogicalPlan, scope: Scope)
    ) throws -> (LogicalPlan, Scope) {
        for relation in right.scope.relations where !relation.name.isEmpty {
            if !left.scope.relations(named: relation.name).isEmpty {
                throw HoneyError.semantic(
                    "DUPLICATE_NAME", "table alias is used twice: \(relation.name)", at: syntax.position)
            }
        }
        var scope = Scope.joined(left.scope, right.scope)
        var conditions: [Expression] = []
        if let condition = syntax.condition {
            let binder = ExpressionBinder(query.session, query.environment, scope, clause: "ON")
            binder.allowsSubqueries = syntax.kind == .inner || syntax.kind == .cross
            conditions = try binder.condition(condition, inside: "ON").conjuncts
        } else if !syntax.using.isEmpty {
            let merge = try merge(syntax, left.scope, right.scope)
            conditions = merge.conditions
            scope.visible = merge.visible
        }
        if syntax.kind == .semi || syntax.kind == .anti { scope = left.scope }
        // A subquery in ON of an inner join filters as well after it.
        let late = conditions.filter(\.containsSubquery)
        let joined = LogicalPlan.join(
            Join(
                left: left.plan, right: right.plan, kind: kind(of: syntax),
                condition: Expression.conjunction(conditions.filter { !$0.containsSubquery })))
        guard let predicate = Expression.conjunction(late) else { return (joined, scope) }
        return (.filter(Filter(input: joined, predicate: predicate)), scope)
    }

    private func kind(of syntax: JoinSyntax) -> Join.Kind {
        switch syntax.kind {
        case .inner, .cross: .inner
        case .left: .left
        case .right: .right
        case .full: .full
        case .semi: .semi
        case .anti: .anti
        }
    }

    /// Equates the columns of USING and merges each pair: the merged ones come first in `*`.
    private func merge(
        _ syntax: JoinSyntax, _ left: Scope, _ right: Scope
    ) throws -> (conditions: [Expression], visible: [Scope.VisibleColumn]) {
        let session = query.session
        var conditions: [Expression] = []
        var merged: [Scope.VisibleColumn] = []
        let names = syntax.using.map(session.dialect.folded)
        for name in names {
            let (a, b) = (try column(name, of: left, "left", syntax), try column(name, of: right, "right", syntax))
            conditions.append(try session.call(Expression.Operator.equal, [a, b], at: syntax.position))
            let value =
                switch syntax.kind {
                case .right: b
                case .full: try session.call(Expression.Operator.coalesce, [a, b], at: syntax.position)
                default: a
                }
            merged.append(Scope.VisibleColumn(name: name, expression: value, qualifiedName: name))
        }
        let rest = (left.visible + right.visible).filter { !names.contains($0.name) }
        return (conditions, merged + rest)
    }

    private func column(_ name: String, of scope: Scope, _ side: String, _ syntax: JoinSyntax) throws -> Expression {
        let matches = scope.visible.filter { $0.name == name }
        if matches.count > 1 {
            throw HoneyError.ambiguousColumn(name, matches.map(\.qualifiedName), at: syntax.position)
        }
        guard let match = matches.first else {
            let hint = SpellingSuggestion.hint(for: name, in: scope.visible.map(\.name))
            throw HoneyError.semantic(
                "COLUMN_NOT_FOUND", "no such column on the \(side) of USING: \(name)\(hint)", at: syntax.position)
        }
        return match.expression
    }
}
