import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowFilesStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowFiles
}

extension Parser {
    /// "in" table [partition]
    func parseShowFiles(at place: SourcePosition) throws -> ShowFilesStatement {
        try expect(.in)
        let table = try expectTableName()
        let partition = try takePartition()
        return ShowFilesStatement(position: place, command: ShowFiles(table: table, partition: partition))
    }
}
