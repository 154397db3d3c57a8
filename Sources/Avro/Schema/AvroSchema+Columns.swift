public import HoneyCatalog
import HoneyCore

extension AvroSchema {
    /// The most types, counted again wherever they are named, that a column may be made of.
    private static let maximumNestedTypes = 100_000

    /// Makes the columns that a table of this schema has: its fields, as Hive derives them from `avro.schema.literal`.
    ///
    /// Names become lower-case and fields' documentation comments. Fails with `INVALID_SCHEMA` when rows are no records, and with
    /// `UNSUPPORTED_SCHEMA` for types that no column has: records that hold themselves.
    public func columns() throws -> [TableColumn] {
        try rowFields().map { field in
            TableColumn(
                field.name.lowercased(), try dataType(of: field.type, named: field.name), comment: field.documentation)
        }
    }

    /// The type that values are read as when nothing else is asked for.
    func dataType(of index: Int, named path: String) throws -> DataType {
        var walk = Walk()
        return try dataType(of: index, path, &walk)
    }

    private struct Walk {
        /// The records that the type at hand is in.
        var open: [Int] = []
        /// Types seen: small schemas may describe rows of astronomical width by naming types again and again.
        var count = 0
        var depth = 0
    }

    private func dataType(of index: Int, _ path: String, _ walk: inout Walk) throws -> DataType {
        let type = types[index]
        walk.count += 1
        walk.depth += 1
        defer { walk.depth -= 1 }
        guard walk.count <= AvroSchema.maximumNestedTypes, walk.depth <= AvroSchemaParser.maximumDepth else {
            throw AvroSchema.unsupported("type of too many parts", path)
        }
        switch type.shape {
        case .array(let element): return .array(try dataType(of: element, path, &walk))
        case .map(let value): return .map(key: .string, value: try dataType(of: value, path, &walk))
        case .union(let branches):
            let others = branches.filter { !isNull($0) }
            guard others.count <= DataType.maximumUnionBranches else {
                throw AvroSchema.unsupported("union of too many types", path)
            }
            let types = try others.map { try dataType(of: $0, path, &walk) }
            return types.count > 1 ? .union(types) : types.first ?? .void
        case .record(let fields):
            guard !walk.open.contains(index) else { throw AvroSchema.unsupported("record that holds itself", path) }
            walk.open.append(index)
            defer { walk.open.removeLast() }
            return .structure(
                try fields.map {
                    Field($0.name.lowercased(), try dataType(of: $0.type, "\(path).\($0.name)", &walk))
                })
        default: return AvroSchema.primitive(type.shape, type.meaning)
        }
    }

    /// The type of what is neither nested nor a union.
    static func primitive(_ shape: AvroType.Shape, _ meaning: AvroType.Meaning?) -> DataType {
        switch meaning {
        case .decimal(let precision, let scale): return .decimal(precision: precision, scale: scale)
        case .date: return .date
        case .timestamp: return .timestamp
        case .char(let length): return .char(length)
        case .varchar(let length): return .varchar(length)
        case nil: break
        }
        switch shape {
        case .null: return .void
        case .boolean: return .boolean
        case .int: return .int
        case .long: return .bigint
        case .float: return .float
        case .double: return .double
        case .bytes, .fixed: return .binary
        default: return .string
        }
    }

    static func unsupported(_ what: String, _ path: String) -> HoneyError {
        HoneyError(
            .data, "UNSUPPORTED_SCHEMA", "no column has the type of this field of an Avro schema, a \(what): \(path)")
    }
}
