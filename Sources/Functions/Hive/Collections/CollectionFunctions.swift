import HoneyCore
import HoneyPlan

/// A function of arrays, maps and structs, whose types follow from its arguments' types.
struct CollectionFunction: ScalarFunction {
    let name: String
    let documentation: FunctionDocumentation
    private let resolver: @Sendable ([Argument]) -> Signature?
    private let kernel: @Sendable (CallSite) throws -> Kernel

    init(
        _ name: String, usage: String, _ summary: String, example: (String, String),
        resolve: @escaping @Sendable ([Argument]) -> Signature?, kernel: @escaping @Sendable (CallSite) throws -> Kernel
    ) {
        self.name = name
        documentation = FunctionDocumentation(.collection, usage: usage, summary: summary, example: example)
        resolver = resolve
        self.kernel = kernel
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard let signature = resolver(arguments) else {
            throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
        }
        return signature
    }

    func makeKernel(for site: CallSite) throws -> Kernel { try kernel(site) }
}

enum CollectionFunctions {
    static let all: [any ScalarFunction] = [
        CollectionFunction(
            "size", usage: "size(array or map)", "Counts the elements of an array or the entries of a map; -1 of null.",
            example: ("select size(array(4, 5)), size(map('a', 1))", "2\t1")
        ) { arguments in
            arguments.count == 1 && isList(arguments[0].type) ? Signature([arguments[0].type], .int) : nil
        } kernel: { site in
            RowKernel.values(site, Int32.self, takesNulls: true) { row in
                row.isNull(0) ? -1 : Int32(truncatingIfNeeded: row.list(0).count)
            }
        },
        CollectionFunction(
            "array_contains", usage: "array_contains(array, value)", "Tells whether an array has a value.",
            example: ("select array_contains(array(1, 2), 2)", "true")
        ) { arguments in
            guard arguments.count == 2, case .array(let element) = arguments[0].type,
                let type = DataType.common(element, arguments[1].type)
            else { return nil }
            return Signature([.array(type), type], .boolean)
        } kernel: { site in
            RowKernel.boolean(site, takesNulls: true) { row in
                guard !row.isNull(0), !row.isNull(1) else { return false }
                let elements = row.columns[0].children[0]
                return row.list(0).contains { index in
                    !elements.isNull(at: index) && ValueOrder.compare(elements, index, row.columns[1], row.row) == 0
                }
            }
        },
        CollectionFunction(
            "sort_array", usage: "sort_array(array)", "Puts the elements of an array in ascending order, nulls first.",
            example: ("select sort_array(array(3, 1, 2))", "[1,2,3]")
        ) { arguments in
            guard arguments.count == 1, case .array = arguments[0].type else { return nil }
            return Signature([arguments[0].type], arguments[0].type)
        } kernel: { site in
            RowKernel.building(site) { row, builder in
                let elements = row.columns[0].children[0]
                let order = row.list(0).sorted { ValueOrder.compareNullable(elements, $0, elements, $1) < 0 }
                for index in order { builder.children[0].append(elements.value(at: index)) }
                builder.appendList(elementCount: order.count)
            }
        },
        mapPart(
            "map_keys", "Gives the keys of a map as an array.", ("select map_keys(map('a', 1))", "[\"a\"]"), child: 0),
        mapPart(
            "map_values", "Gives the values of a map as an array.", ("select map_values(map('a', 1))", "[1]"), child: 1),
        CollectionFunction(
            "array", usage: "array(a, b, ...)", "Makes an array of values of one type.",
            example: ("select array(1, 2, 3)", "[1,2,3]")
        ) { arguments in
            commonType(arguments).map { type in
                Signature(Array(repeating: type, count: arguments.count), .array(type))
            }
        } kernel: { site in
            RowKernel.building(site, takesNulls: true) { row, builder in
                for column in row.columns { builder.children[0].append(column.value(at: row.row)) }
                builder.appendList(elementCount: row.count)
            }
        },
        CollectionFunction(
            "map", usage: "map(key1, value1, ...)", "Makes a map of keys and values; of equal keys the last counts.",
            example: ("select map('a', 1, 'b', 2)", "{\"a\":1,\"b\":2}")
        ) { arguments in
            let keys = arguments.indices.filter { $0 % 2 == 0 }.map { arguments[$0] }
            let values = arguments.indices.filter { $0 % 2 == 1 }.map { arguments[$0] }
            guard keys.count == values.count, let key = commonType(keys), let value = commonType(values), !key.isComplex
            else { return nil }
            return Signature(arguments.indices.map { $0 % 2 == 0 ? key : value }, .map(key: key, value: value))
        } kernel: { site in
            RowKernel.building(site, takesNulls: true) { row, builder in
                var entries: [Value.MapEntry] = []
                for index in stride(from: 0, to: row.count, by: 2) {
                    let entry = Value.MapEntry(
                        row.columns[index].value(at: row.row), row.columns[index + 1].value(at: row.row))
                    if let known = entries.firstIndex(where: { $0.key == entry.key }) {
                        entries[known] = entry
                    } else {
                        entries.append(entry)
                    }
                }
                builder.append(.map(entries))
            }
        },
        CollectionFunction(
            "struct", usage: "struct(a, b, ...)", "Makes a struct of values, whose fields are col1, col2 …",
            example: ("select struct(1, 'x')", "{\"col1\":1,\"col2\":\"x\"}")
        ) { arguments in
            let fields = arguments.enumerated().map { Field("col\($0 + 1)", $1.type) }
            return arguments.isEmpty ? nil : Signature(arguments.map(\.type), .structure(fields))
        } kernel: { site in
            structureKernel(site, members: Array(site.arguments.indices))
        },
        CollectionFunction(
            "named_struct", usage: "named_struct('name1', value1, ...)", "Makes a struct of named values.",
            example: ("select named_struct('a', 1, 'b', 'x')", "{\"a\":1,\"b\":\"x\"}")
        ) { arguments in
            guard !arguments.isEmpty, arguments.count % 2 == 0 else { return nil }
            var fields: [Field] = []
            for index in stride(from: 0, to: arguments.count, by: 2) {
                guard case .string(let name)? = arguments[index].constant else { return nil }
                fields.append(Field(name.lowercased(), arguments[index + 1].type))
            }
            return Signature(arguments.map(\.type), .structure(fields))
        } kernel: { site in
            structureKernel(site, members: site.arguments.indices.filter { $0 % 2 == 1 })
        },
    ]

