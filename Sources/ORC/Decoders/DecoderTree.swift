import HoneyCore
import HoneyStorage

/// Makes the decoders that read a file's columns as a table's types.
struct DecoderTree {
    let context: ReadContext
    let hasHybridCalendar: Bool
    /// Decimals of up to 18 digits are integers in runs.
    let hasPlainDecimals: Bool

    init(_ tail: FileTail) {
        context = tail.context
        hasHybridCalendar = tail.hasHybridCalendar
        // Hive 0.11 and 0.12 are the first format; the second, never finished, calls itself 1.9999.
        hasPlainDecimals = (tail.postScript.version.first ?? 0) >= 1
    }

    /// Makes the decoder of a column; fails with `UNSUPPORTED_FILE` where the file's type cannot become the table's.
    func decoder(_ node: TypeNode, as type: DataType) throws -> ColumnDecoder {
        switch (node.kind, type) {
        case (.struct, .structure(let fields)):
            let members = try fields.map { field in
                try DecoderTree.member(field.name, of: node).map { try decoder($0, as: field.type) }
            }
            return StructDecoder(node, type: type, members: members, context: context)
        case (.list, .array(let element)):
            return ListDecoder(
                node, type: type, elements: [try decoder(node.children[0], as: element)], context: context)
        case (.map, .map(let key, let value)):
            return ListDecoder(
                node, type: type,
                elements: [try decoder(node.children[0], as: key), try decoder(node.children[1], as: value)],
                context: context)
        case (.union, .union(let types)) where types.count == node.children.count:
            let branches = try zip(node.children, types).map { try decoder($0, as: $1) }
            return UnionDecoder(node, type: type, branches: branches, context: context)
        default:
            guard let own = node.dataType, !own.isComplex, !type.isComplex else {
                throw HoneyError(
                    .data, "UNSUPPORTED_FILE",
                    "column of the file cannot become the table's type (give the table's column the file's type): "
                        + "\(node.description) to \(type)"
                )
            }
            return try primitive(node, own, as: type)
        }
    }

    private static func member(_ name: String, of node: TypeNode) -> TypeNode? {
        let name = name.lowercased()
        return node.names.firstIndex { $0.lowercased() == name }.map { node.children[$0] }
    }

    private func primitive(_ node: TypeNode, _ own: DataType, as type: DataType) throws -> ColumnDecoder {
        // Strings of all kinds become one another while they are decoded; others are converted afterwards.
        let decoded = own.isText && type.isText ? type : own
        let decoder = try primitive(node, decoded)
        if decoded != type { decoder.target = type }
        return decoder
    }

    private func primitive(_ node: TypeNode, _ type: DataType) throws -> ColumnDecoder {
        switch type {
        case .boolean: return BooleanDecoder(node, context: context)
        case .tinyint: return ByteDecoder(node, context: context)
        case .smallint, .int, .bigint, .date:
            return IntegerDecoder(node, type: type, isHybrid: hasHybridCalendar, context: context)
        case .float, .double: return RealDecoder(node, type: type, context: context)
        case .string, .varchar, .char, .binary: return StringDecoder(node, type: type, context: context)
        case .decimal(let precision, let scale):
            return DecimalDecoder(
                node, precision: precision, scale: scale,
                isPlain: hasPlainDecimals && precision <= DataType.maximumShortDecimalPrecision, context: context)
        case .timestamp: return TimestampDecoder(node, isHybrid: hasHybridCalendar, context: context)
        default: throw HoneyError.unexpected("no decoder for a column of \(type)")
        }
    }
}
