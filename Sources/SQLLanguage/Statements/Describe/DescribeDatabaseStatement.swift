import HoneyCommands
import HoneyCore
import HoneyPlan

struct DescribeDatabaseStatement: CommandStatement {
    let position: SourcePosition
    let command: DescribeDatabase
}

extension Parser {
    /// ["extended"] name
    func parseDescribeDatabase(at place: SourcePosition) throws -> DescribeDatabaseStatement {
        let isExtended = take(.extended)
        let command = DescribeDatabase(name: try expectName("a database name"), isExtended: isExtended)
        return DescribeDatabaseStatement(position: place, command: command)
    }
}
