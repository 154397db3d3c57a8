import HoneyCore
import HoneyPlan

struct QueryStatement: Statement {
    let position: SourcePosition
    let query: QuerySyntax
    let dialect: Dialect

    func analyze(in context: AnalysisContext) throws -> AnalyzedStatement {
        .query(try Binder(context: context, dialect: dialect).bind(query))
    }
}
