import HoneyCore

/// Reads the JSON of a schema.
///
/// | JSON | type |
/// |---|---|
/// | `"int"`, `{"type": "int", "logicalType": "date"}` | a primitive |
/// | `"a.b.Name"` | a type named before |
/// | `["null", "int"]` | a union |
/// | `{"type": "array", "items": t}`, `{"type": "map", "values": t}` | of other types |
/// | `{"type": "record", "name": n, "fields": [{"name": n, "type": t, "default": v}]}` | and likewise `enum` and `fixed` |
struct AvroSchemaParser {
    /// Deeper schemas would not be read by Java either.
    static let maximumDepth = 200
    private static let maximumTypes = 100_000
    static let maximumFixedBytes = 1 << 30

    private(set) var types: [AvroType] = []
    private var named: [String: Int] = [:]

    /// Reads a type, and those in it, and returns its index.
    mutating func parse(_ json: JSONValue, namespace: String, depth: Int) throws -> Int {
        guard depth < AvroSchemaParser.maximumDepth else {
            throw HoneyError.invalidSchema("types are nested too deeply")
        }
        switch json {
        case .text(let name): return try reference(name, namespace)
        case .list(let branches): return try union(branches, namespace, depth)
        case .object: return try object(json, namespace, depth)
        default: throw HoneyError.invalidSchema("a type must be a name, a list or an object")
        }
    }

    private mutating func add(_ type: AvroType) throws -> Int {
        guard types.count < AvroSchemaParser.maximumTypes else { throw HoneyError.invalidSchema("too many types") }
        types.append(type)
        return types.count - 1
    }

    private mutating func reference(_ name: String, _ namespace: String) throws -> Int {
        if let shape = AvroSchemaParser.primitives[name] { return try add(AvroType(shape)) }
        if let index = named[AvroSchemaParser.fullName(name, in: namespace)] ?? named[name] { return index }
        throw HoneyError.invalidSchema("unknown type: \(name)")
    }

    private mutating func union(_ branches: [JSONValue], _ namespace: String, _ depth: Int) throws -> Int {
        let indices = try branches.map { try parse($0, namespace: namespace, depth: depth + 1) }
        for index in indices {
            if case .union = types[index].shape { throw HoneyError.invalidSchema("union directly in a union") }
        }
        return try add(AvroType(.union(indices)))
    }

    private mutating func object(_ json: JSONValue, _ namespace: String, _ depth: Int) throws -> Int {
        guard let kind = json["type"] else { throw HoneyError.invalidSchema("object without a type") }
        guard let name = kind.string else { return try parse(kind, namespace: namespace, depth: depth + 1) }
        switch name {
        case "array":
            guard let items = json["items"] else { throw HoneyError.invalidSchema("array without items") }
            return try add(AvroType(.array(element: try parse(items, namespace: namespace, depth: depth + 1))))
        case "map":
            guard let values = json["values"] else { throw HoneyError.invalidSchema("map without values") }
            return try add(AvroType(.map(value: try parse(values, namespace: namespace, depth: depth + 1))))
        case "record", "error": return try record(json, namespace, depth)
        case "enum":
            let shape = AvroType.Shape.enumeration(
                symbols: json["symbols"]?.strings ?? [], fallback: json["default"]?.string)
            return try define(AvroType(shape), json, namespace).index
        case "fixed":
            guard let size = json["size"]?.integer, (0...AvroSchemaParser.maximumFixedBytes).contains(size) else {
                throw HoneyError.invalidSchema("fixed without a size")
            }
            let shape = AvroType.Shape.fixed(byteCount: size)
            return try define(AvroType(shape, meaning: .init(json, of: shape)), json, namespace).index
        default:
            guard let shape = AvroSchemaParser.primitives[name] else { return try reference(name, namespace) }
            return try add(AvroType(shape, meaning: .init(json, of: shape)))
        }
    }

    /// Adds a named type, and returns the namespace that is usual within it.
    private mutating func define(
        _ type: AvroType, _ json: JSONValue, _ namespace: String
    ) throws -> (index: Int, namespace: String) {
        guard let name = json["name"]?.string, !name.isEmpty else {
            throw HoneyError.invalidSchema("\(type.title) without a name")
        }
        let full = AvroSchemaParser.fullName(name, in: json["namespace"]?.string ?? namespace)
        let inner = full.lastIndex(of: ".").map { String(full[..<$0]) } ?? ""
        var type = type
        type.name = full
        type.aliases = json["aliases"]?.strings.map { AvroSchemaParser.fullName($0, in: inner) } ?? []
        type.documentation = json["doc"]?.string
        guard named[full] == nil else { throw HoneyError.invalidSchema("type is defined twice: \(full)") }
        let index = try add(type)
        named[full] = index
        return (index, inner)
    }

    private mutating func record(_ json: JSONValue, _ namespace: String, _ depth: Int) throws -> Int {
        guard let members = json["fields"]?.elements else { throw HoneyError.invalidSchema("record without fields") }
        // Defined before its fields, whose types may be the record's own.
        let (index, inner) = try define(AvroType(.record([])), json, namespace)
        var fields: [AvroField] = []
        var names: Set<String> = []
        for member in members {
            guard let name = member["name"]?.string, let type = member["type"] else {
                throw HoneyError.invalidSchema("field without a name or a type")
            }
            guard names.insert(name).inserted else { throw HoneyError.invalidSchema("two fields of one name: \(name)") }
            fields.append(
                AvroField(
                    name: name, aliases: member["aliases"]?.strings ?? [],
                    type: try parse(type, namespace: inner, depth: depth + 1), defaultValue: member["default"],
                    documentation: member["doc"]?.string))
        }
        types[index].shape = .record(fields)
        return index
    }

    private static func fullName(_ name: String, in namespace: String) -> String {
        name.contains(".") || namespace.isEmpty ? name : "\(namespace).\(name)"
    }

    static let primitives: [String: AvroType.Shape] = [
        "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double,
        "bytes": .bytes, "string": .string,
    ]
}

extension AvroType.Meaning {
    /// Reads a type's `logicalType`; nil when there is none, and when it does not suit the type: such are ignored.
    init?(_ json: JSONValue, of shape: AvroType.Shape) {
        guard let name = json["logicalType"]?.string else { return nil }
        switch (name, shape) {
        case ("decimal", .bytes), ("decimal", .fixed):
            let scale = json["scale"]?.integer ?? 0
            guard let precision = json["precision"]?.integer, precision > 0, (0...precision).contains(scale),
                scale <= DataType.maximumDecimalPrecision
            else { return nil }
            self = .decimal(precision: min(precision, DataType.maximumDecimalPrecision), scale: scale)
        case ("date", .int): self = .date
        case ("timestamp-millis", .long), ("local-timestamp-millis", .long):
            self = .timestamp(nanosecondsPerUnit: 1_000_000)
        case ("timestamp-micros", .long), ("local-timestamp-micros", .long):
            self = .timestamp(nanosecondsPerUnit: 1000)
        case ("timestamp-nanos", .long), ("local-timestamp-nanos", .long): self = .timestamp(nanosecondsPerUnit: 1)
        case ("char", .string):
            guard let length = json["maxLength"]?.integer, (1...DataType.maximumCharLength).contains(length) else {
                return nil
            }
            self = .char(length)
        case ("varchar", .string):
            guard let length = json["maxLength"]?.integer, (1...DataType.maximumVarcharLength).contains(length) else {
                return nil
            }
            self = .varchar(length)
        // Times of day, UUIDs and durations are their numbers, text and bytes, as in Hive.
        default: return nil
        }
    }
}
