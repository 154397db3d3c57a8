import HoneyCatalog
import HoneyCore

/// The schema that Hive gives the files of a table, made of its columns: every type may be null, and is so by default.
///
/// | column | type |
/// |---|---|
/// | tinyint, smallint, int | int |
/// | decimal(p,s) | bytes, `decimal` |
/// | char(n), varchar(n) | string, `char` and `varchar` with `maxLength` |
/// | date | int, `date` |
/// | timestamp | long, `timestamp-millis` |
/// | struct | a record, called `record_0` and so on in the order in which they end |
struct HiveSchema {
    private var recordCount = 0
    private let namespace: String

    /// Writes the JSON for columns; properties may name the record: `avro.schema.name`, `avro.schema.namespace`,
    /// `avro.schema.doc`; otherwise it is called as the table (`database.table`) is, if Avro allows that name. Fails with
    /// `UNSUPPORTED_TYPE` and `INVALID_NAME`.
    static func json(
        for columns: [TableColumn], tableName: String?, properties: [String: String]
    ) throws -> String {
        let given = properties["avro.schema.name"].flatMap { $0.isEmpty ? nil : $0 }
        let name = given ?? tableName.flatMap { $0.split(separator: ".").allSatisfy(isName) ? $0 : nil } ?? "baseRecord"
        // A name with a point brings its namespace along.
        let point = name.lastIndex(of: ".")
        let space = point.map { String(name[..<$0]) } ?? properties["avro.schema.namespace"] ?? ""
        var schema = HiveSchema(namespace: properties["avro.schema.namespace"] ?? "")
        let fields = try columns.map { column in
            try schema.field(column.name, column.type, documentation: column.comment, enclosing: space)
        }
        let bare = point.map { String(name[name.index(after: $0)...]) } ?? name
        return record(
            try checked(bare), namespace: space.isEmpty ? nil : space, documentation: properties["avro.schema.doc"],
            fields)
    }

    private init(namespace: String) { self.namespace = namespace }

    private static func record(
        _ name: String, namespace: String?, documentation: String?, _ fields: [String]
    ) -> String {
        var text = "{\"type\":\"record\",\"name\":\(quoted(name))"
        if let namespace { text += ",\"namespace\":\(quoted(namespace))" }
        if let documentation { text += ",\"doc\":\(quoted(documentation))" }
        return text + ",\"fields\":[\(fields.joined(separator: ","))]}"
    }

    private mutating func field(
        _ name: String, _ type: DataType, documentation: String?, enclosing: String
    ) throws -> String {
        let body = try nullable(type, enclosing, name)
        let comment = documentation.map { ",\"doc\":\(HiveSchema.quoted($0))" } ?? ""
        return
            "{\"name\":\(HiveSchema.quoted(try HiveSchema.checked(name))),\"type\":\(body)\(comment),\"default\":null}"
    }

    private mutating func nullable(_ type: DataType, _ enclosing: String, _ path: String) throws -> String {
        if type == .void { return "\"null\"" }
        guard case .union(let members) = type else { return "[\"null\",\(try self.type(type, enclosing, path))]" }
        let kinds = members.compactMap { HiveSchema.kind($0) }
        guard Set(kinds).count == kinds.count else {
            throw unsupported(type, path, "unions hold no two types that Avro stores alike")
        }
        let texts = try members.map { try self.type($0, enclosing, path) }
        return "[\"null\",\(texts.joined(separator: ","))]"
    }

    /// What Avro tells the branches of a union apart by; nil for records, which have names.
    private static func kind(_ type: DataType) -> String? {
        switch type {
        case .tinyint, .smallint, .int, .date: "int"
        case .bigint, .timestamp: "long"
        case .string, .varchar, .char: "string"
        case .binary, .decimal: "bytes"
        case .array: "array"
        case .map: "map"
        case .structure: nil
        default: type.name
        }
    }

    private mutating func type(_ type: DataType, _ enclosing: String, _ path: String) throws -> String {
        switch type {
        case .void: return "\"null\""
        case .boolean: return "\"boolean\""
        case .tinyint, .smallint, .int: return "\"int\""
        case .bigint: return "\"long\""
        case .float: return "\"float\""
        case .double: return "\"double\""
        case .string: return "\"string\""
        case .binary: return "\"bytes\""
        case .varchar(let length): return HiveSchema.logical("string", "varchar", ",\"maxLength\":\(length)")
        case .char(let length): return HiveSchema.logical("string", "char", ",\"maxLength\":\(length)")
        case .decimal(let precision, let scale):
            return HiveSchema.logical("bytes", "decimal", ",\"precision\":\(precision),\"scale\":\(scale)")
        case .date: return HiveSchema.logical("int", "date")
        case .timestamp: return HiveSchema.logical("long", "timestamp-millis")
        case .array(let element): return "{\"type\":\"array\",\"items\":\(try nullable(element, enclosing, path))}"
        case .map(let key, let value):
            guard key == .string else { throw unsupported(type, path, "maps must have string keys") }
            return "{\"type\":\"map\",\"values\":\(try nullable(value, enclosing, path))}"
        case .structure(let members):
            let fields = try members.map {
                try field($0.name, $0.type, documentation: $0.type.name, enclosing: namespace)
            }
            defer { recordCount += 1 }
            return HiveSchema.record(
                "record_\(recordCount)", namespace: namespace == enclosing ? nil : namespace,
                documentation: type.name, fields)
        case .union: throw unsupported(type, path, "unions are not held by unions")
        case .intervalYearMonth, .intervalDayTime: throw unsupported(type, path, "intervals are not stored")
        }
    }

    private static func logical(_ type: String, _ name: String, _ attributes: String = "") -> String {
        "{\"type\":\"\(type)\",\"logicalType\":\"\(name)\"\(attributes)}"
    }

    private func unsupported(_ type: DataType, _ path: String, _ reason: String) -> HoneyError {
        HoneyError(
            .semantic, "UNSUPPORTED_TYPE", "column has a type that Avro does not hold (\(reason)): \(path) \(type)")
    }

    /// Avro's names are letters, digits and underscores, no digit first.
    private static func isName(_ text: some StringProtocol) -> Bool {
        let isSpelledSo = text.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
        return isSpelledSo && !text.isEmpty
    }

    private static func checked(_ name: String) throws -> String {
        guard isName(name) else {
            throw HoneyError(
                .semantic, "INVALID_NAME", "not a name of Avro (letters, digits and underscores only): \(name)")
        }
        return name
    }

    /// A text in JSON's quotes.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
