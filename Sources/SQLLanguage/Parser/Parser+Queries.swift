import HoneyCore

extension Parser {
    /// Tells whether a token begins a query.
    func startsQuery(_ token: Token) -> Bool {
        switch token.keyword {
        case .select, .from, .with, .values: true
        default: false
        }
    }

    /// Tells whether the next token goes on with a query whose first part is done.
    var continuesQuery: Bool {
        switch token.keyword {
        case .union, .intersect, .except, .minus, .order, .limit: true
        case .sort, .cluster, .distribute: peek(1).keyword == .by
        default: false
        }
    }

    /// query = ["with" tables] body [order] [limit]
    func parseQuery() throws -> QuerySyntax {
        try nested {
            let place = position
            let with = try parseCommonTables()
            var query = try parseQuery(after: try parseQueryPrimary(), at: place)
            query.with = with
            return query
        }
    }

    /// ["with" name ["(" columns ")"] "as" "(" query ")", …]
    func parseCommonTables() throws -> [CommonTableSyntax] {
        guard isAt(.with) else { return [] }
        advance()
        return try list {
            let place = position
            let name = try expectName("a name for the query")
            let columns = isAt(.leftParen) ? try expectNameList("a column name") : []
            try expect(.as)
            try expect(.leftParen)
            let query = try parseQuery()
            try expect(.rightParen)
            return CommonTableSyntax(position: place, name: name, columns: columns, query: query)
        }
    }

    /// Takes what may follow the first part of a query.
    func parseQuery(after first: QueryBodySyntax, at place: SourcePosition) throws -> QuerySyntax {
        var query = QuerySyntax(position: place, body: try parseSetOperations(after: first))
        try parseOrder(of: &query)
        try parseLimit(of: &query)
        return query
    }

    /// [("union" | "intersect" | "except" | "minus") ["all" | "distinct"] body]…, all of one power
    private func parseSetOperations(after first: QueryBodySyntax) throws -> QueryBodySyntax {
        var body = first
        var count = 0
        while let keyword = take(anyOf: [.union, .intersect, .except, .minus]) {
            let place = position
            count += 1
            guard count <= dialect.maximumHeight else {
                throw failed("at most \(dialect.maximumHeight) queries can be united", code: "NESTING_TOO_DEEP")
            }
            let isAll = take(.all)
            if !isAll { _ = take(.distinct) }
            let operation: SetOperationSyntax.Operation =
                switch keyword {
                case .union: .union
                case .intersect: .intersect
                default: .except
                }
            let right = try parseQueryPrimary()
            body = .set(SetOperationSyntax(operation, isAll: isAll, left: body, right: right, position: place))
        }
        return body
    }

    /// select | "from" … select | "values" rows | "(" query ")"
    func parseQueryPrimary() throws -> QueryBodySyntax {
        switch token.keyword {
        case .select: return .select(try parseSelect())
        case .from:
            let (from, lateralViews) = try parseFromClause()
            if isAt(.map) || isAt(.reduce) { throw unsupported("transforming scripts") }
            guard isAt(.select) else { throw unexpected("'select'") }
            return .select(try parseSelect(from: from, lateralViews: lateralViews))
        case .values: return .values(try parseValues())
        default: break
        }
        guard isAt(.leftParen) else { throw unexpected("a query", candidates: [.select, .values, .from]) }
        advance()
        let query = try parseQuery()
        try expect(.rightParen)
        return .parenthesized(query)
    }

    /// "values" "(" expression, … ")", …
    func parseValues() throws -> [[ExpressionSyntax]] {
        try expect(.values)
        return try list { try parenthesizedList { try parseExpression() } }
    }

    /// "select" ["all" | "distinct"] items [from] [where] [group by] [having]
    ///
    /// In the form `from t select …` the sources come before.
    func parseSelect(from: FromSyntax? = nil, lateralViews: [LateralViewSyntax] = []) throws -> SelectSyntax {
        var select = SelectSyntax(position: position)
        if isAt(.map) || isAt(.reduce) { throw unsupported("transforming scripts") }
        try expect(.select)
        if isAt(.transform) || isAt(.map) && peek(1).symbol != .leftParen || isAt(.reduce) {
            throw unsupported("transforming scripts")
        }
        select.isDistinct = isAt(.distinct)
        if isAt(.distinct) || isAt(.all) { advance() }
        select.items = try list { try parseSelectItem() }
        select.from = from
        select.lateralViews = lateralViews
        if from == nil, take(.from) {
            (select.from, select.lateralViews) = try parseSources()
        } else if from != nil {
            select.lateralViews += try parseLateralViews()
        }
        if take(.where) { select.filter = try parseExpression() }
        if take(.group) { select.groupBy = try parseGroupBy() }
        if take(.having) { select.having = try parseExpression() }
        if isAt(.window) { throw unsupported("window functions") }
        return select
    }

    /// "*" | name ".*" | expression [["as"] alias]
    private func parseSelectItem() throws -> SelectItemSyntax {
        if isAt(.star) {
            let star = ExpressionSyntax(position, .star(qualifier: []))
            advance()
            return SelectItemSyntax(expression: star, alias: nil)
        }
        let expression = try parseExpression()
        if isAt(.as), peek(1).symbol == .leftParen { throw unsupported("several names for one item", at: position) }
        return SelectItemSyntax(expression: expression, alias: try takeAlias("an alias"))
    }

    // MARK: Order and limit

    /// ["order" "by" keys] ["cluster" "by" …] ["distribute" "by" …] ["sort" "by" …]
    private func parseOrder(of query: inout QuerySyntax) throws {
        if take(.order) {
            try expect(.by)
            query.orderBy = try list { try parseOrderKey() }
        }
        if take(.cluster, .by) {
            let keys = try parseDistributionKeys()
            query.distributeBy = keys
            query.sortBy = keys.map { OrderSyntax(expression: $0, isAscending: true, nullsFirst: nil) }
            return
        }
        if take(.distribute, .by) { query.distributeBy = try parseDistributionKeys() }
        if take(.sort, .by) { query.sortBy = try list { try parseOrderKey() } }
    }

    /// expression, … , in parentheses perhaps
    private func parseDistributionKeys() throws -> [ExpressionSyntax] {
        let keys = try list { try parseExpression() }
        if keys.count == 1, case .tuple(let items) = keys[0].form { return items }
        return keys
    }

    /// expression ["asc" | "desc"] ["nulls" ("first" | "last")]
    private func parseOrderKey() throws -> OrderSyntax {
        let expression = try parseExpression()
        let isAscending = !(take(anyOf: [.asc, .desc]) == .desc)
        var nullsFirst: Bool?
        if take(.nulls) {
            guard let side = take(anyOf: [.first, .last]) else { throw unexpected("'last'") }
            nullsFirst = side == .first
        }
        return OrderSyntax(expression: expression, isAscending: isAscending, nullsFirst: nullsFirst)
    }

    /// ["limit" (count | offset "," count | count "offset" offset)]
    private func parseLimit(of query: inout QuerySyntax) throws {
        guard take(.limit) else { return }
        let first = try expectNumber("a number of rows")
        if take(.comma) {
            query.offset = first
            query.limit = try expectNumber("a number of rows")
        } else {
            query.limit = first
            if take(.offset) { query.offset = try expectNumber("a number of rows") }
        }
    }

    private func expectNumber(_ what: String) throws -> ExpressionSyntax {
        guard token.kind == .number else { throw unexpected(what) }
        defer { advance() }
        return ExpressionSyntax(position, .number(token.text))
    }
}
