import HoneyCommands
import HoneyCore
import HoneyPlan

struct DescribeFunctionStatement: CommandStatement {
    let position: SourcePosition
    let command: DescribeFunction
}

extension Parser {
    /// ["extended"] (name | string | operator)
    func parseDescribeFunction(at place: SourcePosition) throws -> DescribeFunctionStatement {
        let isExtended = take(.extended)
        var name = dialect.folded(token.text)
        switch token.kind {
        case .word, .quotedName, .string, .symbol: advance()
        case .number, .end, .invalid: throw unexpected("the name of a function")
        }
        if isAt(.dot) {
            advance()
            name += "." + (try expectName("the name of a function"))
        }
        let command = DescribeFunction(name: name, isExtended: isExtended)
        return DescribeFunctionStatement(position: place, command: command)
    }
}
