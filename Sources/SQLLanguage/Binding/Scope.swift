import HoneyCore
import HoneyPlan

/// The columns that names can mean in one query, inside the scopes of the queries around it.
final class Scope {
    /// A table, common table or subquery of FROM under the name it goes by.
    struct Relation {
        /// Set when it may also be named `database.table`.
        var database: String?
        var name: String
        var columns: [Column]
    }

    struct Column {
        var name: String
        var reference: ColumnReference
        /// Found by name but no part of `*`.
        var isVirtual = false
    }

    /// What an unqualified name and `*` see; USING merges two columns into one of these.
    struct VisibleColumn {
        var name: String
        var expression: Expression
        /// `t.a`, for messages.
        var qualifiedName: String
    }

    let parent: Scope?
    var relations: [Relation] = []
    var visible: [VisibleColumn] = []
    /// The groups and aggregates of the query, once they are known, for the subqueries above them.
    var aggregation: Aggregation?

    init(parent: Scope?) { self.parent = parent }

    /// Makes the scope of one relation.
    convenience init(_ relation: Relation, parent: Scope?) {
        self.init(parent: parent)
        relations = [relation]
        visible = relation.columns.filter { !$0.isVirtual }.map {
            let qualified = relation.name.isEmpty ? $0.name : relation.name + "." + $0.name
            return VisibleColumn(name: $0.name, expression: .column($0.reference), qualifiedName: qualified)
        }
    }

    /// Puts the relations of two scopes side by side.
    static func joined(_ left: Scope, _ right: Scope) -> Scope {
        let scope = Scope(parent: left.parent)
        scope.relations = left.relations + right.relations
        scope.visible = left.visible + right.visible
        return scope
    }

    /// The identities of all columns, virtual ones too.
    var columnIDs: Set<ColumnID> { Set(relations.flatMap { $0.columns.map(\.reference.id) }) }
}

extension Scope {
    /// What a dotted name means: a column, perhaps with struct fields still to take.
    struct Resolution {
        var expression: Expression
        var fields: ArraySlice<String>
    }

    /// Finds what the name means here or, failing that, in the outer scopes.
    func resolve(_ name: [String], at position: SourcePosition) throws -> Resolution? {
        var scope: Scope? = self
        while let current = scope {
            if let found = try current.resolveHere(name, at: position) { return found }
            // A table's alias hides those of outer queries even for columns that it lacks.
            if name.count > 1, !current.relations(named: name[0]).isEmpty { return nil }
            scope = current.parent
        }
        return nil
    }

    /// Tries `table.column`, `database.table.column`, then `column`; what remains are fields.
    func resolveHere(_ name: [String], at position: SourcePosition) throws -> Resolution? {
        if name.count >= 2, let found = try qualified(name, database: nil, at: position) { return found }
        if name.count >= 3, let found = try qualified(Array(name.dropFirst()), database: name[0], at: position) {
            return found
        }
        guard let column = try unqualified(name[0], at: position) else { return nil }
        // A table's name before a dot means the table, unless the column of that name is a struct.
        if name.count > 1, relations(named: name[0]).count > 0, !column.type.isComplex { return nil }
        return Resolution(expression: column, fields: name.dropFirst())
    }

    private func qualified(_ name: [String], database: String?, at position: SourcePosition) throws -> Resolution? {
        for relation in relations(named: name[0], database: database) {
            let matches = relation.columns.filter { $0.name == name[1] }
            if matches.count > 1 {
                throw HoneyError.ambiguousColumn(
                    name[0...1].joined(separator: "."), ["it occurs \(matches.count) times"],
                    at: position)
            }
            if let match = matches.first {
                return Resolution(expression: .column(match.reference), fields: name.dropFirst(2))
            }
        }
        return nil
    }

    private func unqualified(_ name: String, at position: SourcePosition) throws -> Expression? {
        let matches = visible.filter { $0.name == name }
        let virtual = matches.isEmpty ? virtualColumns(name) : []
        if Set(matches.map(\.expression)).count > 1 {
            var candidates = matches.map(\.qualifiedName)
            if Set(candidates).count == 1 { candidates = ["\(candidates[0]) occurs \(matches.count) times"] }
            throw HoneyError.ambiguousColumn(name, candidates, at: position)
        }
        if virtual.count > 1 { throw HoneyError.ambiguousColumn(name, virtual.map(\.0), at: position) }
        return matches.first?.expression ?? virtual.first?.1
    }

    private func virtualColumns(_ name: String) -> [(String, Expression)] {
        relations.flatMap { relation in
            relation.columns.filter { $0.isVirtual && $0.name == name }
                .map { (relation.name + "." + name, Expression.column($0.reference)) }
        }
    }

    /// The columns that `*` or `t.*` stands for.
    func star(_ qualifier: [String], at position: SourcePosition) throws -> [VisibleColumn] {
        guard let last = qualifier.last else {
            guard !relations.isEmpty else {
                throw HoneyError.semantic("UNEXPECTED_STAR", "* needs a FROM", at: position)
            }
            return visible
        }
        let database = qualifier.count > 1 ? qualifier[0] : nil
        guard let relation = relations(named: last, database: database).first else {
            let text = qualifier.joined(separator: ".")
            let hint = SpellingSuggestion.hint(for: last, in: relations.map(\.name))
            throw HoneyError.semantic("TABLE_NOT_FOUND", "no such table in FROM: \(text)\(hint)", at: position)
        }
        return Scope(relation, parent: nil).visible
    }

    /// The relations a qualifier means.
    func relations(named name: String, database: String? = nil) -> [Relation] {
        relations.filter { $0.name == name && (database == nil || $0.database == database) }
    }

    /// The error of a name that means nothing.
    func unresolved(_ name: [String], at position: SourcePosition) -> HoneyError {
        let text = name.joined(separator: ".")
        var names: [String] = []
        var scope: Scope? = self
        while let current = scope {
            if name.count > 1, let relation = current.relations(named: name[0]).first {
                return .noSuchColumn(
                    text, among: relation.columns.filter { !$0.isVirtual }.map { relation.name + "." + $0.name },
                    at: position)
            }
            names += name.count > 1 ? current.relations.map(\.name) : current.visible.map(\.name)
            scope = current.parent
        }
        if name.count == 1 { return .noSuchColumn(text, among: names, at: position) }
        return .semantic(
            "COLUMN_NOT_FOUND",
            "no such table or column: \(name[0])" + SpellingSuggestion.hint(for: name[0], in: names)
                + ", in \(text)", at: position)
    }
}
