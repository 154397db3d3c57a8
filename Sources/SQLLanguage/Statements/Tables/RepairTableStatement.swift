import HoneyCommands
import HoneyCore
import HoneyPlan

struct RepairTableStatement: CommandStatement {
    let position: SourcePosition
    let command: RepairTable
}

extension Parser {
    /// "msck" ["repair"] "table" name [partition] [("add" | "drop" | "sync") "partitions"]
    func parseRepairTable() throws -> RepairTableStatement {
        let place = position
        advance()
        let repairs = take(.repair)
        try expect(.table)
        var command = RepairTable(table: try expectTableName(), repairs: repairs)
        command.partition = try takePartition()
        if let action = take(anyOf: [.add, .drop, .sync]) {
            command.adds = action != .drop
            command.drops = action != .add
            try expect(.partitions)
        }
        return RepairTableStatement(position: place, command: command)
    }
}
