import HoneyCore

/// A schema of Avro: the type of a file's rows, with all the types it is made of.
public struct AvroSchema: Sendable {
    /// All types, which refer to each other by index.
    let types: [AvroType]
    /// The type of a row.
    let root: Int
    /// Bytes of a value, where all values of a type take the same; nil where they do not.
    let constantSizes: [Int?]

    /// Reads a schema from JSON; fails with `INVALID_SCHEMA`.
    public init(json text: String) throws {
        var parser = AvroSchemaParser()
        root = try parser.parse(try JSONValue(text), namespace: "", depth: 0)
        types = parser.types
        constantSizes = AvroSchema.constantSizes(of: types)
    }

    /// The fields of a row; fails with `INVALID_SCHEMA` when rows are not records.
    func rowFields() throws -> [AvroField] {
        guard case .record(let fields) = types[root].shape else {
            throw HoneyError.invalidSchema("rows must be records, and are of type \(types[root].title)")
        }
        return fields
    }

    /// The type beside null in a union of two, and which branch null is; nil for other types.
    func nullable(_ index: Int) -> (type: Int, nullBranch: Int)? {
        guard case .union(let branches) = types[index].shape, branches.count == 2 else { return nil }
        if isNull(branches[0]) { return (branches[1], 0) }
        return isNull(branches[1]) ? (branches[0], 1) : nil
    }

    func isNull(_ index: Int) -> Bool { if case .null = types[index].shape { true } else { false } }

    private static func constantSizes(of types: [AvroType]) -> [Int?] {
        var sizes = [Int?](repeating: nil, count: types.count)
        var isKnown = [Bool](repeating: false, count: types.count)
        // Types come after those that they are made of, but for records, which come before their fields.
        func size(_ index: Int) -> Int? {
            if isKnown[index] { return sizes[index] }
            // A record that holds itself finds no size here, and so has none.
            isKnown[index] = true
            switch types[index].shape {
            case .null: sizes[index] = 0
            case .boolean: sizes[index] = 1
            case .float: sizes[index] = 4
            case .double: sizes[index] = 8
            case .fixed(let byteCount): sizes[index] = byteCount
            case .record(let fields):
                var total = 0
                for field in fields {
                    guard let more = size(field.type), more <= AvroSchemaParser.maximumFixedBytes - total else {
                        return nil
                    }
                    total += more
                }
                sizes[index] = total
            default: break
            }
            return sizes[index]
        }
        for index in types.indices { _ = size(index) }
        return sizes
    }
}
