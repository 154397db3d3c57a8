import HoneyCore

@testable import HoneySQLLanguage

/// Writes syntax trees in prefix form, so that tests can show them in a line.
enum SyntaxPrinter {
    static func text(_ expression: ExpressionSyntax) -> String {
        switch expression.form {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let text): text
        case .string(let text): "'\(text)'"
        case .dateLiteral(let text): "date'\(text)'"
        case .timestampLiteral(let text): "timestamp'\(text)'"
        case .interval(let interval): "(interval \(text(interval.amount)) \(interval.unit.rawValue))"
        case .name(let parts): parts.joined(separator: ".")
        case .star(let qualifier): (qualifier + ["*"]).joined(separator: ".")
        case .field(let operand, let name): "(. \(text(operand)) \(name))"
        case .index(let operand, let index): "([] \(text(operand)) \(text(index)))"
        case .call(let call): text(call)
        case .cast(let operand, let type): "(cast \(text(operand)) \(type))"
        case .caseWhen(let operand, let branches, let otherwise):
            "(case" + (operand.map { " " + text($0) } ?? "")
                + branches.map { " [\(text($0.condition)) \(text($0.result))]" }.joined()
                + (otherwise.map { " else " + text($0) } ?? "") + ")"
        case .between(let operand, let low, let high, let isNegated):
            "(\(isNegated ? "not-" : "")between \(text(operand)) \(text(low)) \(text(high)))"
        case .isIn(let operand, let items, let isNegated):
            "(\(isNegated ? "not-" : "")in \(text(operand))\(list(items)))"
        case .test(let operand, let test, let isNegated):
            "(is\(isNegated ? "-not" : "") \(text(operand)) \(text(test)))"
        case .match(let operand, let match, let isNegated): "(\(isNegated ? "not-" : "")\(text(match, operand)))"
        case .tuple(let items): "(tuple\(list(items)))"
        case .scalarSubquery(let query): "{\(text(query))}"
        case .exists(let query, let isNegated): "(\(isNegated ? "not-" : "")exists {\(text(query))})"
        case .inSubquery(let operand, let query, let isNegated):
            "(\(isNegated ? "not-" : "")in \(text(operand)) {\(text(query))})"
        }
    }

    private static func list(_ items: [ExpressionSyntax]) -> String { items.map { " " + text($0) }.joined() }

    private static func text(_ call: FunctionCallSyntax) -> String {
        "(\(call.name)\(call.isDistinct ? " distinct" : "")\(list(call.arguments)))"
    }

    private static func text(_ test: TestSyntax) -> String {
        switch test {
        case .null: "null"
        case .isTrue: "true"
        case .isFalse: "false"
        case .distinctFrom(let other): "distinct " + text(other)
        }
    }

    private static func text(_ match: MatchSyntax, _ operand: ExpressionSyntax) -> String {
        switch match {
        case .like(let pattern): "like \(text(operand)) \(text(pattern))"
        case .regexp(let pattern): "rlike \(text(operand)) \(text(pattern))"
        case .likeAny(let patterns): "like-any \(text(operand))\(list(patterns))"
        case .likeAll(let patterns): "like-all \(text(operand))\(list(patterns))"
        }
    }

    // MARK: Queries

    static func text(_ query: QuerySyntax) -> String {
        var text = query.with.map { common in
            let columns = common.columns.isEmpty ? "" : "(\(common.columns.joined(separator: " ")))"
            return "with \(common.name)\(columns) {\(self.text(common.query))} "
        }.joined()
        text += self.text(query.body)
        if !query.orderBy.isEmpty { text += " order" + query.orderBy.map(self.text).joined() }
        if !query.distributeBy.isEmpty { text += " distribute" + list(query.distributeBy) }
        if !query.sortBy.isEmpty { text += " sort" + query.sortBy.map(self.text).joined() }
        if let limit = query.limit { text += " limit " + self.text(limit) }
        if let offset = query.offset { text += " offset " + self.text(offset) }
        return text
    }

    private static func text(_ order: OrderSyntax) -> String {
        let nulls = order.nullsFirst.map { $0 ? " nulls-first" : " nulls-last" } ?? ""
        return " \(text(order.expression)) \(order.isAscending ? "asc" : "desc")\(nulls)"
    }

    private static func text(_ body: QueryBodySyntax) -> String {
        switch body {
        case .select(let select): text(select)
        case .values(let rows): "values" + rows.map { " [\($0.map(text).joined(separator: " "))]" }.joined()
        case .set(let set):
            "(\(set.operation.rawValue)\(set.isAll ? "-all" : "") \(text(set.left)) \(text(set.right)))"
        case .parenthesized(let query): "(\(text(query)))"
        }
    }

    private static func text(_ select: SelectSyntax) -> String {
        var text = select.isDistinct ? "select-distinct" : "select"
        text += select.items.map { " \(self.text($0.expression))" + ($0.alias.map { ":\($0)" } ?? "") }.joined()
        if let from = select.from { text += " from \(self.text(from))" }
        for view in select.lateralViews {
            text += " lateral\(view.isOuter ? "-outer" : "") \(self.text(view.call)) \(view.tableAlias)"
            text += "(\(view.columns.joined(separator: " ")))"
        }
        if let filter = select.filter { text += " where \(self.text(filter))" }
        if let groupBy = select.groupBy {
            text += " group" + list(groupBy.expressions)
            if let sets = groupBy.groupingSets { text += " sets \(sets)" }
        }
        if let having = select.having { text += " having \(self.text(having))" }
        return text
    }

    private static func text(_ from: FromSyntax) -> String {
        switch from {
        case .table(let table): table.name.joined(separator: ".") + (table.alias.map { ":\($0)" } ?? "")
        case .query(let query, let alias, let columns, _):
            "{\(text(query))}:\(alias)" + (columns.isEmpty ? "" : "(\(columns.joined(separator: " ")))")
        case .join(let join):
            "(\(join.kind) \(text(join.left)) \(text(join.right))"
                + (join.condition.map { " on " + text($0) } ?? "")
                + (join.using.isEmpty ? "" : " using \(join.using.joined(separator: " "))") + ")"
        }
    }
}
