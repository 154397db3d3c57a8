import HoneyCommands
import HoneyCore
import HoneyPlan

struct TruncateTableStatement: CommandStatement {
    let position: SourcePosition
    let command: TruncateTable
}

extension Parser {
    /// "truncate" "table" name [partition]
    func parseTruncate() throws -> TruncateTableStatement {
        let place = position
        advance()
        try expect(.table)
        let table = try expectTableName()
        let partition = try takePartition()
        if isAt(.columns) { throw unsupported("truncated columns") }
        return TruncateTableStatement(position: place, command: TruncateTable(table: table, partition: partition))
    }
}
