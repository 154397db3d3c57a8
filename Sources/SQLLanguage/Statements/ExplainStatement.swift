import HoneyCommands
import HoneyCore
import HoneyPlan

/// `explain [extended] statement`: the plan of a query, or of the query in a statement that writes.
struct ExplainStatement: Statement {
    let position: SourcePosition
    let isExtended: Bool
    let statement: any Statement

    func analyze(in context: AnalysisContext) throws -> AnalyzedStatement {
        switch try statement.analyze(in: context) {
        case .query(let plan): return explained(plan)
        case .explain: throw refused("an explanation cannot be explained")
        case .command(let command):
            guard let querying = command as? any QueryingCommand else {
                throw refused("this statement has no plan: only queries and what writes their rows can be explained")
            }
            guard querying.queries.count == 1 else { throw refused("only one insert at a time can be explained") }
            return explained(querying.queries[0])
        }
    }

    private func explained(_ plan: LogicalPlan) -> AnalyzedStatement {
        .explain(AnalyzedExplain(plan: plan, isExtended: isExtended))
    }

    private func refused(_ message: String) -> HoneyError {
        HoneyError(.semantic, "NOT_EXPLAINABLE", message, at: statement.position)
    }
}

extension Parser {
    /// "explain" ["extended" | "formatted" | "logical"]… statement
    func parseExplain() throws -> ExplainStatement {
        let place = position
        advance()
        var isExtended = false
        while let option = take(anyOf: [.extended, .formatted, .logical]) {
            isExtended = isExtended || option == .extended
        }
        switch token.keyword {
        case .dependency, .authorization, .rewrite, .locks, .analyze:
            throw unsupported("'explain \(token.text.lowercased())' statements")
        case nil where ["vectorization", "cbo", "ast", "reoptimization"].contains(token.text.lowercased()):
            throw unsupported("'explain \(token.text.lowercased())' statements")
        case .explain: throw failed("an explanation cannot be explained")
        default: break
        }
        return ExplainStatement(position: place, isExtended: isExtended, statement: try parseStatement())
    }
}
