import HoneyCore

/// How a leaf's values are stored.
enum StoredType: Int {
    case boolean, int32, int64, int96, float, double, byteArray, fixedLengthByteArray

    /// The name in the format's own words.
    var name: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int32: "INT32"
        case .int64: "INT64"
        case .int96: "INT96"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .byteArray: "BYTE_ARRAY"
        case .fixedLengthByteArray: "FIXED_LEN_BYTE_ARRAY"
        }
    }
}

enum Repetition: Int {
    case required, optional, repeated
}

/// What stored values mean: the newer logical type, or the older converted type where there is none.
enum Annotation: Equatable {
    enum Unit: Int {
        case milliseconds = 1
        case microseconds, nanoseconds

        var nanoseconds: Int64 {
            switch self {
            case .milliseconds: 1_000_000
            case .microseconds: 1000
            case .nanoseconds: 1
            }
        }
    }

    case none
    case string, enumeration, json, bson, uuid, float16, date, interval
    case list, map, mapKeyValue
    case decimal(precision: Int, scale: Int)
    case time(Unit)
    case timestamp(Unit)
    case integer(bits: Int, isSigned: Bool)

    /// The meaning of a converted type.
    init(converted: Int, precision: Int, scale: Int) {
        switch converted {
        case 0: self = .string
        case 1: self = .map
        case 2: self = .mapKeyValue
        case 3: self = .list
        case 4: self = .enumeration
        case 5: self = .decimal(precision: precision, scale: scale)
        case 6: self = .date
        case 7: self = .time(.milliseconds)
        case 8: self = .time(.microseconds)
        case 9: self = .timestamp(.milliseconds)
        case 10: self = .timestamp(.microseconds)
        case 11...14: self = .integer(bits: 8 << (converted - 11), isSigned: false)
        case 15...18: self = .integer(bits: 8 << (converted - 15), isSigned: true)
        case 19: self = .json
        case 20: self = .bson
        case 21: self = .interval
        default: self = .none
        }
    }
}

/// A node of the schema as the footer lists them, parents before children.
///
/// ```
/// 1 type   2 type_length   3 repetition   4 name   5 num_children   6 converted_type   7 scale   8 precision
/// 9 field_id   10 logical type (union: 1 string, 2 map, 3 list, 4 enum, 5 decimal {1 scale, 2 precision}, 6 date,
///              7 time and 8 timestamp {1 is utc, 2 unit {1 | 2 | 3}}, 10 integer {1 bits, 2 signed}, 11 unknown, 12 json,
///              13 bson, 14 uuid, 15 float16)
/// ```
struct SchemaElement {
    var type: StoredType?
    var typeLength = 0
    var repetition = Repetition.required
    var name = ""
    var childCount = 0
    var annotation = Annotation.none

