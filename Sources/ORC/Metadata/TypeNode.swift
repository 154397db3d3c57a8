import HoneyCore
import HoneyStorage

/// A node of a file's type tree; its number is its column's in footers and indexes.
struct TypeNode {
    let column: Int
    let kind: ORCType.Kind
    /// Of a struct's members, in order.
    let names: [String]
    let children: [TypeNode]
    let length: Int
    let precision: Int
    let scale: Int

    /// Nodes may be nested this deep.
    private static let maximumDepth = 200

    /// Makes the tree of a footer's list of types.
    static func tree(_ types: [ORCType]) throws -> TypeNode {
        guard !types.isEmpty else { throw HoneyError.damaged("file has no schema") }
        var isTaken = [Bool](repeating: false, count: types.count)
        return try node(0, types, &isTaken, depth: 0)
    }

    private static func node(
        _ column: Int, _ types: [ORCType], _ isTaken: inout [Bool], depth: Int
    ) throws -> TypeNode {
        let type = types[column]
        guard type.hasKind else { throw HoneyError.damaged("schema has an unknown type") }
        guard depth < maximumDepth else { throw HoneyError.damaged("schema is nested too deep") }
        isTaken[column] = true
        let children = try type.subtypes.map { subtype in
            // Each column has one place, so that no path goes round in circles.
            guard Int(subtype) < types.count, !isTaken[Int(subtype)] else {
                throw HoneyError.damaged("schema has a wrong column number")
            }
            return try node(Int(subtype), types, &isTaken, depth: depth + 1)
        }
        switch type.kind {
        case .list: guard children.count == 1 else { throw wrongChildren() }
        case .map: guard children.count == 2 else { throw wrongChildren() }
        case .struct: guard type.fieldNames.count == children.count else { throw wrongChildren() }
        case .union: break
        default: guard children.isEmpty else { throw wrongChildren() }
        }
        return TypeNode(
            column: column, kind: type.kind, names: type.fieldNames, children: children,
            length: Int(type.maximumLength), precision: Int(type.precision), scale: Int(type.scale))
    }

    private static func wrongChildren() -> HoneyError {
        HoneyError.damaged("schema has a type with the wrong number of parts")
    }

    /// The type that the file's values have; nil for those that no column of a table has.
    var dataType: DataType? {
        switch kind {
        case .boolean: return .boolean
        case .byte: return .tinyint
        case .short: return .smallint
        case .int: return .int
        case .long: return .bigint
        case .float: return .float
        case .double: return .double
        case .string: return .string
        case .binary, .geometry, .geography: return .binary
        case .timestamp, .timestampInstant: return .timestamp
        case .date: return .date
        case .varchar: return (1...DataType.maximumVarcharLength).contains(length) ? .varchar(length) : .string
        case .char: return (1...DataType.maximumCharLength).contains(length) ? .char(length) : .string
        case .decimal:
            // Hive 0.11 gave neither.
            guard (1...DataType.maximumDecimalPrecision).contains(precision), scale <= precision else {
                return .decimal(precision: 38, scale: 18)
            }
            return .decimal(precision: precision, scale: scale)
        case .list: return children[0].dataType.map { .array($0) }
        case .map:
            guard let key = children[0].dataType, let value = children[1].dataType else { return nil }
            return .map(key: key, value: value)
        case .struct:
            var fields: [Field] = []
            for (name, child) in zip(names, children) {
                guard let type = child.dataType else { return nil }
                fields.append(Field(name, type))
            }
            return .structure(fields)
        case .union:
            let branches = children.compactMap(\.dataType)
            return branches.count == children.count ? .union(branches) : nil
        }
    }

    /// The type in ORC's own words, such as `struct<a:bigint,b:uniontype<int,string>>`.
    var description: String {
        switch kind {
        case .list: "array<\(children[0].description)>"
        case .map: "map<\(children[0].description),\(children[1].description)>"
        case .struct: "struct<" + zip(names, children).map { "\($0):\($1.description)" }.joined(separator: ",") + ">"
        case .union: "uniontype<" + children.map(\.description).joined(separator: ",") + ">"
        case .timestampInstant: "timestamp with local time zone"
        case .geometry: "geometry"
        case .geography: "geography"
        default: dataType?.name ?? "unknown"
        }
    }
}
