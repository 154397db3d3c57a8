import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowColumnsStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowColumns
}

extension Parser {
    /// ("in" | "from") table [("in" | "from") database] ["like"] [pattern]
    func parseShowColumns(at place: SourcePosition) throws -> ShowColumnsStatement {
        guard take(.in) || take(.from) else { throw unexpected("'from'") }
        var table = try expectTableName()
        let databasePlace = position
        if let database = try takeDatabase() {
            guard table.database == nil else { throw failed("the database is named twice", at: databasePlace) }
            table = TableName(database: database, table.name, at: table.position)
        }
        return ShowColumnsStatement(position: place, command: ShowColumns(table: table, pattern: try takePattern()))
    }
}
