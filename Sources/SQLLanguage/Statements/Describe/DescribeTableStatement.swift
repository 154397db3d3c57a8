import HoneyCommands
import HoneyCore
import HoneyPlan

struct DescribeTableStatement: CommandStatement {
    let position: SourcePosition
    let command: DescribeTable
}

extension Parser {
    /// ["extended" | "formatted"] table [partition] [column ["." part]…]
    func parseDescribeTable(at place: SourcePosition) throws -> DescribeTableStatement {
        var style = DescribeTable.Style.plain
        if take(.extended) {
            style = .extended
        } else if isAt(.formatted), isName(peek(1)) {
            advance()
            style = .formatted
        }
        var command = DescribeTable(table: try expectTableName(), style: style)
        command.partition = try takePartition()
        if isName(token) {
            command.column = [try expectName("a column name")]
            while isAt(.dot) {
                advance()
                command.column.append(try expectName("a field name"))
            }
        }
        return DescribeTableStatement(position: place, command: command)
    }
}
