import HoneyCore
import HoneyPlan

extension HiveFunctions {
    /// The operators that reach into values with parts.
    static let partAccess: [any ScalarFunction] = [
        OperatorFunction(
            Expression.Operator.field,
            FunctionDocumentation(
                .collection, usage: "struct.name", summary: "Gives a field of a struct, or of each struct of an array.",
                example: ("select named_struct('a', 1, 'b', 2).b", "2")),
            rule: fieldSignature, kernel: fieldKernel),
        OperatorFunction(
            "index",
            FunctionDocumentation(
                .collection, usage: "array[number] or map[key]",
                summary: "Gives an element by its number from 0, or the value of a key; null when there is none.",
                example: ("select array('a', 'b')[1]", "b")),
            rule: indexSignature
        ) { site in
            if case .map = site.arguments[0].type { return valueOfKey(site.result) }
            return elementAtNumber(site.result)
        },
    ]

    private static func fieldSignature(_ arguments: [Argument]) throws -> Signature? {
        guard let types = arguments.types(2), case .string(let name)? = arguments[1].constant else { return nil }
        switch types[0] {
        case .structure(let fields):
            return Signature([types[0], .string], try field(name, of: fields).type)
        case .array(.structure(let fields)):
            return Signature([types[0], .string], .array(try field(name, of: fields).type))
        default: return nil
        }
    }

    private static func field(_ name: String, of fields: [Field]) throws -> Field {
        let schema = Schema(fields)
        if let index = schema.index(of: name) { return fields[index] }
        throw HoneyError(
            .semantic, "FIELD_NOT_FOUND",
            "no such field: \(name) (the struct has \(fields.map(\.name).joined(separator: ", ")))")
    }

    private static func fieldKernel(_ site: CallSite) throws -> Kernel {
        guard case .string(let name)? = site.arguments[1].constant else {
            throw HoneyError.unexpected("field access without a name")
        }
        switch site.arguments[0].type {
        case .structure(let fields):
            let index = Schema(fields).index(of: name) ?? 0
            return { arguments, count in member(index, of: arguments[0], count) }
        case .array(.structure(let fields)):
            let index = Schema(fields).index(of: name) ?? 0
            return { arguments, _ in
                let array = arguments[0]
                let structs = array.children[0]
                return Column(
                    type: site.result, count: array.count, isConstant: array.isConstant, validity: array.validity,
                    data: array.data, children: [member(index, of: structs, structs.count)])
            }
        default: throw HoneyError.unexpected("field access to type: \(site.arguments[0].type)")
        }
    }

    /// A field's column, null where its struct is.
    private static func member(_ index: Int, of column: Column, _ count: Int) -> Column {
        let child = column.children[index]
        if column.isConstant {
            return column.isNull(at: 0) ? .null(child.type, count: count) : child.asConstant(count: count)
        }
        guard let validity = column.validity else { return child }
        let flat = child.flattened()
        return flat.withValidity(Bitmap.intersection(flat.validity, validity, count: count))
    }

    private static func indexSignature(_ arguments: [Argument]) -> Signature? {
        guard let types = arguments.types(2) else { return nil }
        switch types[0] {
        case .array(let element):
            guard types[1].isInteger || types[1] == .void else { return nil }
            return Signature([types[0], .int], element)
        case .map(let key, let value):
            guard types[1].isImplicitlyConvertible(to: key) || (types[1].isNumeric && key.isNumeric) else { return nil }
            return Signature([types[0], key], value)
        default: return nil
        }
    }

    private static func elementAtNumber(_ type: DataType) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            let entries = arguments[0].values(as: ListEntry.self)
            let numbers = arguments[1].values(as: Int32.self)
            return gathering(arguments[0].children[0], count, validity) { row in
                let entry = entries[arguments[0].storedIndex(row)]
                let number = numbers[arguments[1].storedIndex(row)]
                return number >= 0 && number < entry.count ? entry.start + number : -1
            }
        }
    }

    private static func valueOfKey(_ type: DataType) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            let entries = arguments[0].values(as: ListEntry.self)
            let keys = arguments[0].children[0]
            return gathering(arguments[0].children[1], count, validity) { row in
                for position in entries[arguments[0].storedIndex(row)].range
                where RowOrder.compare(keys, position, arguments[1], row) == 0 {
                    return Int32(truncatingIfNeeded: position)
                }
                return -1
            }
        }
    }

    /// Gathers the rows of a child that a body finds; a negative one is null.
    private static func gathering(
        _ child: Column, _ count: Int, _ validity: Bitmap?, _ body: (Int) -> Int32
    ) -> Column {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(count, 1)) { indices in
            for row in 0..<count { indices[row] = validity?[row] ?? true ? body(row) : -1 }
            return child.gathered(indices.baseAddress!, count: count, mayHaveNegative: true)
        }
    }
}