    init(_ reader: inout CompactReader) throws {
        var last = 0
        var converted: Int?
        var scale = 0
        var precision = 0
        var logical: Annotation?
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32):
                let code = try reader.integer()
                guard let known = StoredType(rawValue: code) else {
                    throw HoneyError(
                        .data, "UNSUPPORTED_FILE", "unknown storage type in Parquet schema (0 to 7 are known): \(code)")
                }
                type = known
            case (2, .int32): typeLength = try reader.count()
            case (3, .int32):
                let code = try reader.integer()
                guard let known = Repetition(rawValue: code) else {
                    throw HoneyError(.data, "FILE_DAMAGED", "repetition of a schema element is none: \(code)")
                }
                repetition = known
            case (4, .binary): name = try reader.string()
            case (5, .int32): childCount = try reader.count()
            case (6, .int32): converted = try reader.integer()
            case (7, .int32): scale = try reader.integer()
            case (8, .int32): precision = try reader.integer()
            case (10, .structure): logical = try SchemaElement.logical(&reader)
            default: try reader.skip(field.type)
            }
        }
        annotation =
            logical ?? converted.map { Annotation(converted: $0, precision: precision, scale: scale) } ?? .none
    }

    init(_ name: String) { self.name = name }

    private static func logical(_ reader: inout CompactReader) throws -> Annotation? {
        var last = 0
        var annotation: Annotation?
        while let field = try reader.field(after: &last) {
            guard field.type == .structure else {
                try reader.skip(field.type)
                continue
            }
            let (first, second, unit) = try members(&reader)
            switch field.id {
            case 1: annotation = .string
            case 2: annotation = .map
            case 3: annotation = .list
            case 4: annotation = .enumeration
            case 5: annotation = .decimal(precision: second, scale: first)
            case 6: annotation = .date
            case 7: annotation = Annotation.Unit(rawValue: unit).map { .time($0) }
            case 8: annotation = Annotation.Unit(rawValue: unit).map { .timestamp($0) }
            case 10: annotation = .integer(bits: first, isSigned: second != 0)
            case 12: annotation = .json
            case 13: annotation = .bson
            case 14: annotation = .uuid
            case 15: annotation = .float16
            default: break
            }
        }
        return annotation
    }

    /// The first two members of a logical type as numbers, and which member its unit has.
    private static func members(_ reader: inout CompactReader) throws -> (Int, Int, unit: Int) {
        var last = 0
        var values = [0, 0]
        var unit = 0
        while let field = try reader.field(after: &last) {
            let isMember = field.id == 1 || field.id == 2
            switch field.type {
            case .isTrue where isMember: values[field.id - 1] = 1
            case .byte where isMember: values[field.id - 1] = Int(Int8(bitPattern: try reader.byte()))
            case .int32 where isMember: values[field.id - 1] = try reader.integer()
            case .structure where field.id == 2:
                var inner = 0
                while let member = try reader.field(after: &inner) {
                    unit = member.id
                    try reader.skip(member.type)
                }
            default: try reader.skip(field.type)
            }
        }
        return (values[0], values[1], unit)
    }

    /// Writes the element with both its logical and its converted type.
    func write(to writer: inout CompactWriter) {
        writer.field(1, int32: type?.rawValue)
        writer.field(2, int32: type == .fixedLengthByteArray ? typeLength : nil)
        // The root has no repetition.
        writer.field(3, int32: isRoot ? nil : repetition.rawValue)
        writer.field(4, string: name)
        writer.field(5, int32: type == nil ? childCount : nil)
        writer.field(6, int32: convertedCode)
        if case .decimal(let precision, let scale) = annotation {
            writer.field(7, int32: scale)
            writer.field(8, int32: precision)
        }
        if let logicalCode {
            writer.field(10) { union in
                union.field(logicalCode) { logical in
                    switch annotation {
                    case .decimal(let precision, let scale):
                        logical.field(1, int32: scale)
                        logical.field(2, int32: precision)
                    case .integer(let bits, let isSigned):
                        logical.field(1, byte: bits)
                        logical.field(2, flag: isSigned)
                    case .time(let unit), .timestamp(let unit):
                        logical.field(1, flag: false)
                        logical.field(2) { union in union.field(unit.rawValue) { _ in } }
                    default: break
                    }
                }
            }
        }
    }

    var isRoot = false

    private var convertedCode: Int? {
        switch annotation {
        case .string: 0
        case .map: 1
        case .mapKeyValue: 2
        case .list: 3
        case .enumeration: 4
        case .decimal: 5
        case .date: 6
        case .time(.milliseconds): 7
        case .time(.microseconds): 8
        case .timestamp(.milliseconds): 9
        case .timestamp(.microseconds): 10
        case .integer(let bits, let isSigned): (isSigned ? 15 : 11) + bits.trailingZeroBitCount - 3
        case .json: 19
        case .bson: 20
        case .interval: 21
        case .none, .uuid, .float16, .time(.nanoseconds), .timestamp(.nanoseconds): nil
        }
    }

    private var logicalCode: Int? {
        switch annotation {
        case .string: 1
        case .map: 2
        case .list: 3
        case .enumeration: 4
        case .decimal: 5
        case .date: 6
        case .time: 7
        case .timestamp: 8
        case .integer: 10
        case .json: 12
        case .bson: 13
        case .uuid: 14
        case .float16: 15
        case .none, .mapKeyValue, .interval: nil
        }
    }
}
