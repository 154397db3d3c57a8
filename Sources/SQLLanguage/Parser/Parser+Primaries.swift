import HoneyCore

extension Parser {
    /// Takes an operand without signs and suffixes.
    func parsePrimary() throws -> ExpressionSyntax {
        let place = position
        switch token.kind {
        case .number, .string: return try parseNumberOrString()
        case .symbol(.leftParen): return try parseParenthesized()
        case .symbol(.star):
            throw failed("'*' stands alone: as an item of select or in count(*)")
        case .quotedName: return try parseNameOrCall()
        case .word(let keyword):
            if let keyword, let primary = try parseKeywordPrimary(keyword, at: place) { return primary }
            return try parseNameOrCall()
        default: throw unexpected("an expression")
        }
    }

    /// number | string… , and after a constant a unit that makes it an interval: `1 day`
    private func parseNumberOrString() throws -> ExpressionSyntax {
        let place = position
        let constant = token.kind == .number ? parseNumber() : parseStrings()
        if let unit = try takeIntervalUnit() {
            return ExpressionSyntax(place, .interval(IntervalSyntax(amount: constant, unit: unit)))
        }
        return constant
    }

    private func parseNumber() -> ExpressionSyntax {
        defer { advance() }
        return ExpressionSyntax(position, .number(token.text))
    }

    /// Takes strings in a row as one.
    private func parseStrings() -> ExpressionSyntax {
        let place = position
        var text = ""
        while token.kind == .string {
            text += token.text
            advance()
        }
        return ExpressionSyntax(place, .string(text))
    }

    /// Takes what a keyword begins; nil when the keyword is a name here.
    private func parseKeywordPrimary(_ keyword: Keyword, at place: SourcePosition) throws -> ExpressionSyntax? {
        let next = peek(1)
        switch keyword {
        case .null: return constant(.null)
        case .true: return constant(.boolean(true))
        case .false: return constant(.boolean(false))
        case .date where next.kind == .string: return temporal { .dateLiteral($0) }
        case .timestamp where next.kind == .string: return temporal { .timestampLiteral($0) }
        case .currentDate, .currentTimestamp:
            if next.symbol == .leftParen { return nil }
            return constant(.call(FunctionCallSyntax(keyword.rawValue, [])))
        case .interval: return try parseInterval()
        case .case: return try parseCase()
        case .cast: return try parseCast()
        case .extract: return try parseExtract()
        case .exists: return try parseExists()
        case .floor where next.symbol == .leftParen: return try parseFloor()
        case .select, .with, .values:
            throw failed("a query within an expression needs parentheses")
        default: return nil
        }
    }

    private func constant(_ form: ExpressionSyntax.Form) -> ExpressionSyntax {
        defer { advance() }
        return ExpressionSyntax(position, form)
    }

    private func temporal(_ form: (String) -> ExpressionSyntax.Form) -> ExpressionSyntax {
        let place = position
        advance()
        defer { advance() }
        return ExpressionSyntax(place, form(token.text))
    }

    // MARK: Names and calls

    /// name ["." name]… ["." "*"] | name ["." name] "(" arguments ")"
    private func parseNameOrCall() throws -> ExpressionSyntax {
        let place = position
        if let keyword = token.keyword, dialect.functionWords.contains(keyword), peek(1).symbol == .leftParen {
            let name = dialect.folded(token.text)
            advance()
            return try parseCall(of: name, at: place)
        }
        guard isName(token) else { throw unexpectedOperand() }
        var parts = [try expectName("an expression")]
        while isAt(.dot) {
            if peek(1).symbol == .star {
                advance()
                advance()
                return ExpressionSyntax(place, .star(qualifier: parts))
            }
            advance()
            parts.append(try expectName("a name after '.'"))
        }
        if isAt(.leftParen), parts.count <= 2 {
            return try parseCall(of: parts.joined(separator: "."), at: place)
        }
        return ExpressionSyntax(place, .name(parts))
    }

    private func unexpectedOperand() -> HoneyError {
        guard let keyword = token.keyword, !beginsClause(keyword) else { return unexpected("an expression") }
        return reservedWord(keyword, insteadOf: "an expression")
    }

    /// "(" [["distinct" | "all"] argument, …] ")"
    private func parseCall(of name: String, at place: SourcePosition) throws -> ExpressionSyntax {
        try expect(.leftParen)
        if let special = try parseSpecialArguments(of: name, at: place) { return special }
        let isDistinct = isAt(.distinct)
        let isQuantified = isDistinct || isAt(.all)
        if isQuantified { advance() }
        var arguments: [ExpressionSyntax] = []
        if isQuantified || !isAt(.rightParen) { arguments = try list { try parseArgument() } }
        try expect(.rightParen)
        try refuseWindow()
        return ExpressionSyntax(place, .call(FunctionCallSyntax(name, arguments, isDistinct: isDistinct)))
    }

