import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowTablesStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowTables
}

extension Parser {
    /// [("in" | "from") database] ["like"] [pattern]
    func parseShowTables(at place: SourcePosition, onlyViews: Bool) throws -> ShowTablesStatement {
        let database = try takeDatabase()
        let command = ShowTables(database: database, pattern: try takePattern(), kind: onlyViews ? .view : nil)
        return ShowTablesStatement(position: place, command: command)
    }
}
