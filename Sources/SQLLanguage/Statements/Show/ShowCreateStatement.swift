import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowCreateTableStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowCreateTable
}

struct ShowCreateDatabaseStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowCreateDatabase
}

extension Parser {
    /// "table" name | ("database" | "schema") name
    func parseShowCreate(at place: SourcePosition) throws -> any Statement {
        if take(.database) || take(.schema) {
            let command = ShowCreateDatabase(name: try expectName("a database name"))
            return ShowCreateDatabaseStatement(position: place, command: command)
        }
        try expect(.table)
        return ShowCreateTableStatement(position: place, command: ShowCreateTable(table: try expectTableName()))
    }
}
