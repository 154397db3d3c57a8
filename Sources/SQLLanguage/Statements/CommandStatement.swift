import HoneyPlan

/// A statement whose text alone says what to do: parsing makes the command.
protocol CommandStatement: Statement {
    associatedtype Action: Command
    var command: Action { get }
}

extension CommandStatement {
    func analyze(in context: AnalysisContext) throws -> AnalyzedStatement { .command(command) }
}
