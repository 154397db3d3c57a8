import HoneyCore

extension Parser {
    /// Parses a text that is one query.
    static func query(
        _ text: String, dialect: Dialect = .hive, at start: SourcePosition = SourcePosition(line: 1, column: 1)
    ) throws -> QuerySyntax {
        let parser = Parser(Array(text.utf8), dialect: dialect, at: start)
        let query = try parser.parseQuery()
        try parser.expectEnd()
        return query
    }

    /// Parses a text that is one expression.
    static func expression(_ text: String, dialect: Dialect = .hive) throws -> ExpressionSyntax {
        let parser = Parser(Array(text.utf8), dialect: dialect)
        let expression = try parser.parseExpression()
        try parser.expectEnd()
        return expression
    }

    /// Fails unless all has been taken; semicolons may be left.
    func expectEnd() throws {
        while isAt(.semicolon) { advance() }
        guard isAtEnd else { throw unexpected("the end of the statement") }
    }
}
