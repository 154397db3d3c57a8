import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowFunctionsStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowFunctions
}

extension Parser {
    /// ["like"] [pattern]
    func parseShowFunctions(at place: SourcePosition) throws -> ShowFunctionsStatement {
        ShowFunctionsStatement(position: place, command: ShowFunctions(pattern: try takePattern()))
    }
}
