import HoneyCommands
import HoneyCore
import HoneyPlan

extension Parser {
    /// "show" what
    func parseShow() throws -> any Statement {
        let place = position
        advance()
        switch token.keyword {
        case .compactions, .conf, .current, .grant, .index, .indexes, .locks, .materialized, .principals, .role,
            .roles, .transactions:
            throw unsupported("'show \(token.text.lowercased())' statements")
        default: break
        }
        if take(.databases) || take(.schemas) { return try parseShowDatabases(at: place) }
        if take(.tables) { return try parseShowTables(at: place, onlyViews: false) }
        if take(.views) { return try parseShowTables(at: place, onlyViews: true) }
        if take(.columns) { return try parseShowColumns(at: place) }
        if take(.files) { return try parseShowFiles(at: place) }
        if take(.partitions) { return try parseShowPartitions(at: place) }
        if take(.create) { return try parseShowCreate(at: place) }
        if take(.tblproperties) { return try parseShowTableProperties(at: place) }
        if take(.functions) { return try parseShowFunctions(at: place) }
        if take(.table) { return try parseShowTableExtended(at: place) }
        throw unexpected("what to show, such as 'databases', 'tables' or 'partitions'")
    }

    /// [("in" | "from") name]
    func takeDatabase() throws -> String? {
        take(.in) || take(.from) ? try expectName("a database name") : nil
    }

    /// [["like"] (string | name)]: with `%` SQL's kind of pattern, else Hive's.
    func takePattern() throws -> NamePattern? {
        let hasLike = take(.like)
        let text: String
        if token.kind == .string {
            text = try expectString("a pattern in quotes")
        } else if isName(token) {
            text = try expectName("a pattern in quotes")
        } else {
            if hasLike { throw unexpected("a pattern in quotes") }
            return nil
        }
        return hasLike && text.contains("%") ? .like(text) : .hive(text)
    }
}
