// Binding turns syntax into meaning: names into columns with identities, functions into typed calls, queries into
// logical plans. In come `QuerySyntax` trees and an `AnalysisContext`; out go `LogicalPlan`s or errors with positions.
// It does not improve plans: predicates stay where they were written, scans produce every column.

import HoneyCore
public import HoneyPlan

/// Binds queries of one statement.
public struct Binder {
    let session: BindingSession

    public init(context: AnalysisContext, dialect: Dialect) {
        session = BindingSession(context: context, dialect: dialect)
    }

    /// Binds a query whose output columns are those of the select list.
    public func bind(_ query: QuerySyntax) throws -> LogicalPlan {
        VirtualColumns.dropUnused(in: try bindQuery(query))
    }

    /// Binds an expression that may use no columns, such as a partition value.
    public func bindConstant(_ expression: ExpressionSyntax) throws -> Expression {
        let environment = Environment(database: session.context.session.database)
        return try ExpressionBinder(session, environment, Scope(parent: nil), clause: "a constant").bind(expression)
    }

    func bindQuery(_ query: QuerySyntax) throws -> LogicalPlan {
        let environment = Environment(database: session.context.session.database)
        return try QueryBinder(session: session, environment: environment).bind(query)
    }
}

/// What the binding of one statement shares.
final class BindingSession {
    let context: AnalysisContext
    let dialect: Dialect
    let ids = ColumnIDGenerator()
    /// Where each column was last named, for errors found after its expression is bound.
    var lastUses: [ColumnID: SourcePosition] = [:]
    /// The common tables being bound, outermost first.
    var openTables: [(clause: CommonTables, name: String)] = []
    /// The views being expanded, outermost first.
    var openViews: [String] = []
    private var queryCount = 0
    private var queryDepth = 0

    /// Common tables and views are bound anew at each use, so that a short text could ask for endless work.
    private static let maximumQueries = 5_000
    /// Each level takes some of the thread's stack, here and in whatever walks the plan.
    private static let maximumDepth = 200

    init(context: AnalysisContext, dialect: Dialect) {
        self.context = context
        self.dialect = dialect
    }

    /// Runs the binding of one query, unless there are too many or they nest too deep.
    func bindingQuery<R>(at position: SourcePosition, _ step: () throws -> R) throws -> R {
        queryCount += 1
        queryDepth += 1
        defer { queryDepth -= 1 }
        if queryCount > BindingSession.maximumQueries {
            throw HoneyError.semantic(
                "QUERY_TOO_LARGE", "query expands to too many queries: more than \(BindingSession.maximumQueries)",
                at: position)
        }
        if queryDepth > BindingSession.maximumDepth {
            throw HoneyError.semantic(
                "TOO_DEEP", "queries nest too deep: more than \(BindingSession.maximumDepth) levels", at: position)
        }
        return try step()
    }

    /// Tells whether a setting is on.
    func isSet(_ key: String, default standard: Bool) -> Bool {
        context.session.settings[key].map { $0.lowercased() == "true" } ?? standard
    }

    func makeColumn(_ name: String, _ type: DataType) -> ColumnReference {
        ColumnReference(id: ids.make(), name: name, type: type)
    }

    func makeOutput(_ name: String, _ expression: Expression) -> NamedExpression {
        NamedExpression(id: ids.make(), name: name, expression)
    }
}

/// What a query sees from outside: the common tables, the columns of outer queries, the current database.
struct Environment {
    var database: String
    var commonTables: CommonTables?
    var outer: Scope?

    init(database: String, commonTables: CommonTables? = nil, outer: Scope? = nil) {
        self.database = database
        self.commonTables = commonTables
        self.outer = outer
    }

    /// The environment of a query nested in an expression whose names `scope` resolves.
    func nested(in scope: Scope) -> Environment {
        Environment(database: database, commonTables: commonTables, outer: scope)
    }
}
