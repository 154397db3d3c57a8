import HoneyCore
import HoneyPlan

extension Parser {
    /// [statement] [";" [statement]]…
    func parseStatements() throws -> [any Statement] {
        var statements: [any Statement] = []
        while true {
            while isAt(.semicolon) { advance() }
            if isAtEnd { return statements }
            statements.append(try parseStatement())
            guard isAtEnd || isAt(.semicolon) else { throw unexpected("the end of the statement") }
        }
    }

    func parseStatement() throws -> any Statement {
        switch token.keyword {
        case .select, .from, .with, .values, .insert: try parseQueryOrInsert()
        case .explain: try parseExplain()
        case .create: try parseCreate()
        case .drop: try parseDrop()
        case .alter: try parseAlter()
        case .use: try parseUse()
        case .show: try parseShow()
        case .describe, .desc: try parseDescribe()
        case .truncate: try parseTruncate()
        case .load: try parseLoad()
        case .msck: try parseRepairTable()
        case nil where isAt(.leftParen): try parseQueryOrInsert()
        default: throw unknownStatement()
        }
    }

    private func unknownStatement() -> HoneyError {
        let known: Set<Keyword> = [
            .analyze, .grant, .revoke, .export, .import, .merge, .update, .delete, .lock, .unlock, .start,
            .commit, .rollback, .abort, .reload, .set,
        ]
        if let keyword = token.keyword, known.contains(keyword) {
            return unsupported("'\(keyword.rawValue)' statements")
        }
        return unexpected(
            "a statement",
            candidates: [
                .select, .from, .with, .values, .insert, .explain, .create, .drop, .alter, .use, .show, .describe,
                .truncate, .load, .msck,
            ])
    }

    /// "create" (database | table)
    private func parseCreate() throws -> any Statement {
        let place = position
        advance()
        if take(.database) || take(.schema) { return try parseCreateDatabase(at: place) }
        switch token.keyword {
        case .table, .external: return try parseCreateTable(at: place)
        case .temporary: throw unsupported("temporary tables, views and functions")
        case .view, .materialized, .or: throw unsupported("new views")
        case .function, .macro: throw unsupported("new functions")
        case .role, .index: throw unsupported("'create \(token.text.lowercased())' statements")
        default: break
        }
        missed += ["'table'"]
        throw unexpected("'external'", candidates: [.temporary, .view])
    }

    /// "drop" (database | table | view)
    private func parseDrop() throws -> any Statement {
        let place = position
        advance()
        if take(.database) || take(.schema) { return try parseDropDatabase(at: place) }
        if take(.table) { return try parseDropTable(at: place, dropsView: false) }
        if take(.view) { return try parseDropTable(at: place, dropsView: true) }
        switch token.keyword {
        case .function, .macro, .temporary, .role, .index, .materialized:
            throw unsupported("'drop \(token.text.lowercased())' statements")
        default: throw unexpected("'view'")
        }
    }

    /// "alter" (database | table | view)
    private func parseAlter() throws -> any Statement {
        let place = position
        advance()
        if take(.database) || take(.schema) { return try parseAlterDatabase(at: place) }
        if take(.table) { return try parseAlterTable(at: place) }
        if take(.view) { return try parseAlterView(at: place) }
        switch token.keyword {
        case .index, .materialized: throw unsupported("'alter \(token.text.lowercased())' statements")
        default: throw unexpected("'view'")
        }
    }

    /// ["if" "exists"]
    func takeIfExists() throws -> Bool {
        guard take(.if) else { return false }
        try expect(.exists)
        return true
    }

    /// ["if" "not" "exists"]
    func takeIfNotExists() throws -> Bool {
        guard take(.if) else { return false }
        try expect(.not, .exists)
        return true
    }
}
