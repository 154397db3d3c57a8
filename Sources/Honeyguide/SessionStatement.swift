import HoneyCore
import HoneyPlan

/// A statement that is not SQL but acts on the session: `set`, `reset` and `dfs`, as Hive has them.
enum SessionStatement {
    case set(String)
    case reset(String)
    case dfs(String)

    /// Recognizes one by its first word; nil for anything else.
    init?(_ text: String) {
        let trimmed = text.drop { $0.isWhitespace }
        let word = trimmed.prefix { !$0.isWhitespace }
        var rest = trimmed.dropFirst(word.count).drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        switch word.lowercased() {
        // `set role …` is a statement of SQL.
        case "set" where !rest.lowercased().hasPrefix("role "): self = .set(String(rest))
        case "reset": self = .reset(String(rest))
        case "dfs": self = .dfs(String(rest))
        default: return nil
        }
    }

    func run(in session: Session) throws -> ResultSet {
        switch self {
        case .set(let text): return ResultSet(report: try SessionStatement.set(text, in: session))
        case .reset(let key):
            if key.isEmpty { session.settings.reset() } else { session.settings[key] = nil }
            return ResultSet(report: CommandResult())
        case .dfs(let text): return ResultSet(report: try SessionStatement.dfs(text, in: session))
        }
    }

    private static func set(_ text: String, in session: Session) throws -> CommandResult {
        if text.isEmpty { return list(session.settings.changed, variables: session.variables) }
        if text == "-v" { return list(session.settings.allWithLate, variables: session.variables) }
        guard let equals = text.firstIndex(of: "=") else {
            let value = VariableSubstitution(session: session).value(of: text) ?? session.settings[text]
            return .rows(["set"], [[value.map { "\(text)=\($0)" } ?? "\(text) is undefined"]])
        }
        let key = trimmed(text[..<equals])
        let value = trimmed(text[text.index(after: equals)...])
        guard !key.isEmpty else {
            throw HoneyError(.parse, "BAD_SETTING", "expected a name before '=' in set", at: start)
        }
        try assign(key, value, in: session)
        return CommandResult()
    }

    private static func assign(_ key: String, _ value: String, in session: Session) throws {
        guard let colon = key.firstIndex(of: ":") else {
            session.settings[key] = value
            return try checkLimits(of: session, restoring: key)
        }
        let name = String(key[key.index(after: colon)...])
        switch key[..<colon] {
        case "hivevar": session.variables[name] = value
        case "hiveconf":
            session.settings[name] = value
            try checkLimits(of: session, restoring: name)
        case "env", "system":
            throw HoneyError(.semantic, "BAD_SETTING", "\(key[..<colon]): variables can only be read", at: start)
        default: session.settings[key] = value
        }
    }

    /// Refuses a limit that no query could read, where it is set rather than where it is used.
    private static func checkLimits(of session: Session, restoring key: String) throws {
        do {
            _ = try session.settings.threads
            _ = try session.settings.memoryLimitBytes
        } catch let error as HoneyError {
            session.settings[key] = nil
            throw error.located(at: start)
        }
    }

    private static func list(_ settings: [String: String], variables: [String: String]) -> CommandResult {
        let lines =
            settings.map { "\($0)=\($1)" }.sorted() + variables.map { "hivevar:\($0)=\($1)" }.sorted()
        return .rows(["set"], lines.map { [$0] })
    }

    private static func dfs(_ text: String, in session: Session) throws -> CommandResult {
        var output: [UInt8] = []
        try session.runFileCommand(text) { output += $0 }
        if output.last == UInt8(ascii: "\n") { output.removeLast() }
        let lines = output.isEmpty ? [] : output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return .rows(["DFS Output"], lines.map { [String(decoding: $0, as: UTF8.self)] })
    }

    /// Splits a command line at spaces outside quotes.
    static func words(_ text: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw HoneyError(.parse, "UNTERMINATED_QUOTE", "a quote is not closed", at: start) }
        if let word { words.append(word) }
        return words
    }

    private static let start = SourcePosition(line: 1, column: 1)

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
