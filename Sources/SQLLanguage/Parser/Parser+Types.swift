import HoneyCore

extension Parser {
    /// type = primitive | "array" "<" type ">" | "map" "<" primitive "," type ">" | "struct" "<" fields ">" | "uniontype" "<" types ">"
    func parseType() throws -> DataType {
        try nested {
            if let type = try takeSimpleType() { return type }
            switch token.keyword {
            case .double:
                advance()
                _ = take(.precision)
                return .double
            case .decimal, .numeric, .dec:
                advance()
                return try parseDecimal()
            case .varchar: return .varchar(try parseLength(in: 1...DataType.maximumVarcharLength))
            case .char: return .char(try parseLength(in: 1...DataType.maximumCharLength))
            case .array:
                advance()
                return .array(try parseAngled { try parseType() })
            case .map:
                advance()
                return try parseAngled {
                    let key = try parseType()
                    try expect(.comma)
                    return .map(key: key, value: try parseType())
                }
            case .struct:
                advance()
                return .structure(try parseAngled { try list { try parseField() } })
            case .uniontype:
                advance()
                return .union(try parseBranches())
            default: throw unknownType()
            }
        }
    }

    private func takeSimpleType() throws -> DataType? {
        let type: DataType? =
            switch token.keyword {
            case .boolean: .boolean
            case .tinyint: .tinyint
            case .smallint: .smallint
            case .int, .integer: .int
            case .bigint: .bigint
            case .float: .float
            case .string: .string
            case .binary: .binary
            case .date: .date
            case .timestamp: .timestamp
            default: nil
            }
        if type != nil { advance() }
        if type == .timestamp, isAt(.with, .local) { throw unsupported("timestamps with local time zone") }
        return type
    }

    private func unknownType() -> HoneyError {
        guard token.isWord else { return unexpected("a type") }
        let names = [
            "boolean", "tinyint", "smallint", "int", "integer", "bigint", "float", "double", "decimal", "string",
            "varchar", "char", "binary", "date", "timestamp", "array", "map", "struct", "uniontype",
        ]
        return failed(
            "expected a type but found \(token.described)" + SpellingSuggestion.hint(for: token.text, in: names))
    }

    private func parseAngled<Result>(_ rule: () throws -> Result) throws -> Result {
        try expect(.leftAngle)
        let result = try rule()
        try expect(.rightAngle)
        return result
    }

    private func parseBranches() throws -> [DataType] {
        let branches = try parseAngled { try list { try parseType() } }
        guard branches.count <= DataType.maximumUnionBranches else {
            throw failed("a union has too many types: \(branches.count) (most: \(DataType.maximumUnionBranches))")
        }
        return branches
    }

    /// field = name ":" type ["comment" string]
    private func parseField() throws -> Field {
        let name = try expectName("a field name")
        try expect(.colon)
        let type = try parseType()
        if take(.comment) { _ = try expectString("a comment") }
        return Field(name, type)
    }

    /// ["(" precision ["," scale] ")"]
    private func parseDecimal() throws -> DataType {
        guard take(.leftParen) else { return DataType.defaultDecimal }
        let precision = try expectInteger("the precision", in: 1...DataType.maximumDecimalPrecision)
        let scale = take(.comma) ? try expectInteger("the scale", in: 0...precision) : 0
        try expect(.rightParen)
        return .decimal(precision: precision, scale: scale)
    }

    private func parseLength(in range: ClosedRange<Int>) throws -> Int {
        advance()
        try expect(.leftParen)
        let length = try expectInteger("the length", in: range)
        try expect(.rightParen)
        return length
    }
}
