import HoneyCommands
import HoneyCore
import HoneyPlan

struct ShowPartitionsStatement: CommandStatement {
    let position: SourcePosition
    let command: ShowPartitions
}

extension Parser {
    /// table [partition]
    func parseShowPartitions(at place: SourcePosition) throws -> ShowPartitionsStatement {
        let table = try expectTableName()
        let partition = try takePartition()
        return ShowPartitionsStatement(position: place, command: ShowPartitions(table: table, partition: partition))
    }
}
