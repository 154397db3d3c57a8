import HoneyCore
import HoneyPlan

/// What follows a query's body, checked: order, limit, offset.
///
/// SORT BY and CLUSTER BY order the whole result, which orders each part of it too. DISTRIBUTE BY says which task gets
/// a row; no answer depends on it, so its expressions are only checked.
struct QueryTail {
    var order: [OrderSyntax] = []
    var distribution: [ExpressionSyntax] = []
    var limit: Int?
    var offset = 0
    /// `ORDER BY` or `SORT BY`, for messages.
    var clause = "ORDER BY"

    init() {}

    init(_ query: QuerySyntax, binder: QueryBinder) throws {
        if let sort = query.sortBy.first, !query.orderBy.isEmpty {
            throw HoneyError.semantic(
                "ORDER_AND_SORT", "ORDER BY and SORT BY exclude each other", at: sort.expression.position)
        }
        // `(a, b)` orders by a, then by b.
        order = (query.orderBy.isEmpty ? query.sortBy : query.orderBy).flatMap { item in
            item.expression.members.map {
                OrderSyntax(expression: $0, isAscending: item.isAscending, nullsFirst: item.nullsFirst)
            }
        }
        if query.orderBy.isEmpty { clause = "SORT BY" }
        distribution = query.distributeBy.flatMap(\.members)
        limit = try query.limit.map { try QueryTail.constant($0, of: "LIMIT") }
        offset = try query.offset.map { try QueryTail.constant($0, of: "OFFSET") } ?? 0
    }

    private static func constant(_ expression: ExpressionSyntax, of clause: String) throws -> Int {
        if case .number(let text) = expression.form, let number = Int(text), number >= 0 { return number }
        throw HoneyError.semantic(
            "INVALID_LIMIT", "\(clause) must be a non-negative integer constant", at: expression.position)
    }

    /// Adds the limit to a plan.
    func limited(_ plan: LogicalPlan) -> LogicalPlan {
        limit == nil && offset == 0 ? plan : .limit(Limit(input: plan, count: limit, offset: offset))
    }
}

extension QueryBinder {
    /// Orders and limits what a set operation, VALUES or a parenthesized query gives; names mean its columns.
    func order(_ plan: LogicalPlan, by tail: QueryTail) throws -> LogicalPlan {
        let output = plan.output
        let columns = output.map { Scope.Column(name: session.dialect.folded($0.name), reference: $0) }
        let scope = Scope(Scope.Relation(database: nil, name: "", columns: columns), parent: environment.outer)
        let binder = ExpressionBinder(session, environment, scope, clause: tail.clause)
        for expression in tail.distribution { _ = try binder.bind(expression) }
        guard !tail.order.isEmpty else { return tail.limited(plan) }
        let keys = try tail.order.map { item in
            if let index = try position(item.expression, count: output.count, clause: tail.clause) {
                return key(item, .column(output[index]))
            }
            return key(item, try binder.bind(item.expression))
        }
        return tail.limited(.sort(Sort(input: plan, keys: keys)))
    }

    func key(_ item: OrderSyntax, _ expression: Expression) -> Sort.Key {
        Sort.Key(
            expression, isAscending: item.isAscending,
            nullsFirst: item.nullsFirst ?? session.dialect.nullsFirst(isAscending: item.isAscending))
    }

    /// The index into the select list that an integer in ORDER BY or GROUP BY means; nil for other expressions
    /// and where the session does not want it (`hive.orderby.position.alias`, `hive.groupby.position.alias`).
    func position(_ expression: ExpressionSyntax, count: Int, clause: String) throws -> Int? {
        guard case .number(let text) = expression.form, let number = Int(text) else { return nil }
        let isGroup = clause == "GROUP BY"
        let isOn =
            session.isSet(isGroup ? "hive.groupby.position.alias" : "hive.orderby.position.alias", default: !isGroup)
            || session.isSet("hive.groupby.orderby.position.alias", default: false)
        guard isOn else { return nil }
        guard (1...max(count, 1)).contains(number), count > 0 else {
            throw HoneyError.semantic(
                "POSITION_OUT_OF_RANGE",
                "\(clause) position is not in the select list of \(counted(count, "column")): \(number)",
                at: expression.position)
        }
        return number - 1
    }
}
