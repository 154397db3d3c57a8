import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowTableExtendedStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowTableExtended
}

extension Parser {
    /// "extended" [("in" | "from") database] "like" pattern [partition]
    func parseShowTableExtended(at place: SourcePosition) throws -> ShowTableExtendedStatement {
        try expect(.extended)
        let database = try takeDatabase()
        guard isAt(.like) else { throw unexpected("'like'") }
        guard let pattern = try takePattern() else { throw unexpected("a pattern in quotes") }
        let command = ShowTableExtended(database: database, pattern: pattern, partition: try takePartition())
        return ShowTableExtendedStatement(position: place, command: command)
    }
}
