import HoneyCore
import HoneyPlan

extension Parser {
    /// ("describe" | "desc") (database | function | table)
    func parseDescribe() throws -> any Statement {
        let place = position
        advance()
        if take(.database) { return try parseDescribeDatabase(at: place) }
        if isAt(.schema), peek(1).keyword == .extended || isName(peek(1)) {
            advance()
            return try parseDescribeDatabase(at: place)
        }
        if take(.function) { return try parseDescribeFunction(at: place) }
        return try parseDescribeTable(at: place)
    }
}
