import HoneyCatalog
import HoneyCommands
import HoneyCore

/// The clauses that several statements share.
extension Parser {
    /// name | database "." name
    func expectTableName() throws -> TableName {
        let place = position
        let parts = try expectQualifiedName("a table name")
        return TableName(database: parts.count == 2 ? parts[0] : nil, parts[parts.count - 1], at: place)
    }

    /// "(" string "=" string, … ")"
    func expectProperties() throws -> [String: String] {
        var properties: [String: String] = [:]
        _ = try parenthesizedList {
            let place = position
            let key = try expectString("a property name in quotes")
            try expect(.equal)
            let value = try expectString("a property value in quotes")
            guard properties.updateValue(value, forKey: key) == nil else {
                throw failed("a property is given twice: \(key)", at: place)
            }
        }
        return properties
    }

    /// name type ["comment" string]
    func parseColumn() throws -> TableColumn {
        switch token.keyword {
        case .primary, .foreign, .constraint: throw unsupported("constraints")
        default: break
        }
        let name = try expectName("a column name")
        let type = try parseType()
        return TableColumn(name, type, comment: try takeComment())
    }

    func takeComment() throws -> String? { take(.comment) ? try expectString("a comment in quotes") : nil }

    func takeLocation() throws -> String? { take(.location) ? try expectString("a location in quotes") : nil }

    // MARK: Partitions

    /// "partition" "(" name "=" constant, … ")"
    func expectPartition() throws -> [PartitionValue] {
        try expect(.partition)
        return try expectPartitionItems(mayLackValues: false).map(\.value)
    }

    func takePartition() throws -> [PartitionValue] { isAt(.partition) ? try expectPartition() : [] }

    /// "(" name ["=" constant], … ")"
    func expectPartitionItems(mayLackValues: Bool) throws -> [(value: PartitionValue, position: SourcePosition)] {
        var keys: Set<String> = []
        return try parenthesizedList {
            let place = position
            let key = try expectName("a partition column")
            guard keys.insert(key).inserted else {
                throw failed("a partition column is given twice: \(key)", at: place)
            }
            guard take(.doubleEqual) || take(.equal) else {
                guard mayLackValues else { throw unexpected("'='") }
                return (PartitionValue(key, nil), place)
            }
            return (PartitionValue(key, try expectPartitionConstant()), place)
        }
    }

    /// "partition" "(" name comparison constant, … ")"
    func expectPartitionConditions() throws -> [PartitionCondition] {
        try expect(.partition)
        return try parenthesizedList {
            let key = try expectName("a partition column")
            guard let comparison = partitionComparison else { throw unexpected("a comparison such as '=' or '<'") }
            advance()
            return PartitionCondition(key, comparison, try expectPartitionConstant())
        }
    }

    private var partitionComparison: PartitionCondition.Comparison? {
        switch token.symbol {
        case .equal, .doubleEqual: .equal
        case .notEqual, .bangEqual: .notEqual
        case .leftAngle: .less
        case .lessOrEqual: .lessOrEqual
        case .rightAngle: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }

    /// Takes a constant and returns its text: a string, a number, `true`, `false`, `date '…'` or `timestamp '…'`.
    private func expectPartitionConstant() throws -> String {
        if token.kind == .string { return try expectString("a constant") }
        if isAt(.date) || isAt(.timestamp), peek(1).kind == .string {
            advance()
            return try expectString("a constant")
        }
        if isAt(.true) || isAt(.false) {
            defer { advance() }
            return token.text.lowercased()
        }
        let isNegative = isAt(.minusSign) && peek(1).kind == .number
        guard isNegative || token.kind == .number else { throw unexpected("a constant") }
        if isNegative { advance() }
        defer { advance() }
        return (isNegative ? "-" : "") + token.text.filter { !"LlSsYyBbDd".contains($0) }
    }

    // MARK: Storage

    /// "stored" "as" (name | "inputformat" string "outputformat" string ["serde" string])
    func parseStored() throws -> FileFormatClause {
        try expect(.stored)
        if isAt(.by) { throw unsupported("storage handlers") }
        try expect(.as)
        return try parseFileFormat()
    }

    /// name | "inputformat" string "outputformat" string ["serde" string]
    func parseFileFormat() throws -> FileFormatClause {
        guard isAt(.inputformat), peek(1).kind == .string else {
            return .keyword(try expectName("a file format such as textfile, sequencefile or rcfile").uppercased())
        }
        advance()
        let input = try expectString("a class name in quotes")
        try expect(.outputformat)
        let output = try expectString("a class name in quotes")
        let serde = take(.serde) ? try expectString("a class name in quotes") : nil
        return .classes(input: input, output: output, serde: serde)
    }

    /// "row" "format" ("delimited" delimiters | "serde" string ["with" "serdeproperties" properties])
    func parseRowFormat() throws -> RowFormat {
        try expect(.row, .format)
        if take(.delimited) { return .delimited(try parseDelimiters()) }
        try expect(.serde)
        let serde = try expectString("a class name in quotes")
        // What else may follow `with` is a query's.
        guard isAt(.with, .serdeproperties), peek(2).symbol == .leftParen, peek(3).kind == .string else {
            return .serde(serde, properties: [:])
        }
        try expect(.with, .serdeproperties)
        return .serde(serde, properties: try expectProperties())
    }

    /// ["fields" …] ["collection" "items" …] ["map" "keys" …] ["lines" …] ["null" "defined" "as" string]
    private func parseDelimiters() throws -> DelimitedRowFormat {
        var format = DelimitedRowFormat()
        if take(.fields) {
            format.fieldDelimiter = try expectTerminator()
            if take(.escaped) {
                try expect(.by)
                format.escape = try expectString("a character in quotes")
            }
        }
        if take(.collection) {
            try expect(.items)
            format.collectionDelimiter = try expectTerminator()
        }
        if take(.map) {
            try expect(.keys)
            format.mapKeyDelimiter = try expectTerminator()
        }
        if take(.lines) { format.lineDelimiter = try expectTerminator() }
        if take(.null) {
            try expect(.defined, .as)
            format.nullFormat = try expectString("a text in quotes")
        }
        return format
    }

    private func expectTerminator() throws -> String {
        try expect(.terminated, .by)
        return try expectString("a delimiter in quotes")
    }

    /// "clustered" "by" columns ["sorted" "by" "(" column ["asc" | "desc"], … ")"] "into" n "buckets"
    func parseBucketing() throws -> BucketingClause {
        try expect(.clustered, .by)
        let columns = try expectNameList("a column name")
        var sortKeys: [BucketingClause.SortKey] = []
        if take(.sorted) {
            try expect(.by)
            sortKeys = try parenthesizedList {
                let column = try expectName("a column name")
                return .init(column, isAscending: take(anyOf: [.asc, .desc]) != .desc)
            }
        }
        try expect(.into)
        let count = try expectInteger("the number of buckets", in: 1...Int(Int32.max))
        try expect(.buckets)
        return BucketingClause(columns: columns, sortKeys: sortKeys, count: count)
    }
}
