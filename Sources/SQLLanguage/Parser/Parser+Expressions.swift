import HoneyCore

/// How tightly operators bind, from loose to tight, as Hive has it.
private enum Power: Int, Comparable {
    case or, and, not, equality, comparison, bitOr, bitAnd, concatenation, sum, product, bitXor, operand

    static func < (a: Power, b: Power) -> Bool { a.rawValue < b.rawValue }
    /// The next tighter power: what stands right of an operator that groups to the left.
    var tighter: Power { Power(rawValue: rawValue + 1) ?? .operand }
}

extension Parser {
    /// Takes an expression; every expression within another comes through here.
    func parseExpression() throws -> ExpressionSyntax {
        let expression = try nested { try parseOperation(.or) }
        greatestHeight = max(greatestHeight, height)
        return expression
    }

    /// Takes an operand and the operators after it that bind at least as tight as `power`.
    private func parseOperation(_ power: Power) throws -> ExpressionSyntax {
        var left = try parsePrefixed(power)
        var leftHeight = height
        while let next = nextPower, next >= power {
            let place = position
            height = 0
            left = try parseRest(of: left, next, at: place)
            leftHeight = max(leftHeight, height) + 1
            try check(height: leftHeight, at: place)
        }
        height = leftHeight
        return left
    }

    private func check(height: Int, at place: SourcePosition) throws {
        guard height <= dialect.maximumHeight else {
            let limit = dialect.maximumHeight
            throw failed(
                "the expression is too long: at most \(limit) operators in a chain", code: "NESTING_TOO_DEEP", at: place
            )
        }
    }

    /// The power of the infix operator that is next; nil when none is.
    private var nextPower: Power? {
        if let symbol = token.symbol {
            return switch symbol {
            case .equal, .doubleEqual, .identical, .notEqual, .bangEqual: .equality
            case .leftAngle, .lessOrEqual, .rightAngle, .greaterOrEqual: .comparison
            case .bar: .bitOr
            case .ampersand: .bitAnd
            case .doubleBar: .concatenation
            case .plusSign, .minusSign: .sum
            case .star, .slash, .percent: .product
            case .caret: .bitXor
            case .bang: isNegation ? .comparison : nil
            default: nil
            }
        }
        return switch token.keyword {
        case .or: .or
        case .and: .and
        case .is: .equality
        case .like, .rlike, .regexp, .in, .between: .comparison
        case .not: isNegation ? .comparison : nil
        case .div: .product
        default: nil
        }
    }

    /// Tells whether `not` is next as part of `not in`, `not like` and the like.
    private var isNegation: Bool {
        [.like, .rlike, .regexp, .in, .between].contains(peek(1).keyword)
    }

    /// Takes an infix operator and what is right of it; `height` becomes the right operand's.
    private func parseRest(
        of left: ExpressionSyntax, _ power: Power, at place: SourcePosition
    ) throws -> ExpressionSyntax {
        switch power {
        case .or: return try parseChain(.or, left, tighter: .and)
        case .and: return try parseChain(.and, left, tighter: .not)
        case .equality where isAt(.is): return try parseDistinct(left)
        case .comparison where token.isWord || isAt(.bang): return try parsePredicate(left)
        default:
            let name = operatorName
            advance()
            let right = try parseOperation(power.tighter)
            return ExpressionSyntax(place, .call(FunctionCallSyntax(name, [left, right])))
        }
    }

    private var operatorName: String {
        switch token.symbol {
        case .doubleEqual: "="
        case .bangEqual: "<>"
        case .some(let symbol): symbol.rawValue
        case nil: token.keyword?.rawValue ?? ""
        }
    }

    /// Takes `and a and b …` as one call of many arguments.
    private func parseChain(_ keyword: Keyword, _ left: ExpressionSyntax, tighter: Power) throws -> ExpressionSyntax {
        let place = position
        var operands = [left]
        var highest = 0
        while isAt(keyword) {
            advance()
            operands.append(try parseOperation(tighter))
            highest = max(highest, height)
        }
        height = highest
        return ExpressionSyntax(place, .call(FunctionCallSyntax(keyword.rawValue, operands)))
    }

    /// is [not] distinct from
    private func parseDistinct(_ left: ExpressionSyntax) throws -> ExpressionSyntax {
        let place = position
        try expect(.is)
        let isNegated = isAt(.not)
        if isNegated { advance() }
        for test in [Keyword.null, .true, .false, .unknown] where isAt(test) {
            throw failed("'is' binds tighter than the operator before: put its left side in parentheses", at: place)
        }
        guard isAt(.distinct) else { throw unexpected("'null', 'true', 'false', 'unknown' or 'distinct'") }
        advance()
        try expect(.from)
        let right = try parseOperation(.comparison)
        return ExpressionSyntax(place, .test(left, .distinctFrom(right), isNegated: isNegated))
    }

