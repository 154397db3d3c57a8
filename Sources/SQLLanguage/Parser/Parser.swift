import HoneyCore

/// Reads tokens from left to right and says well what it misses: the cursor under the grammar's rules, which are
/// extensions, one file a topic.
final class Parser {
    let dialect: Dialect
    private let tokens: [Token]
    /// The error behind the last token when that is `invalid`.
    private let failure: HoneyError?
    private(set) var index = 0
    /// What was looked for at `index` in vain, for messages.
    var missed: [String] = []
    /// How deep the rules that nest are in each other.
    private var nesting = 0
    private let stackLimit = StackLimit.ofCurrentThread()
    /// The height of the tree that the last expression rule made.
    var height = 0
    /// The greatest height among the expressions made since a primary began.
    var greatestHeight = 0

    init(_ bytes: [UInt8], dialect: Dialect, at start: SourcePosition = SourcePosition(line: 1, column: 1)) {
        self.dialect = dialect
        (tokens, failure) = Lexer.tokens(of: bytes, dialect: dialect, at: start)
    }

    var token: Token { tokens[index] }
    var position: SourcePosition { tokens[index].position }
    var isAtEnd: Bool { tokens[index].kind == .end }

    func peek(_ distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    /// The tokens from `start` up to here.
    func tokens(from start: Int) -> ArraySlice<Token> { tokens[start..<index] }

    func advance() {
        guard index + 1 < tokens.count else { return }
        index += 1
        missed.removeAll(keepingCapacity: true)
    }

    /// Runs a rule that may contain itself, unless it would nest too deep.
    func nested<Result>(_ rule: () throws -> Result) throws -> Result {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= dialect.maximumNesting, stackLimit.isKept else {
            throw failed(
                "the query nests too deep: at most \(nesting - 1) levels are possible here", code: "NESTING_TOO_DEEP")
        }
        return try rule()
    }

    // MARK: Looking without taking; a miss is not remembered

    func isAt(_ keyword: Keyword) -> Bool { token.keyword == keyword }
    func isAt(_ symbol: Symbol) -> Bool { token.symbol == symbol }
    func isAt(_ first: Keyword, _ second: Keyword) -> Bool { isAt(first) && peek(1).keyword == second }

    // MARK: Taking

    /// Takes a keyword if it is next; a miss is remembered for messages.
    func take(_ keyword: Keyword) -> Bool {
        guard isAt(keyword) else {
            missed.append("'\(keyword.rawValue)'")
            return false
        }
        advance()
        return true
    }

    func take(_ symbol: Symbol) -> Bool {
        guard isAt(symbol) else {
            missed.append("'\(symbol.rawValue)'")
            return false
        }
        advance()
        return true
    }

    /// Takes both keywords if they are next.
    func take(_ first: Keyword, _ second: Keyword) -> Bool {
        guard isAt(first, second) else {
            missed.append("'\(first.rawValue)'")
            return false
        }
        advance()
        advance()
        return true
    }

    /// Takes the first of the keywords that is next.
    func take(anyOf keywords: [Keyword]) -> Keyword? { keywords.first { take($0) } }

    func expect(_ keyword: Keyword) throws {
        if !take(keyword) { throw unexpected("'\(keyword.rawValue)'") }
    }

    func expect(_ symbol: Symbol) throws {
        if !take(symbol) { throw unexpected("'\(symbol.rawValue)'") }
    }

    func expect(_ keywords: Keyword...) throws { for keyword in keywords { try expect(keyword) } }

    /// Takes a string literal.
    func expectString(_ what: String) throws -> String {
        guard token.kind == .string else { throw unexpected(what) }
        defer { advance() }
        return token.text
    }

    /// Takes a whole number.
    func expectInteger(_ what: String, in range: ClosedRange<Int>) throws -> Int {
        guard token.kind == .number, token.text.allSatisfy(\.isNumber) else { throw unexpected(what) }
        guard let number = Int(token.text), range.contains(number) else {
            throw failed("\(what) must be from \(range.lowerBound) to \(range.upperBound), not \(token.text)")
        }
        advance()
        return number
    }

    // MARK: Messages

    /// Makes the error of a token that fits nowhere; `expected` is what the current rule wants.
    ///
    /// `candidates` are further keywords that may have been meant.
    func unexpected(_ expected: String, candidates: [Keyword] = []) -> HoneyError {
        if token.kind == .invalid, let failure { return failure }
        var wanted: [String] = []
        for item in missed + [expected] where !wanted.contains(item) { wanted.append(item) }
        let list = wanted.count <= 5 ? Parser.alternatives(wanted) : expected
        let message = "expected \(list) but found \(token.described)"
        return HoneyError(.parse, "SYNTAX_ERROR", message + suggestion(among: wanted, candidates), at: position)
    }

    func failed(_ message: String, code: String = "SYNTAX_ERROR", at place: SourcePosition? = nil) -> HoneyError {
        HoneyError(.parse, code, message, at: place ?? position)
    }

    func unsupported(_ what: String, at place: SourcePosition? = nil) -> HoneyError {
        failed("\(what) are not supported", code: "UNSUPPORTED_SYNTAX", at: place)
    }

    private static func alternatives(_ items: [String]) -> String {
        guard items.count > 1 else { return items[0] }
        return items.dropLast().joined(separator: ", ") + " or " + items[items.count - 1]
    }

    /// Guesses the keyword meant by the found word, or by the word before, which may have passed for an alias.
    private func suggestion(among wanted: [String], _ candidates: [Keyword]) -> String {
        let quoted = wanted.filter { $0.hasPrefix("'") }.map { String($0.dropFirst().dropLast()) }
        let words = (quoted + candidates.map(\.rawValue)).filter { $0 != token.keyword?.rawValue }
        if token.isWord {
            let hint = SpellingSuggestion.hint(for: token.text, in: words)
            if !hint.isEmpty { return hint }
        }
        guard index > 0, tokens[index - 1].kind == .word(nil), tokens[index - 1].text.count > 2 else { return "" }
        let before = tokens[index - 1].text
        let operators: [Keyword] = [.and, .or, .not, .in, .like, .rlike, .between, .is, .from, .where, .group, .order]
        let meant = SpellingSuggestion.nearest(to: before, in: words + operators.map(\.rawValue))
        return meant.map { " (did you mean \($0) instead of \(before)?)" } ?? ""
    }
}
