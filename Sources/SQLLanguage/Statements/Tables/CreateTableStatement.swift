import HoneyCommands
import HoneyCore
import HoneyPlan

struct CreateTableStatement: CommandStatement {
    let position: SourcePosition
    let command: CreateTable
}

struct CreateTableLikeStatement: CommandStatement {
    let position: SourcePosition
    let command: CreateTableLike
}

struct CreateTableAsSelectStatement: Statement {
    let position: SourcePosition
    let definition: CreateTable
    let query: QuerySyntax
    let dialect: Dialect

    func analyze(in context: AnalysisContext) throws -> AnalyzedStatement {
        let plan = try Binder(context: context, dialect: dialect).bind(query)
        return .command(CreateTableAsSelect(definition: definition, query: plan))
    }
}

extension Parser {
    /// ["external"] "table" ["if" "not" "exists"] name ("like" … | ["(" columns ")"] clauses ["as" query])
    func parseCreateTable(at place: SourcePosition) throws -> any Statement {
        let isExternal = take(.external)
        try expect(.table)
        let ifNotExists = try takeIfNotExists()
        var table = CreateTable(
            name: try expectTableName(), ifNotExists: ifNotExists, isExternal: isExternal, columns: [])
        if take(.like) { return try parseCreateTableLike(table, at: place) }
        let columnsPlace = position
        if isAt(.leftParen) { table.columns = try parenthesizedList { try parseColumn() } }
        var taken: Set<Keyword> = []
        while let clause = try parseClause(of: &table) {
            guard taken.insert(clause).inserted else {
                throw failed("a clause is given twice: \(clause.rawValue)")
            }
        }
        guard take(.as) else { return CreateTableStatement(position: place, command: table) }
        if !table.columns.isEmpty {
            throw failed("'create table … as' takes its columns from the query: leave them out", at: columnsPlace)
        }
        if !table.partitionKeys.isEmpty || table.bucketing != nil {
            throw unsupported("partitions and buckets in 'create table … as'", at: place)
        }
        return CreateTableAsSelectStatement(
            position: place, definition: table, query: try parseQuery(), dialect: dialect)
    }

    /// Takes one clause after the columns and returns the word it begins with; nil when none is next.
    private func parseClause(of table: inout CreateTable) throws -> Keyword? {
        let clause = token.keyword
        switch clause {
        case .comment: table.comment = try takeComment()
        case .partitioned:
            advance()
            try expect(.by)
            table.partitionKeys = try parenthesizedList { try parseColumn() }
        case .clustered: table.bucketing = try parseBucketing()
        case .skewed: throw unsupported("skewed tables")
        case .row: table.storage.rowFormat = try parseRowFormat()
        case .stored: table.storage.fileFormat = try parseStored()
        case .location: table.location = try takeLocation()
        case .tblproperties:
            advance()
            table.parameters = try expectProperties()
        default:
            missed += clausesLeft(of: table).map { "'\($0.rawValue)'" }
            return nil
        }
        return clause
    }

    private func clausesLeft(of table: CreateTable) -> [Keyword] {
        [.comment, .partitioned, .clustered, .row, .stored, .location, .tblproperties]
    }

    /// "like" source [row format] [stored] [location] [tblproperties]
    private func parseCreateTableLike(_ table: CreateTable, at place: SourcePosition) throws -> any Statement {
        var command = CreateTableLike(
            name: table.name, source: try expectTableName(), ifNotExists: table.ifNotExists,
            isExternal: table.isExternal)
        if isAt(.row) { command.storage.rowFormat = try parseRowFormat() }
        if isAt(.stored) { command.storage.fileFormat = try parseStored() }
        command.location = try takeLocation()
        if take(.tblproperties) { command.parameters = try expectProperties() }
        return CreateTableLikeStatement(position: place, command: command)
    }
}
