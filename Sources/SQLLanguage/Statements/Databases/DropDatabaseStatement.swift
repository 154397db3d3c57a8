import HoneyCommands
import HoneyCore
import HoneyPlan

struct DropDatabaseStatement: CommandStatement {
    let position: SourcePosition
    let command: DropDatabase
}

extension Parser {
    /// ["if" "exists"] name ["restrict" | "cascade"]
    func parseDropDatabase(at place: SourcePosition) throws -> DropDatabaseStatement {
        let ifExists = try takeIfExists()
        let name = try expectName("a database name")
        let isCascade = take(anyOf: [.restrict, .cascade]) == .cascade
        return DropDatabaseStatement(
            position: place, command: DropDatabase(name: name, ifExists: ifExists, isCascade: isCascade))
    }
}
