import HoneyCore

extension Parser {
    /// "from" sources
    func parseFromClause() throws -> (FromSyntax, [LateralViewSyntax]) {
        try expect(.from)
        return try parseSources()
    }

    /// source [join source]… [lateral view]…
    func parseSources() throws -> (FromSyntax, [LateralViewSyntax]) {
        let source = try parseJoins(after: try parseSource())
        let views = try parseLateralViews()
        if !views.isEmpty, isAt(.comma) || startsJoin {
            throw failed(
                "a join after a lateral view is not supported: put the lateral view last",
                code: "UNSUPPORTED_SYNTAX")
        }
        return (source, views)
    }

    private var startsJoin: Bool {
        switch token.keyword {
        case .join, .inner, .left, .right, .full, .cross: true
        default: false
        }
    }

    /// table [alias] | "(" query ")" alias | "(" joins ")"
    private func parseSource() throws -> FromSyntax {
        if isAt(.leftParen) {
            return switch try parseParenthesizedSource() {
            case .query(let query, let place): try parseSubquery(query, at: place)
            case .source(let source): source
            }
        }
        if isAt(.uniquejoin) { throw unsupported("unique joins") }
        let place = position
        let name = try expectQualifiedName("a table name")
        if isAt(.leftParen) { throw unsupported("table functions") }
        let sample = isAt(.tablesample) ? try parseSample() : nil
        return .table(
            TableReferenceSyntax(position: place, name: name, sample: sample, alias: try takeAlias("an alias")))
    }

    /// "tablesample" "(" "bucket" n "out" "of" n ["on" expressions] ")"
    private func parseSample() throws -> BucketSampleSyntax {
        guard peek(2).keyword == .bucket else { throw unsupported("table samples other than of buckets") }
        let place = position
        advance()
        try expect(.leftParen)
        try expect(.bucket)
        let bucket = try expectInteger("the number of a bucket", in: 1...Int(Int32.max))
        try expect(.out, .of)
        let count = try expectInteger("the number of buckets", in: 1...Int(Int32.max))
        let keys = take(.on) ? try list { try parseExpression() } : []
        try expect(.rightParen)
        return BucketSampleSyntax(position: place, bucket: bucket, count: count, keys: keys)
    }

    private enum Parenthesized {
        case query(QuerySyntax, SourcePosition)
        case source(FromSyntax)
    }

    /// Takes a query or joins in parentheses: which of both shows only after the inner parentheses.
    private func parseParenthesizedSource() throws -> Parenthesized {
        try nested {
            let place = position
            try expect(.leftParen)
            if startsQuery(token) {
                let query = try parseQuery()
                try expect(.rightParen)
                return .query(query, place)
            }
            var source: FromSyntax
            if isAt(.leftParen) {
                switch try parseParenthesizedSource() {
                case .query(let inner, let innerPlace):
                    if isAt(.rightParen) || continuesQuery {
                        let query = try parseQuery(after: .parenthesized(inner), at: innerPlace)
                        try expect(.rightParen)
                        return .query(query, place)
                    }
                    source = try parseSubquery(inner, at: innerPlace)
                case .source(let inner): source = inner
                }
            } else {
                source = try parseSource()
            }
            source = try parseJoins(after: source)
            try expect(.rightParen)
            return .source(source)
        }
    }

    /// Takes the alias after a subquery: ["as"] alias ["(" columns ")"]
    private func parseSubquery(_ query: QuerySyntax, at place: SourcePosition) throws -> FromSyntax {
        guard let alias = try takeAlias("an alias") else {
            throw unexpected("an alias for the subquery")
        }
        let columns = isAt(.leftParen) ? try expectNameList("a column name") : []
        return .query(query, alias: alias, columns: columns, position: place)
    }

    // MARK: Joins

    /// ("," source | join source ["on" condition | "using" "(" columns ")"])…
    private func parseJoins(after first: FromSyntax) throws -> FromSyntax {
        var source = first
        var count = 0
        while true {
            let place = position
            let kind: JoinSyntax.Kind
            if take(.comma) { kind = .cross } else if let taken = try takeJoin() { kind = taken } else { break }
            let isComma = peek(-1).symbol == .comma
            count += 1
            guard count <= dialect.maximumHeight else {
                throw failed("at most \(dialect.maximumHeight) tables can be joined", code: "NESTING_TOO_DEEP")
            }
            let right = try parseSource()
            var join = JoinSyntax(position: place, kind: kind, left: source, right: right, condition: nil)
            if !isComma { try parseCondition(of: &join) }
            source = .join(join)
        }
        return source
    }

    /// Takes `join` with the words before it; nil when none is next.
    private func takeJoin() throws -> JoinSyntax.Kind? {
        if take(.join) { return .inner }
        if take(.inner) { return try joined(.inner) }
        if take(.cross) { return try joined(.cross) }
        if take(.left) {
            if take(.semi) { return try joined(.semi) }
            if take(.anti) { return try joined(.anti) }
            _ = take(.outer)
            return try joined(.left)
        }
        if take(.right) {
            _ = take(.outer)
            return try joined(.right)
        }
        if take(.full) {
            _ = take(.outer)
            return try joined(.full)
        }
        return nil
    }

    private func joined(_ kind: JoinSyntax.Kind) throws -> JoinSyntax.Kind {
        try expect(.join)
        return kind
    }

    private func parseCondition(of join: inout JoinSyntax) throws {
        if take(.on) {
            join.condition = try parseExpression()
            if join.kind == .cross { join.kind = .inner }
        } else if take(.using) {
            join.using = try expectNameList("a column name")
            if join.kind == .cross { join.kind = .inner }
        }
    }

    // MARK: Lateral views

    /// name ["." name] "(" arguments ")"
    private func parseTableFunction() throws -> ExpressionSyntax {
        let isCall = peek(1).symbol == .leftParen || peek(1).symbol == .dot && peek(3).symbol == .leftParen
        guard isCall, isName(token) || token.keyword.map(dialect.functionWords.contains) == true else {
            throw unexpected("a call of a table function")
        }
        return try parsePrimary()
    }

    /// ("lateral" "view" ["outer"] call alias ["as" columns])…
    func parseLateralViews() throws -> [LateralViewSyntax] {
        var views: [LateralViewSyntax] = []
        while isAt(.lateral) {
            let place = position
            advance()
            try expect(.view)
            let isOuter = take(.outer)
            guard case .call(let call) = try parseTableFunction().form else {
                throw failed("expected a call of a table function", at: place)
            }
            let alias = try expectName("an alias")
            let columns = take(.as) ? try list { try expectName("a column name") } : []
            views.append(
                LateralViewSyntax(position: place, isOuter: isOuter, call: call, tableAlias: alias, columns: columns))
        }
        return views
    }
}