    /// "*" | expression
    private func parseArgument() throws -> ExpressionSyntax {
        guard isAt(.star) else { return try parseExpression() }
        defer { advance() }
        return ExpressionSyntax(position, .star(qualifier: []))
    }

    private func refuseWindow() throws {
        if isAt(.over) { throw unsupported("window functions") }
    }

    /// Takes the arguments of the calls that have words between them: `substring(x from a [for b])` and
    /// `trim([both|leading|trailing] [characters] from x)`; nil when it is no such call.
    private func parseSpecialArguments(of name: String, at place: SourcePosition) throws -> ExpressionSyntax? {
        switch name {
        case "substring", "substr": return try parseSubstring(name, at: place)
        case "trim": return try parseTrim(at: place)
        default: return nil
        }
    }

    private func parseSubstring(_ name: String, at place: SourcePosition) throws -> ExpressionSyntax? {
        guard !isAt(.rightParen), !isAt(.distinct), !isAt(.all), !isAt(.star) else { return nil }
        var arguments = [try parseExpression()]
        if isAt(.from) {
            advance()
            arguments.append(try parseExpression())
            if take(.for) { arguments.append(try parseExpression()) }
        } else {
            while take(.comma) { arguments.append(try parseExpression()) }
        }
        try expect(.rightParen)
        return ExpressionSyntax(place, .call(FunctionCallSyntax(name, arguments)))
    }

    private func parseTrim(at place: SourcePosition) throws -> ExpressionSyntax? {
        var name = "trim"
        var hasSide = false
        if let keyword = token.keyword, [.both, .leading, .trailing].contains(keyword), startsTrimOperand(peek(1)) {
            name = keyword == .leading ? "ltrim" : keyword == .trailing ? "rtrim" : "trim"
            hasSide = true
            advance()
        }
        if hasSide {
            let characters = try takeTrimCharacters()
            try expect(.from)
            let text = try parseExpression()
            try expect(.rightParen)
            return ExpressionSyntax(place, .call(FunctionCallSyntax(name, [text] + characters)))
        }
        guard !isAt(.rightParen), !isAt(.distinct), !isAt(.all), !isAt(.star) else { return nil }
        var arguments = [try parseExpression()]
        if isAt(.from) {
            advance()
            arguments.insert(try parseExpression(), at: 0)
        } else {
            while take(.comma) { arguments.append(try parseExpression()) }
        }
        try expect(.rightParen)
        return ExpressionSyntax(place, .call(FunctionCallSyntax(name, arguments)))
    }

    /// [string… | name ["." name]…]
    private func takeTrimCharacters() throws -> [ExpressionSyntax] {
        if token.kind == .string { return [parseStrings()] }
        guard !isAt(.from) else { return [] }
        let place = position
        var parts = [try expectName("a string or a name")]
        while isAt(.dot) {
            advance()
            parts.append(try expectName("a name after '.'"))
        }
        return [ExpressionSyntax(place, .name(parts))]
    }

    /// Tells whether a token can follow `leading`, which may be a name too.
    private func startsTrimOperand(_ next: Token) -> Bool {
        next.kind == .string || next.keyword == .from || isName(next)
    }

    // MARK: Forms of their own

    /// "cast" "(" expression "as" type ")"
    private func parseCast() throws -> ExpressionSyntax {
        let place = position
        advance()
        try expect(.leftParen)
        let operand = try parseExpression()
        try expect(.as)
        let type = try parseType()
        try expect(.rightParen)
        return ExpressionSyntax(place, .cast(operand, type))
    }

    /// "case" [operand] ("when" expression "then" expression)… ["else" expression] "end"
    private func parseCase() throws -> ExpressionSyntax {
        let place = position
        advance()
        let operand = isAt(.when) ? nil : try parseExpression()
        var branches: [CaseBranchSyntax] = []
        while branches.isEmpty || isAt(.when) {
            try expect(.when)
            let condition = try parseExpression()
            try expect(.then)
            branches.append(CaseBranchSyntax(condition: condition, result: try parseExpression()))
        }
        _ = isAt(.else) ? true : take(.when)
        let otherwise = take(.else) ? try parseExpression() : nil
        try expect(.end)
        return ExpressionSyntax(place, .caseWhen(operand: operand, branches: branches, otherwise: otherwise))
    }

    /// "exists" "(" query ")"
    private func parseExists() throws -> ExpressionSyntax {
        let place = position
        advance()
        try expect(.leftParen)
        let query = try parseQuery()
        try expect(.rightParen)
        return ExpressionSyntax(place, .exists(query, isNegated: false))
    }

