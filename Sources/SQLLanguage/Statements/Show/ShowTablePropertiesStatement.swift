import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowTablePropertiesStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowTableProperties
}

extension Parser {
    /// table ["(" string ")"]
    func parseShowTableProperties(at place: SourcePosition) throws -> ShowTablePropertiesStatement {
        var command = ShowTableProperties(table: try expectTableName())
        if take(.leftParen) {
            command.key = try expectString("a property name in quotes")
            try expect(.rightParen)
        }
        return ShowTablePropertiesStatement(position: place, command: command)
    }
}
