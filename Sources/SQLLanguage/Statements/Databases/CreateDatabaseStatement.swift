import HoneyCommands
import HoneyCore
import HoneyPlan

struct CreateDatabaseStatement: CommandStatement {
    let position: SourcePosition
    let command: CreateDatabase
}

extension Parser {
    /// ["if" "not" "exists"] name ["comment" string] ["location" string] ["with" "dbproperties" properties]
    func parseCreateDatabase(at place: SourcePosition) throws -> CreateDatabaseStatement {
        let ifNotExists = try takeIfNotExists()
        var command = CreateDatabase(name: try expectName("a database name"), ifNotExists: ifNotExists)
        command.comment = try takeComment()
        command.location = try takeLocation()
        if take(.with) {
            try expect(.dbproperties)
            command.parameters = try expectProperties()
        }
        return CreateDatabaseStatement(position: place, command: command)
    }
}
