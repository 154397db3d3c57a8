import HoneyCatalog
import HoneyCore
import HoneyPlan

/// Binds FROM: what rows there are, and which names mean their columns.
struct FromBinder {
    let query: QueryBinder
    private var session: BindingSession { query.session }

    init(_ query: QueryBinder) { self.query = query }

    func bind(_ from: FromSyntax?) throws -> (LogicalPlan, Scope) {
        switch from {
        case nil: (.values(Values(columns: [], rows: [[]])), Scope(parent: query.environment.outer))
        case .table(let table): try bind(table)
        case .query(let inner, let alias, let columns, let position):
            try derived(query.bind(inner), alias: alias, columns: columns, at: position)
        case .join(let join): try bind(join)
        }
    }

    private func derived(
        _ plan: LogicalPlan, alias: String, columns: [String], at position: SourcePosition
    ) throws -> (LogicalPlan, Scope) {
        let alias = session.dialect.folded(alias)
        let names = try query.columnNames(of: plan, renamedTo: columns, of: alias, at: position)
        return (plan, scope(alias, database: nil, names: names, of: plan))
    }

    private func scope(_ alias: String, database: String?, names: [String], of plan: LogicalPlan) -> Scope {
        let columns = zip(names, plan.output).map { name, reference in
            Scope.Column(name: name, reference: ColumnReference(id: reference.id, name: name, type: reference.type))
        }
        return Scope(
            Scope.Relation(database: database, name: alias, columns: columns), parent: query.environment.outer)
    }

    private func bind(_ reference: TableReferenceSyntax) throws -> (LogicalPlan, Scope) {
        let name = reference.name.map(session.dialect.folded)
        let alias = reference.alias.map(session.dialect.folded)
        if name.count == 1, let (plan, names) = try query.bindCommonTable(name[0], at: reference.position) {
            return (plan, scope(alias ?? name[0], database: nil, names: names, of: plan))
        }
        let table = try findTable(name, at: reference.position)
        let database = alias == nil ? table.database : nil
        if table.kind == .view {
            guard reference.sample == nil else {
                throw HoneyError.semantic("NOT_A_TABLE", "a view has no buckets: \(table.name)", at: reference.position)
            }
            let plan = try bindView(table, at: reference.position)
            return (plan, scope(alias ?? table.name, database: database, names: plan.output.map(\.name), of: plan))
        }
        let (plan, scope) = scan(table, alias: alias ?? table.name, database: database)
        guard let sample = reference.sample else { return (plan, scope) }
        return (.filter(Filter(input: plan, predicate: try condition(of: sample, table, scope))), scope)
    }

    private func scan(_ table: Table, alias: String, database: String?) -> (LogicalPlan, Scope) {
        var columns: [ScanColumn] = []
        var names: [Scope.Column] = []
        for (index, column) in table.columns.enumerated() {
            let reference = session.makeColumn(column.name, column.type)
            columns.append(ScanColumn(reference, source: .table(index: index)))
            names.append(Scope.Column(name: session.dialect.folded(column.name), reference: reference))
        }
        for virtual in VirtualColumns.all {
            let reference = session.makeColumn(virtual.name, virtual.type)
            columns.append(ScanColumn(reference, source: virtual.source))
            names.append(
                Scope.Column(name: session.dialect.folded(virtual.name), reference: reference, isVirtual: true))
        }
        return (
            .scan(Scan(table: table, alias: alias, columns: columns)),
            Scope(
                Scope.Relation(database: database, name: alias, columns: names), parent: query.environment.outer)
        )
    }
}

extension FromBinder {
    private func findTable(_ name: [String], at position: SourcePosition) throws -> Table {
        let metastore = session.context.metastore
        let database = name.count > 1 ? name[0] : session.dialect.folded(query.environment.database)
        let table = name[name.count - 1]
        guard name.count <= 2 else {
            throw HoneyError.semantic(
                "TABLE_NOT_FOUND", "table name has too many parts: \(name.joined(separator: "."))", at: position)
        }
        return try located(at: position) {
            if let found = try metastore.table(table, in: database) { return found }
            guard try metastore.database(database) != nil else {
                let hint = SpellingSuggestion.hint(for: database, in: try metastore.databases())
                throw HoneyError.semantic("DATABASE_NOT_FOUND", "no such database: \(database)\(hint)", at: position)
            }
            var known = try metastore.tables(in: database)
            if name.count == 1 { known += query.environment.commonTables?.names ?? [] }
            let nearest = SpellingSuggestion.nearest(to: table, in: known)
            let prefix = name.dropLast().map { $0 + "." }.joined()
            let hint = nearest.map { " (did you mean \(prefix)\($0)?)" } ?? ""
            throw HoneyError.semantic(
                "TABLE_NOT_FOUND", "no such table: \(name.joined(separator: "."))\(hint)", at: position)
        }
    }

    /// Binds a view's query where the view was made: in its database, without the names of the query that uses it.
    private func bindView(_ view: Table, at position: SourcePosition) throws -> LogicalPlan {
        let name = view.qualifiedName
        guard !session.openViews.contains(name) else {
            let cycle = session.openViews + [name]
            throw HoneyError.semantic(
                "RECURSIVE_VIEW", "view uses itself: \(cycle.joined(separator: " -> "))", at: position)
        }
        guard let text = view.viewExpandedText ?? view.viewOriginalText else {
            throw HoneyError.semantic("INVALID_VIEW", "view has no text: \(name)", at: position)
        }
        session.openViews.append(name)
        defer { session.openViews.removeLast() }
        let plan: LogicalPlan
        do {
            let binder = QueryBinder(session: session, environment: Environment(database: view.database))
            plan = try binder.bind(try Parser.query(text, dialect: session.dialect))
        } catch let error as HoneyError {
            throw HoneyError(
                error.kind, error.code, "view \(name) cannot be used: \(error.message)", sqlState: error.sqlState,
                at: position)
        }
        let output = plan.output
        let columns = view.storage.columns
        guard columns.count == output.count else {
            throw HoneyError.semantic(
                "INVALID_VIEW",
                "view \(name) has \(counted(columns.count, "column")), its query now gives \(output.count)",
                at: position)
        }
        return .project(
            Project(
                input: plan,
                outputs: zip(columns, output).map { column, reference in
                    session.makeOutput(column.name, Expression.column(reference).converted(to: column.type))
                }))
    }
}
