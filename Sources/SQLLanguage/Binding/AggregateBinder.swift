import HoneyCore
import HoneyPlan

extension SelectBinder {
    /// Binds GROUP BY; nil for a select that neither groups nor aggregates.
    func aggregation(
        _ select: SelectSyntax, _ items: [SelectItem], _ tail: QueryTail, _ scope: Scope
    ) throws -> Aggregation? {
        guard select.groupBy != nil || select.having != nil || aggregates(items, tail) else { return nil }
        var groups: [NamedExpression] = []
        if let groupBy = select.groupBy {
            let binder = expressions(scope, "GROUP BY")
            binder.allowsSubqueries = false
            var texts: [String: ExpressionSyntax] = [:]
            for item in items.reversed() where item.isNamed {
                if case .text(let syntax) = item.source { texts[item.name] = syntax }
            }
            binder.aliases = .textAfterColumns(texts)
            for expression in groupBy.expressions {
                groups.append(try group(expression, items, binder, index: groups.count))
            }
        }
        try check(select.groupBy, at: select.position)
        return Aggregation(
            groups: groups, groupingSets: select.groupBy?.groupingSets, inputColumns: scope.columnIDs,
            session: session)
    }

    private func group(
        _ expression: ExpressionSyntax, _ items: [SelectItem], _ binder: ExpressionBinder, index: Int
    ) throws -> NamedExpression {
        var bound: Expression
        if let position = try query.position(expression, count: items.count, clause: "GROUP BY") {
            switch items[position].source {
            case .text(let syntax): bound = try binder.bind(syntax)
            case .column(let column, _): bound = column
            }
        } else {
            bound = try binder.bind(expression)
        }
        if bound.type == .void { bound = bound.converted(to: .boolean) }
        if case .map = bound.type {
            throw HoneyError.semantic(
                "TYPE_MISMATCH", "cannot group by a value of type \(bound.type)", at: expression.position)
        }
        var name = "_k\(index)"
        if case .column(let reference) = bound { name = reference.name }
        return session.makeOutput(name, bound)
    }

    private func check(_ groupBy: GroupBySyntax?, at position: SourcePosition) throws {
        guard let groupBy, let sets = groupBy.groupingSets else { return }
        // The bits of grouping__id.
        guard groupBy.expressions.count <= 62 else {
            throw HoneyError.unsupported("grouping sets over more than 62 expressions are not supported", at: position)
        }
        guard sets.count <= 4096 else {
            throw HoneyError.unsupported("more than 4096 grouping sets are not supported", at: position)
        }
        for index in sets.joined() where !groupBy.expressions.indices.contains(index) {
            throw HoneyError.unexpected("grouping set names no expression")
        }
    }

    private func aggregates(_ items: [SelectItem], _ tail: QueryTail) -> Bool {
        let texts = items.compactMap { if case .text(let syntax) = $0.source { syntax } else { nil } }
        return (texts + tail.order.map(\.expression)).contains { text in
            text.contains { part in
                if case .call(let call) = part.form { return session.isAggregate(call.name.lowercased()) }
                return false
            }
        }
    }
}
