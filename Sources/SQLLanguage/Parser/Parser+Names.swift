import HoneyCore

extension Parser {
    /// Tells whether a token can be a name.
    func isName(_ token: Token) -> Bool {
        switch token.kind {
        case .quotedName: true
        case .word(let keyword): keyword.map { !dialect.reserved.contains($0) } ?? true
        default: false
        }
    }

    /// Takes a name, folded.
    func expectName(_ what: String) throws -> String {
        guard isName(token) else {
            guard let keyword = token.keyword, !beginsClause(keyword) else { throw unexpected(what) }
            throw reservedWord(keyword, insteadOf: what)
        }
        defer { advance() }
        return dialect.folded(token.text)
    }

    /// Makes the error of a reserved word where a name or an expression is wanted.
    func reservedWord(_ keyword: Keyword, insteadOf what: String) -> HoneyError {
        failed(
            "expected \(what) but found the reserved word '\(token.text)'"
                + " (in backquotes it is a name: `\(keyword.rawValue)`)")
    }

    /// Tells whether a reserved word is hardly meant as a name.
    func beginsClause(_ keyword: Keyword) -> Bool {
        switch keyword {
        case .select, .from, .where, .group, .having, .on, .using, .and, .or, .then, .else, .end, .when, .as, .in,
            .is, .between, .like, .union, .join, .div, .into, .by, .not, .set, .exists, .lateral, .values:
            true
        default: false
        }
    }

    /// Takes `name` or `database.name`.
    func expectQualifiedName(_ what: String) throws -> [String] {
        var parts = [try expectName(what)]
        if isAt(.dot) {
            advance()
            parts.append(try expectName("a name after '.'"))
        }
        return parts
    }

    /// Takes `(name, …)`.
    func expectNameList(_ what: String) throws -> [String] {
        try parenthesizedList { try expectName(what) }
    }

    /// Takes one or more items between commas.
    func list<Item>(_ item: () throws -> Item) throws -> [Item] {
        var items = [try item()]
        while take(.comma) { items.append(try item()) }
        return items
    }

    /// Takes `(item, …)`.
    func parenthesizedList<Item>(_ item: () throws -> Item) throws -> [Item] {
        try expect(.leftParen)
        let items = try list(item)
        try expect(.rightParen)
        return items
    }

    /// Takes `[as] name` where an alias may be; nil when there is none.
    func takeAlias(_ what: String) throws -> String? {
        if isAt(.as) {
            advance()
            return try expectName(what)
        }
        guard isName(token), !startsClause() else { return nil }
        return try expectName(what)
    }

    /// Tells whether the next word, though it may be a name, begins the next clause here.
    private func startsClause() -> Bool {
        let next = peek(1)
        return switch token.keyword {
        case .sort, .cluster, .distribute: next.keyword == .by
        case .limit, .offset: true
        default: false
        }
    }
}
