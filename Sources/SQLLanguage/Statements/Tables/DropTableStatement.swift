import HoneyCommands
import HoneyCore
import HoneyPlan

struct DropTableStatement: CommandStatement {
    let position: SourcePosition
    let command: DropTable
}

extension Parser {
    /// ["if" "exists"] name ["purge"]
    func parseDropTable(at place: SourcePosition, dropsView: Bool) throws -> DropTableStatement {
        let ifExists = try takeIfExists()
        let name = try expectTableName()
        // There is no trash that files could go to instead.
        if !dropsView { _ = take(.purge) }
        return DropTableStatement(
            position: place, command: DropTable(name: name, ifExists: ifExists, dropsView: dropsView))
    }
}
