/// One type of a schema; it refers to others by their index in `AvroSchema.types`, so that types may hold themselves.
struct AvroType: Sendable {
    enum Shape: Sendable {
        case null
        case boolean
        case int
        case long
        case float
        case double
        case bytes
        case string
        case fixed(byteCount: Int)
        case enumeration(symbols: [String], fallback: String?)
        case array(element: Int)
        case map(value: Int)
        case union([Int])
        case record([AvroField])
    }

    /// What a primitive's values mean.
    enum Meaning: Hashable, Sendable {
        case decimal(precision: Int, scale: Int)
        /// Days since 1970-01-01.
        case date
        /// Units since 1970-01-01 00:00:00.
        case timestamp(nanosecondsPerUnit: Int)
        /// Hive's, with the most code points that there may be.
        case char(Int)
        case varchar(Int)
    }

    var shape: Shape
    var meaning: Meaning?
    /// The full name of a record, enumeration or fixed.
    var name: String?
    /// Full names that it had before.
    var aliases: [String] = []
    var documentation: String?

    init(_ shape: Shape, meaning: Meaning? = nil, name: String? = nil) {
        self.shape = shape
        self.meaning = meaning
        self.name = name
    }

    /// What messages call it.
    var title: String {
        switch shape {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .bytes: "bytes"
        case .string: "string"
        case .fixed: "fixed"
        case .enumeration: "enum"
        case .array: "array"
        case .map: "map"
        case .union: "union"
        case .record: "record"
        }
    }
}

/// A field of a record.
struct AvroField: Sendable {
    var name: String
    /// Names that it had before.
    var aliases: [String]
    /// Index of its type.
    var type: Int
    var defaultValue: JSONValue?
    var documentation: String?
}
