import HoneyCommands
import HoneyCore
import HoneyPlan

struct AlterDatabaseStatement: CommandStatement {
    let position: SourcePosition
    let command: AlterDatabase
}

extension Parser {
    /// name "set" ("dbproperties" properties | "owner" ("user" | "role" | "group") name | "location" string)
    func parseAlterDatabase(at place: SourcePosition) throws -> AlterDatabaseStatement {
        let name = try expectName("a database name")
        try expect(.set)
        let change: AlterDatabase.Change
        if take(.dbproperties) {
            change = .setProperties(try expectProperties())
        } else if take(.owner) {
            guard let kind = take(anyOf: [.user, .role, .group]) else { throw unexpected("'group'") }
            change = .setOwner(name: try expectName("an owner's name"), type: kind.rawValue.uppercased())
        } else {
            try expect(.location)
            change = .setLocation(try expectString("a location in quotes"))
        }
        return AlterDatabaseStatement(position: place, command: AlterDatabase(name: name, change: change))
    }
}
