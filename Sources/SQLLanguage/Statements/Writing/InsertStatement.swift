import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyPlan

/// `insert into|overwrite table …`, one or, in the form `from … insert … insert …`, several.
struct InsertStatement: Statement {
    struct Part: Hashable, Sendable {
        var target: InsertTargetSyntax
        var query: QuerySyntax
    }

    let position: SourcePosition
    let parts: [Part]
    let dialect: Dialect

    func analyze(in context: AnalysisContext) throws -> AnalyzedStatement {
        let binder = Binder(context: context, dialect: dialect)
        if parts.count == 1, case .directory(let directory) = parts[0].target {
            return .command(
                InsertIntoDirectory(
                    path: directory.path, isLocal: directory.isLocal, storage: directory.storage,
                    query: try binder.bind(parts[0].query)))
        }
        let inserts = try parts.map { part in
            guard case .table(let target) = part.target else {
                throw HoneyError(
                    .semantic, "UNSUPPORTED_SYNTAX", "inserts into a directory among others are not supported",
                    at: position)
            }
            return try target.bound(to: part.query, with: binder, in: context)
        }
        return .command(InsertIntoTable(inserts: inserts))
    }
}

/// Where an INSERT puts rows.
enum InsertTargetSyntax: Hashable, Sendable {
    case table(InsertTableSyntax)
    case directory(InsertDirectorySyntax)
}

struct InsertTableSyntax: Hashable, Sendable {
    /// `ds = 'x'`, or `ds` alone: a dynamic partition.
    struct PartitionItem: Hashable, Sendable {
        var value: PartitionValue
        var position: SourcePosition
    }

    var table: TableName
    var isOverwrite: Bool
    var ifNotExists = false
    var partition: [PartitionItem] = []
    var columns: [String] = []

    /// Binds the query to the table's columns.
    func bound(
        to query: QuerySyntax, with binder: Binder, in context: AnalysisContext
    ) throws -> TableInsert {
        let keys = partition.map {
            InsertTarget.PartitionKey($0.value.key, isStatic: $0.value.value != nil, position: $0.position)
        }
        let place = table.position ?? query.position
        let target = InsertTarget(
            table: try found(in: context, at: place), partition: keys, columns: columns, position: place)
        let plan = try binder.bind(query, into: target)
        let fixed = partition.map(\.value).filter { $0.value != nil }
        let dynamic = target.dynamicPartitionKeys.map { PartitionValue($0.name, nil) }
        return TableInsert(
            table: table, isOverwrite: isOverwrite, ifNotExists: ifNotExists, partition: fixed + dynamic, query: plan)
    }

    private func found(in context: AnalysisContext, at place: SourcePosition) throws -> Table {
        let database = table.database ?? context.session.database
        do {
            if let found = try context.metastore.table(table.name, in: database) { return found }
            let hint = SpellingSuggestion.hint(for: table.name, in: try context.metastore.tables(in: database))
            throw HoneyError(.semantic, "TABLE_NOT_FOUND", "no such table: \(table)\(hint)")
        } catch let error as HoneyError {
            throw error.located(at: place)
        }
    }
}

struct InsertDirectorySyntax: Hashable, Sendable {
    var path: String
    var isLocal: Bool
    var storage = StorageClause()
}

extension Parser {
    /// ["with" tables] (query | insert query | "from" sources (insert select)…)
    func parseQueryOrInsert() throws -> any Statement {
        let place = position
        let with = try parseCommonTables()
        if isAt(.insert) {
            let target = try parseInsertTarget()
            var query = try parseQuery()
            query.with = with + query.with
            let part = InsertStatement.Part(target: target, query: query)
            return InsertStatement(position: place, parts: [part], dialect: dialect)
        }
        guard isAt(.from) else {
            var query = try parseQuery(after: try parseQueryPrimary(), at: place)
            query.with = with
            return QueryStatement(position: place, query: query, dialect: dialect)
        }
        let (from, lateralViews) = try parseFromClause()
        guard isAt(.insert) else {
            guard isAt(.select) else { throw unexpected("'select' or 'insert'", candidates: [.select, .insert]) }
            let select = try parseSelect(from: from, lateralViews: lateralViews)
            var query = try parseQuery(after: .select(select), at: place)
            query.with = with
            return QueryStatement(position: place, query: query, dialect: dialect)
        }
        var parts: [InsertStatement.Part] = []
        while isAt(.insert) {
            let target = try parseInsertTarget()
            let selectPlace = position
            let select = try parseSelect(from: from, lateralViews: lateralViews)
            var query = try parseQuery(after: .select(select), at: selectPlace)
            query.with = with
            parts.append(InsertStatement.Part(target: target, query: query))
        }
        return InsertStatement(position: place, parts: parts, dialect: dialect)
    }

    /// "insert" "into" ["table"] table | "insert" "overwrite" (["table"] table | ["local"] "directory" …)
    private func parseInsertTarget() throws -> InsertTargetSyntax {
        try expect(.insert)
        guard take(.overwrite) else {
            try expect(.into)
            _ = take(.table)
            return .table(try parseInsertTable(isOverwrite: false))
        }
        if isAt(.local) || isAt(.directory) && peek(1).kind == .string {
            return .directory(try parseInsertDirectory())
        }
        _ = take(.table)
        return .table(try parseInsertTable(isOverwrite: true))
    }

    /// name [partition] ["if" "not" "exists"] ["(" columns ")"]
    private func parseInsertTable(isOverwrite: Bool) throws -> InsertTableSyntax {
        var target = InsertTableSyntax(table: try expectTableName(), isOverwrite: isOverwrite)
        if isAt(.partition) {
            advance()
            target.partition = try expectPartitionItems(mayLackValues: true).map {
                InsertTableSyntax.PartitionItem(value: $0.value, position: $0.position)
            }
        }
        let place = position
        if isAt(.if) { target.ifNotExists = try takeIfNotExists() }
        if target.ifNotExists, !isOverwrite {
            throw failed("'if not exists' goes with 'insert overwrite' only", at: place)
        }
        if isAt(.leftParen), isName(peek(1)) {
            target.columns = try expectNameList("a column name")
        }
        return target
    }

    /// ["local"] "directory" string [row format] [stored]
    private func parseInsertDirectory() throws -> InsertDirectorySyntax {
        let isLocal = take(.local)
        try expect(.directory)
        var directory = InsertDirectorySyntax(path: try expectString("a path in quotes"), isLocal: isLocal)
        if isAt(.row) { directory.storage.rowFormat = try parseRowFormat() }
        if isAt(.stored) { directory.storage.fileFormat = try parseStored() }
        return directory
    }
}
