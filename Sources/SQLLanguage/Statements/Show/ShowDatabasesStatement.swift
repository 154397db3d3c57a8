import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowDatabasesStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowDatabases
}

extension Parser {
    /// ["like"] [pattern]
    func parseShowDatabases(at place: SourcePosition) throws -> ShowDatabasesStatement {
        ShowDatabasesStatement(position: place, command: ShowDatabases(pattern: try takePattern()))
    }
}
