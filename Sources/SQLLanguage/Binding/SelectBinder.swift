import HoneyCore
import HoneyPlan

/// Binds one select with the order and limit that follow it.
///
/// FROM, WHERE, grouping, HAVING, the select list, DISTINCT, ORDER BY and LIMIT become nodes in that order from below.
struct SelectBinder {
    let query: QueryBinder
    var session: BindingSession { query.session }

    init(_ query: QueryBinder) { self.query = query }

    func bind(_ select: SelectSyntax, tail: QueryTail) throws -> LogicalPlan {
        if let view = select.lateralViews.first {
            throw HoneyError.unsupported("lateral view is not supported", at: view.position)
        }
        var (plan, scope) = try FromBinder(query).bind(select.from)
        if let filter = select.filter {
            let predicate = try expressions(scope, "WHERE").condition(filter, inside: "WHERE")
            plan = .filter(Filter(input: plan, predicate: predicate))
        }
        let items = try expand(select.items, scope)
        let aggregation = try aggregation(select, items, tail, scope)
        scope.aggregation = aggregation
        let outputs = try bind(items, scope, aggregation)
        let having = try select.having.map { try bindHaving($0, items, outputs, scope, aggregation) }
        let order = try OrderedOutput(self, outputs, scope, aggregation, tail, isDistinct: select.isDistinct)

        if let aggregation { plan = aggregation.plan(over: plan) }
        if let having { plan = .filter(Filter(input: plan, predicate: having)) }
        plan = .project(Project(input: plan, outputs: outputs + order.hidden))
        return order.finish(plan, outputs, tail)
    }

    func expressions(_ scope: Scope, _ clause: String) -> ExpressionBinder {
        ExpressionBinder(session, query.environment, scope, clause: clause)
    }

    private func bind(_ items: [SelectItem], _ scope: Scope, _ aggregation: Aggregation?) throws -> [NamedExpression] {
        let binder = expressions(scope, "SELECT")
        binder.aggregation = aggregation
        return try items.map { item in
            let expression: Expression
            switch item.source {
            case .text(let syntax): expression = try binder.bind(syntax)
            case .column(let column, let position):
                for id in column.referencedColumns { session.lastUses[id] = position }
                expression = column
            }
            return session.makeOutput(item.name, try aggregation?.lowered(expression) ?? expression)
        }
    }

    private func bindHaving(
        _ having: ExpressionSyntax, _ items: [SelectItem], _ outputs: [NamedExpression], _ scope: Scope,
        _ aggregation: Aggregation?
    ) throws -> Expression {
        let binder = expressions(scope, "HAVING")
        binder.aggregation = aggregation
        var aliases: [String: Expression] = [:]
        for (item, output) in zip(items, outputs) where item.isNamed { aliases[item.name] = output.expression }
        binder.aliases = .unlessGroup(aliases) { aggregation?.isGroup($0) ?? true }
        let condition = try binder.condition(having, inside: "HAVING")
        return try aggregation?.lowered(condition) ?? condition
    }
}

/// A column of the select list after `*` is spelled out.
struct SelectItem {
    enum Source {
        case text(ExpressionSyntax)
        case column(Expression, SourcePosition)
    }

    var name: String
    /// Whether the name is a written alias.
    var isNamed: Bool
    var source: Source
}

extension SelectBinder {
    /// Spells out `*` and names the columns: by alias, by column, or `_c` and the index.
    private func expand(_ items: [SelectItemSyntax], _ scope: Scope) throws -> [SelectItem] {
        var result: [SelectItem] = []
        for item in items {
            let position = item.expression.position
            if case .star(let qualifier) = item.expression.form {
                result += try scope.star(qualifier.map(session.dialect.folded), at: position).map {
                    SelectItem(name: $0.name, isNamed: false, source: .column($0.expression, position))
                }
                continue
            }
            let name = item.alias.map(session.dialect.folded) ?? impliedName(item.expression)
            result.append(
                SelectItem(
                    name: name ?? "_c\(result.count)", isNamed: item.alias != nil, source: .text(item.expression)))
        }
        return result
    }

    private func impliedName(_ expression: ExpressionSyntax) -> String? {
        switch expression.form {
        case .name(let parts): parts.last.map(session.dialect.folded)
        case .field(_, let name): session.dialect.folded(name)
        default: nil
        }
    }
}