    private static func isList(_ type: DataType) -> Bool { type.physical == .list }

    private static func commonType(_ arguments: [Argument]) -> DataType? {
        guard let first = arguments.first else { return .string }
        var type: DataType? = first.type
        for argument in arguments.dropFirst() { type = type.flatMap { DataType.common($0, argument.type) } }
        return type
    }

    /// The arguments' columns are the struct's children as they are.
    private static func structureKernel(_ site: CallSite, members: [Int]) -> Kernel {
        let type = site.result
        return { columns, count in
            Column(
                type: type, count: count, data: Buffer(capacity: 0), children: members.map { columns[$0].flattened() })
        }
    }

    private static func mapPart(
        _ name: String, _ summary: String, _ example: (String, String), child: Int
    ) -> CollectionFunction {
        CollectionFunction(name, usage: "\(name)(map)", summary, example: example) { arguments in
            guard arguments.count == 1, case .map(let key, let value) = arguments[0].type else { return nil }
            return Signature([arguments[0].type], .array(child == 0 ? key : value))
        } kernel: { site in
            let type = site.result
            // An array of the keys has the map's own entries over one of its children.
            return { columns, count in
                let map = columns[0]
                return Column(
                    type: type, count: count, isConstant: map.isConstant, validity: map.validity, data: map.data,
                    children: [map.children[child]])
            }
        }
    }
}
