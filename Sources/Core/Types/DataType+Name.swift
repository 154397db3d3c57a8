extension DataType: CustomStringConvertible {
    /// The type as Hive writes it in DDL and in the metastore, such as `map<string,array<int>>`.
    public var name: String {
        switch self {
        case .void: "void"
        case .boolean: "boolean"
        case .tinyint: "tinyint"
        case .smallint: "smallint"
        case .int: "int"
        case .bigint: "bigint"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .string: "string"
        case .varchar(let length): "varchar(\(length))"
        case .char(let length): "char(\(length))"
        case .binary: "binary"
        case .date: "date"
        case .timestamp: "timestamp"
        case .intervalYearMonth: "interval_year_month"
        case .intervalDayTime: "interval_day_time"
        case .array(let element): "array<\(element.name)>"
        case .map(let key, let value): "map<\(key.name),\(value.name)>"
        case .structure(let fields):
            "struct<" + fields.map { "\($0.name):\($0.type.name)" }.joined(separator: ",") + ">"
        case .union(let branches): "uniontype<" + branches.map(\.name).joined(separator: ",") + ">"
        }
    }

    public var description: String { name }
}

extension DataType {
    /// Reads a type as the metastore spells it; nil when the text is not a type.
    public init?(name: String) {
        var reader = TypeNameReader(rest: Substring(name))
        guard let type = reader.readType(), reader.isAtEnd else { return nil }
        self = type
    }
}

/// Reads type names by recursive descent.
private struct TypeNameReader {
    var rest: Substring

    var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

    mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

    mutating func take(_ character: Character) -> Bool {
        skipSpaces()
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    mutating func readWord() -> String {
        skipSpaces()
        if rest.first == "`" {
            let body = rest.dropFirst().prefix { $0 != "`" }
            rest = rest.dropFirst(body.count + 2)
            return String(body)
        }
        let word = rest.prefix { !"<>(),: ".contains($0) }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    mutating func readArguments() -> [Int]? {
        guard take("(") else { return [] }
        var numbers: [Int] = []
        repeat {
            guard let number = Int(readWord()) else { return nil }
            numbers.append(number)
        } while take(",")
        return take(")") ? numbers : nil
    }

    mutating func readType() -> DataType? {
        switch readWord().lowercased() {
        case "void": return .void
        case "boolean": return .boolean
        case "tinyint": return .tinyint
        case "smallint": return .smallint
        case "int", "integer": return .int
        case "bigint": return .bigint
        case "float": return .float
        case "double": return .double
        case "string": return .string
        case "binary": return .binary
        case "date": return .date
        case "timestamp": return .timestamp
        case "interval_year_month": return .intervalYearMonth
        case "interval_day_time": return .intervalDayTime
        case "decimal", "numeric", "dec": return readDecimal()
        case "varchar": return readLength(1...DataType.maximumVarcharLength).map { .varchar($0) }
        case "char": return readLength(1...DataType.maximumCharLength).map { .char($0) }
        case "array":
            guard take("<"), let element = readType(), take(">") else { return nil }
            return .array(element)
        case "map":
            guard take("<"), let key = readType(), take(","), let value = readType(), take(">") else { return nil }
            return .map(key: key, value: value)
        case "struct": return readStructure()
        case "uniontype": return readUnion()
        default: return nil
        }
    }

    mutating func readDecimal() -> DataType? {
        guard let numbers = readArguments(), numbers.count <= 2 else { return nil }
        let precision = numbers.first ?? 10
        let scale = numbers.count == 2 ? numbers[1] : 0
        guard (1...DataType.maximumDecimalPrecision).contains(precision), (0...precision).contains(scale) else {
            return nil
        }
        return .decimal(precision: precision, scale: scale)
    }

    mutating func readLength(_ range: ClosedRange<Int>) -> Int? {
        guard let numbers = readArguments(), numbers.count == 1, range.contains(numbers[0]) else { return nil }
        return numbers[0]
    }

    mutating func readStructure() -> DataType? {
        guard take("<") else { return nil }
        if take(">") { return .structure([]) }
        var fields: [Field] = []
        repeat {
            let name = readWord()
            guard !name.isEmpty, take(":"), let type = readType() else { return nil }
            fields.append(Field(name, type))
        } while take(",")
        return take(">") ? .structure(fields) : nil
    }

    mutating func readUnion() -> DataType? {
        guard take("<") else { return nil }
        var branches: [DataType] = []
        repeat {
            guard branches.count < DataType.maximumUnionBranches, let type = readType() else { return nil }
            branches.append(type)
        } while take(",")
        return take(">") ? .union(branches) : nil
    }
}
