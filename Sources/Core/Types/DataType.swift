// Core is the vocabulary of the house: types, values, columns, batches, bytes, column predicates and errors.
// Everything above speaks in these words; Core itself knows no file, no query and no function.

/// A column's SQL type, as Hive has it.
public indirect enum DataType: Hashable, Sendable, Codable {
    /// The type of a bare `NULL`.
    case void
    case boolean
    case tinyint
    case smallint
    case int
    case bigint
    case float
    case double
    /// An exact decimal of up to 38 digits, `scale` of them after the point.
    case decimal(precision: Int, scale: Int)
    /// Bytes meant as UTF-8; invalid sequences are kept as they are.
    case string
    /// At most this many code points (1 to 65535).
    case varchar(Int)
    /// Exactly this many code points (1 to 255), padded with spaces; trailing spaces do not take part in comparisons.
    case char(Int)
    case binary
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    case date
    /// Nanoseconds since 1970-01-01 00:00:00 of a wall clock without a zone.
    case timestamp
    /// A count of months.
    case intervalYearMonth
    /// A count of nanoseconds.
    case intervalDayTime
    case array(DataType)
    case map(key: DataType, value: DataType)
    case structure([Field])
    /// A value of one of some types: the tag (from 0) tells of which. The branches that were not taken are null.
    case union([DataType])
}

/// A named, typed member of a struct or of a schema.
public struct Field: Hashable, Sendable, Codable {
    public var name: String
    public var type: DataType

    public init(_ name: String, _ type: DataType) {
        self.name = name
        self.type = type
    }
}

/// The ordered columns of a batch or a plan node.
public struct Schema: Hashable, Sendable, Codable {
    public var fields: [Field]

    public init(_ fields: [Field] = []) { self.fields = fields }

    /// Finds a column by name without regard to case.
    public func index(of name: String) -> Int? {
        fields.firstIndex { $0.name.lowercased() == name.lowercased() }
    }

    public var types: [DataType] { fields.map(\.type) }
}

extension DataType {
    public static let maximumDecimalPrecision = 38
    public static let maximumVarcharLength = 65535
    public static let maximumCharLength = 255
    /// A union's tag is a signed byte.
    public static let maximumUnionBranches = 127
    /// The decimal that `decimal` without arguments means.
    public static let defaultDecimal = DataType.decimal(precision: 10, scale: 0)

    public var isInteger: Bool {
        switch self {
        case .tinyint, .smallint, .int, .bigint: true
        default: false
        }
    }

    public var isDecimal: Bool { if case .decimal = self { true } else { false } }

    public var isNumeric: Bool { isInteger || isDecimal || self == .float || self == .double }

    /// Tells whether values are character strings: string, varchar or char.
    public var isText: Bool {
        switch self {
        case .string, .varchar, .char: true
        default: false
        }
    }

    public var isComplex: Bool {
        switch self {
        case .array, .map, .structure, .union: true
        default: false
        }
    }

    /// The types of a column's children, in order; a union's first child is its tag.
    public var childTypes: [DataType] {
        switch self {
        case .array(let element): [element]
        case .map(let key, let value): [key, value]
        case .structure(let fields): fields.map(\.type)
        case .union(let branches): [.tinyint] + branches
        default: []
        }
    }

    public var isInterval: Bool { self == .intervalYearMonth || self == .intervalDayTime }

    /// The integers, from narrow to wide, that hold an integer type's values exactly as decimals.
    public var integerDigits: Int? {
        switch self {
        case .tinyint: 3
        case .smallint: 5
        case .int: 10
        case .bigint: 19
        default: nil
        }
    }
}
