import HoneyCommands
import HoneyCore
import HoneyPlan

struct UseStatement: CommandStatement {
    let position: SourcePosition
    let command: UseDatabase
}

extension Parser {
    /// "use" name
    func parseUse() throws -> UseStatement {
        let place = position
        advance()
        return UseStatement(position: place, command: UseDatabase(name: try expectName("a database name")))
    }
}