    /// [not] in (…) | [not] between a and b | [not] like|rlike|regexp x | [not] like any|all (…)
    private func parsePredicate(_ left: ExpressionSyntax) throws -> ExpressionSyntax {
        let place = position
        let isNegated = take(.not) || take(.bang)
        switch token.keyword {
        case .in:
            advance()
            return try parseMembership(of: left, isNegated: isNegated, at: place)
        case .between:
            advance()
            let low = try parseOperation(.bitOr)
            let lowHeight = height
            try expect(.and)
            let high = try parseOperation(.bitOr)
            height = max(height, lowHeight)
            return ExpressionSyntax(place, .between(left, low: low, high: high, isNegated: isNegated))
        case .like:
            advance()
            if let quantifier = take(anyOf: [.any, .all]) {
                let patterns = try parenthesizedPatterns()
                let match: MatchSyntax = quantifier == .any ? .likeAny(patterns) : .likeAll(patterns)
                return ExpressionSyntax(place, .match(left, match, isNegated: isNegated))
            }
            return ExpressionSyntax(place, .match(left, .like(try parseOperation(.bitOr)), isNegated: isNegated))
        default:
            advance()
            return ExpressionSyntax(place, .match(left, .regexp(try parseOperation(.bitOr)), isNegated: isNegated))
        }
    }

    private func parenthesizedPatterns() throws -> [ExpressionSyntax] {
        try withChildren { try parenthesizedList { try parseExpression() } }
    }

    private func parseMembership(
        of left: ExpressionSyntax, isNegated: Bool, at place: SourcePosition
    ) throws -> ExpressionSyntax {
        try withChildren {
            if isAt(.leftParen), startsQuery(peek(1)) {
                advance()
                let query = try parseQuery()
                try expect(.rightParen)
                return ExpressionSyntax(place, .inSubquery(left, query, isNegated: isNegated))
            }
            try expect(.leftParen)
            let mayBeQuery = isAt(.leftParen)
            var candidates = [try parseExpression()]
            if mayBeQuery, case .scalarSubquery(let inner) = candidates[0].form, isAt(.rightParen) || continuesQuery {
                let query = try parseQuery(after: .parenthesized(inner), at: inner.position)
                try expect(.rightParen)
                return ExpressionSyntax(place, .inSubquery(left, query, isNegated: isNegated))
            }
            while take(.comma) { candidates.append(try parseExpression()) }
            try expect(.rightParen)
            return ExpressionSyntax(place, .isIn(left, candidates, isNegated: isNegated))
        }
    }

    /// Runs a rule and makes `height` the greatest height of the expressions in it.
    func withChildren<Result>(_ rule: () throws -> Result) rethrows -> Result {
        let outer = greatestHeight
        greatestHeight = 0
        let result = try rule()
        height = greatestHeight
        greatestHeight = outer
        return result
    }

    // MARK: Before and after an operand

    /// Takes `not` and signs before an operand, and what follows the operand itself.
    private func parsePrefixed(_ power: Power) throws -> ExpressionSyntax {
        if power <= .not, isAt(.not) || isAt(.bang) {
            let place = position
            advance()
            let operand = try nested { try parseOperation(.not) }
            height += 1
            if case .exists(let query, isNegated: false) = operand.form {
                return ExpressionSyntax(place, .exists(query, isNegated: true))
            }
            return ExpressionSyntax(place, .call(FunctionCallSyntax("not", [operand])))
        }
        return try parseTested()
    }

    /// operand [is [not] null|true|false|unknown]
    private func parseTested() throws -> ExpressionSyntax {
        var operand = try parseSigned()
        while isAt(.is) {
            let isNegated = peek(1).keyword == .not
            let test: TestSyntax
            switch peek(isNegated ? 2 : 1).keyword {
            case .null, .unknown: test = .null
            case .true: test = .isTrue
            case .false: test = .isFalse
            default: return operand
            }
            let place = position
            for _ in 0..<(isNegated ? 3 : 2) { advance() }
            operand = ExpressionSyntax(place, .test(operand, test, isNegated: isNegated))
            height += 1
            try check(height: height, at: place)
        }
        return operand
    }

    /// ["+" | "-" | "~"]… operand
    private func parseSigned() throws -> ExpressionSyntax {
        var signs: [(Symbol, SourcePosition)] = []
        while let symbol = token.symbol, [.plusSign, .minusSign, .tilde].contains(symbol) {
            signs.append((symbol, position))
            try check(height: signs.count, at: position)
            advance()
        }
        var operand = try parsePostfixed()
        for (symbol, place) in signs.reversed() where symbol != .plusSign {
            let name = symbol == .minusSign ? "negative" : "~"
            operand = ExpressionSyntax(place, .call(FunctionCallSyntax(name, [operand])))
            height += 1
        }
        try check(height: height, at: position)
        return operand
    }

    /// primary ["[" index "]" | "." field]…
    private func parsePostfixed() throws -> ExpressionSyntax {
        var operand = try withChildren { try parsePrimary() }
        var total = height + 1
        while true {
            let place = position
            if isAt(.leftBracket) {
                advance()
                let subscripted = operand
                operand = try withChildren {
                    ExpressionSyntax(place, .index(subscripted, try parseExpression()))
                }
                total = max(total, height)
                try expect(.rightBracket)
            } else if isAt(.dot), isName(peek(1)) {
                advance()
                operand = ExpressionSyntax(place, .field(operand, try expectName("a field name")))
            } else {
                break
            }
            total += 1
            try check(height: total, at: place)
        }
        height = total
        return operand
    }
}
