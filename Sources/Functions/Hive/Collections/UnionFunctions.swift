import HoneyCore
import HoneyPlan

/// The functions of unions.
enum UnionFunctions {
    static let all: [any ScalarFunction] = [
        CollectionFunction(
            "create_union", usage: "create_union(tag, a, b, ...)",
            "Makes a union of values' types that holds the one whose number from 0 is the tag.",
            example: ("select create_union(1, 5, 'x')", "{1:\"x\"}")
        ) { arguments in
            guard (2...1 + DataType.maximumUnionBranches).contains(arguments.count),
                arguments[0].type.isInteger || arguments[0].type == .void
            else { return nil }
            let branches = arguments.dropFirst().map(\.type)
            return Signature([.int] + branches, .union(branches))
        } kernel: { site in
            let branches = site.arguments.count - 1
            return RowKernel.building(site, takesNulls: true) { row, builder in
                guard !row.isNull(0) else { return builder.appendNull() }
                let tag = row.int(0)
                guard 0..<branches ~= tag else {
                    throw HoneyError(
                        .data, "TAG_OUT_OF_RANGE", "create_union() has no value of number: \(tag) (of \(branches))")
                }
                builder.append(.union(tag: Int8(tag), row.columns[1 + tag].value(at: row.row)))
            }
        },
        CollectionFunction(
            "extract_union", usage: "extract_union(union[, tag])",
            "Gives a union's value of the type number tag or null, or, without a tag, a struct of all: tag_0, tag_1 …",
            example: ("select extract_union(create_union(1, 5, 'x')).tag_1", "x")
        ) { arguments in
            if arguments.count == 1, arguments[0].type.isComplex {
                return Signature([arguments[0].type], spread(arguments[0].type))
            }
            guard arguments.count == 2, case .union(let branches) = arguments[0].type,
                case .integer(let tag)? = arguments[1].constant, branches.indices.contains(Int(tag))
            else { return nil }
            return Signature([arguments[0].type, .int], branches[Int(tag)])
        } kernel: { site in
            guard site.arguments.count == 2 else {
                return { columns, _ in spread(columns[0]) }
            }
            guard case .integer(let tag)? = site.arguments[1].constant else {
                throw HoneyError.unexpected("extract_union with a tag that is no constant")
            }
            return { columns, count in
                let union = columns[0].flattened()
                let branch = union.children[1 + Int(tag)].flattened()
                return branch.withValidity(Bitmap.intersection(branch.validity, union.validity, count: count))
            }
        },
    ]

    /// The type with each union in it made a struct of its branches.
    private static func spread(_ type: DataType) -> DataType {
        switch type {
        case .array(let element): .array(spread(element))
        case .map(let key, let value): .map(key: spread(key), value: spread(value))
        case .structure(let fields): .structure(fields.map { Field($0.name, spread($0.type)) })
        case .union(let branches):
            .structure(branches.enumerated().map { Field("tag_\($0.offset)", spread($0.element)) })
        default: type
        }
    }

    /// The column with each union in it made a struct of its branches.
    private static func spread(_ column: Column) -> Column {
        guard column.type.isComplex else { return column }
        let members = if case .union = column.type { Array(column.children.dropFirst()) } else { column.children }
        return Column(
            type: spread(column.type), count: column.count, isConstant: column.isConstant, validity: column.validity,
            data: column.data, owners: column.owners, children: members.map { spread($0) })
    }
}