    /// "extract" "(" field "from" expression ")": a call of the field's function
    private func parseExtract() throws -> ExpressionSyntax {
        let place = position
        advance()
        try expect(.leftParen)
        let functions: [Keyword: String] = [
            .year: "year", .years: "year", .quarter: "quarter", .quarters: "quarter", .month: "month",
            .months: "month", .week: "weekofyear", .weeks: "weekofyear", .day: "day", .days: "day",
            .dayofweek: "dayofweek", .hour: "hour", .hours: "hour", .minute: "minute", .minutes: "minute",
            .second: "second", .seconds: "second",
        ]
        guard let keyword = token.keyword, let function = functions[keyword] else {
            throw unexpected(
                "a field of time such as 'year', 'month' or 'day'",
                candidates: functions.keys.sorted { $0.rawValue < $1.rawValue })
        }
        advance()
        try expect(.from)
        let operand = try parseExpression()
        try expect(.rightParen)
        return ExpressionSyntax(place, .call(FunctionCallSyntax(function, [operand])))
    }

    /// "floor" "(" expression ["to" unit] ")"
    private func parseFloor() throws -> ExpressionSyntax {
        let place = position
        advance()
        try expect(.leftParen)
        var arguments = [try parseExpression()]
        var name = "floor"
        if isAt(.to) {
            advance()
            guard let unit = try takeIntervalUnit(), unit != .yearToMonth, unit != .dayToSecond else {
                throw unexpected("a unit of time such as 'year', 'month' or 'day'", candidates: timeUnits)
            }
            name = "floor_\(unit.rawValue)"
        } else {
            while take(.comma) { arguments.append(try parseExpression()) }
        }
        try expect(.rightParen)
        return ExpressionSyntax(place, .call(FunctionCallSyntax(name, arguments)))
    }

    // MARK: Intervals

    /// "interval" (number | string | "(" expression ")") unit
    private func parseInterval() throws -> ExpressionSyntax {
        let place = position
        advance()
        let amount: ExpressionSyntax
        switch token.kind {
        case .number: amount = parseNumber()
        case .string: amount = parseStrings()
        case .symbol(.minusSign) where peek(1).kind == .number:
            let sign = position
            advance()
            amount = ExpressionSyntax(sign, .call(FunctionCallSyntax("negative", [parseNumber()])))
        case .symbol(.leftParen):
            advance()
            amount = try parseExpression()
            try expect(.rightParen)
        default: throw unexpected("a number, a string or an expression in parentheses")
        }
        guard let unit = try takeIntervalUnit() else {
            throw unexpected("a unit of time such as 'year', 'month' or 'day'", candidates: timeUnits)
        }
        return ExpressionSyntax(place, .interval(IntervalSyntax(amount: amount, unit: unit)))
    }

    private var timeUnits: [Keyword] { [.year, .quarter, .month, .week, .day, .hour, .minute, .second] }

    /// Takes `year`, `days`, `year to month` and the like.
    private func takeIntervalUnit() throws -> IntervalSyntax.Unit? {
        var unit: IntervalSyntax.Unit
        switch token.keyword {
        case .year, .years: unit = .year
        case .quarter, .quarters: unit = .quarter
        case .month, .months: unit = .month
        case .week, .weeks: unit = .week
        case .day, .days: unit = .day
        case .hour, .hours: unit = .hour
        case .minute, .minutes: unit = .minute
        case .second, .seconds: unit = .second
        default: return nil
        }
        advance()
        guard isAt(.to), let end = peek(1).keyword else { return unit }
        // Another unit after it is that of `floor(… to hour)`.
        switch (unit, end) {
        case (.year, .month), (.year, .months): unit = .yearToMonth
        case (.day, .second), (.day, .seconds): unit = .dayToSecond
        default: return unit
        }
        advance()
        advance()
        return unit
    }

    // MARK: Parentheses

    /// "(" expression ")" | "(" expression "," expression … ")" | "(" query ")"
    private func parseParenthesized() throws -> ExpressionSyntax {
        let place = position
        advance()
        if startsQuery(token) {
            let query = try parseQuery()
            try expect(.rightParen)
            return ExpressionSyntax(place, .scalarSubquery(query))
        }
        let startsWithParenthesis = isAt(.leftParen)
        let first = try parseExpression()
        if startsWithParenthesis, case .scalarSubquery(let inner) = first.form, continuesQuery {
            let query = try parseQuery(after: .parenthesized(inner), at: inner.position)
            try expect(.rightParen)
            return ExpressionSyntax(place, .scalarSubquery(query))
        }
        var items = [first]
        while take(.comma) { items.append(try parseExpression()) }
        try expect(.rightParen)
        if items.count > 1 { return ExpressionSyntax(place, .tuple(items)) }
        if case .number = first.form, let unit = try takeIntervalUnit() {
            return ExpressionSyntax(place, .interval(IntervalSyntax(amount: first, unit: unit)))
        }
        if case .string = first.form, let unit = try takeIntervalUnit() {
            return ExpressionSyntax(place, .interval(IntervalSyntax(amount: first, unit: unit)))
        }
        return first
    }
}
