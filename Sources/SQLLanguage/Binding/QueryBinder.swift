import HoneyCore
import HoneyPlan

/// Binds a query within an environment.
struct QueryBinder {
    let session: BindingSession
    var environment: Environment

    func bind(_ query: QuerySyntax) throws -> LogicalPlan {
        try session.bindingQuery(at: query.position) { try bindCounted(query) }
    }

    private func bindCounted(_ query: QuerySyntax) throws -> LogicalPlan {
        let binder = QueryBinder(session: session, environment: try environment(with: query.with))
        let tail = try QueryTail(query, binder: binder)
        if case .select(let select) = query.body { return try SelectBinder(binder).bind(select, tail: tail) }
        return try binder.order(try binder.bind(query.body), by: tail)
    }

    func bind(_ body: QueryBodySyntax) throws -> LogicalPlan {
        switch body {
        case .select(let select): try SelectBinder(self).bind(select, tail: QueryTail())
        case .values(let rows): try bindValues(rows)
        case .set(let operation): try bindSet(operation)
        case .parenthesized(let query): try bind(query)
        }
    }

    /// Binds `values (…), …`: the columns `col1`, `col2` … have the common types of their rows.
    private func bindValues(_ rows: [[ExpressionSyntax]]) throws -> LogicalPlan {
        let binder = ExpressionBinder(session, environment, Scope(parent: environment.outer), clause: "VALUES")
        var bound: [[Expression]] = []
        for row in rows {
            if let first = rows.first, row.count != first.count, let position = row.first?.position {
                throw HoneyError.semantic(
                    "COLUMN_COUNT_MISMATCH", "rows of VALUES differ in length: \(first.count) and \(row.count)",
                    at: position)
            }
            bound.append(try row.map(binder.bind))
        }
        var columns: [ColumnReference] = []
        for index in 0..<(rows.first?.count ?? 0) {
            var type = DataType.void
            for row in rows.indices {
                let next = bound[row][index].type
                guard let common = DataType.common(type, next) else {
                    throw HoneyError.semantic(
                        "TYPE_MISMATCH", "values of one column have no common type: \(type) and \(next)",
                        at: rows[row][index].position)
                }
                type = common
            }
            for row in rows.indices { bound[row][index] = bound[row][index].converted(to: type) }
            columns.append(session.makeColumn("col\(index + 1)", type))
        }
        return .values(Values(columns: columns, rows: bound))
    }
}
