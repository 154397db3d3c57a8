import HoneyCommands
import HoneyCore
import HoneyPlan

struct LoadDataStatement: CommandStatement {
    let position: SourcePosition
    let command: LoadData
}

extension Parser {
    /// "load" "data" ["local"] "inpath" string ["overwrite"] "into" "table" name [partition]
    func parseLoad() throws -> LoadDataStatement {
        let place = position
        advance()
        try expect(.data)
        let isLocal = take(.local)
        try expect(.inpath)
        let path = try expectString("a path in quotes")
        let isOverwrite = take(.overwrite)
        try expect(.into, .table)
        let table = try expectTableName()
        let partition = try takePartition()
        let command = LoadData(
            path: path, isLocal: isLocal, isOverwrite: isOverwrite, table: table, partition: partition)
        return LoadDataStatement(position: place, command: command)
    }
}
