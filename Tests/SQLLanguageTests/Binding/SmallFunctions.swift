import HoneyCore
import HoneyPlan

/// A function known by its types alone; it computes nothing.
struct TypedFunction: ScalarFunction {
    var name: String
    var documentation: FunctionDocumentation {
        FunctionDocumentation(.miscellaneous, usage: name, summary: name, example: (query: "", result: ""))
    }
    var types: @Sendable ([DataType]) -> Signature?

    init(_ name: String, _ types: @escaping @Sendable ([DataType]) -> Signature?) {
        self.name = name
        self.types = types
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        if let signature = types(arguments.map(\.type)) { return signature }
        throw HoneyError(
            .semantic, "ARGUMENT_TYPES",
            "\(name) cannot take (\(arguments.map(\.type.name).joined(separator: ", ")))")
    }

    func makeKernel(for site: CallSite) throws -> Kernel { throw HoneyError.unexpected("never evaluated") }
}

struct TypedAggregate: AggregateFunction {
    var name: String
    var documentation: FunctionDocumentation { TypedFunction(name) { _ in nil }.documentation }
    var types: @Sendable ([DataType]) -> Signature?

    init(_ name: String, _ types: @escaping @Sendable ([DataType]) -> Signature?) {
        self.name = name
        self.types = types
    }

    func resolve(_ arguments: [Argument], isDistinct: Bool) throws -> AggregateSignature {
        let signature = try TypedFunction(name, types).resolve(arguments)
        return AggregateSignature(
            signature.arguments, partial: [signature.result], result: signature.result,
            ignoresDuplicates: name == "min" || name == "max")
    }

    func makeAccumulator(for site: AggregateSite) throws -> any Accumulator {
        throw HoneyError.unexpected("never evaluated")
    }
}

/// Takes the field that its second argument names.
struct TypedField: ScalarFunction {
    var name: String { Expression.Operator.field }
    var documentation: FunctionDocumentation { TypedFunction(name) { _ in nil }.documentation }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard case .structure(let fields) = arguments[0].type, case .string(let name)? = arguments[1].constant,
            let field = fields.first(where: { $0.name == name })
        else { throw HoneyError(.semantic, "ARGUMENT_TYPES", "field cannot take \(arguments[0].type)") }
        return Signature(arguments.map(\.type), field.type)
    }

    func makeKernel(for site: CallSite) throws -> Kernel { throw HoneyError.unexpected("never evaluated") }
}

/// Casts scalars to scalars, but no dates to numbers.
struct TypedCast: ScalarFunction {
    var name: String { "cast" }
    var documentation: FunctionDocumentation { TypedFunction(name) { _ in nil }.documentation }

    func resolve(_ arguments: [Argument]) throws -> Signature { throw HoneyError.unexpected("never called by name") }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let type = site.arguments[0].type
        if type.isComplex || site.result.isComplex || type == .date && site.result.isNumeric {
            throw HoneyError(.semantic, "CAST_NOT_POSSIBLE", "cannot cast")
        }
        return { arguments, _ in arguments[0] }
    }
}

/// Enough functions to bind with, of simple types, so that plans in tests stay what they are.
enum SmallFunctions {
    static let catalog = FunctionCatalog(scalars: scalars, aggregates: aggregates)

    private static let scalars: [any ScalarFunction] =
        ["+", "-", "*", "/", "%", "div"].map { TypedFunction($0, arithmetic) }
        + ["=", "<>", "<", "<=", ">", ">=", "<=>"].map { TypedFunction($0, comparison) }
        + ["and", "or", "not"].map { name in
            TypedFunction(name) { types in
                types.allSatisfy { $0 == .boolean } ? Signature(types, .boolean) : nil
            }
        }
        + ["isnull", "isnotnull", "istrue", "isfalse", "isnottrue", "isnotfalse"].map { name in
            TypedFunction(name) { $0.count == 1 ? Signature($0, .boolean) : nil }
        }
        + ["like", "rlike"].map { name in
            TypedFunction(name) { $0.count == 2 ? Signature([.string, .string], .boolean) : nil }
        }
        + ["upper", "lower", "||", "substr", "substring"].map { name in
            TypedFunction(name) { types in
                types.isEmpty ? nil : Signature(types.map { $0.isInteger ? $0 : .string }, .string)
            }
        }
        + [
            TypedCast(),
            TypedFunction("negative") { $0.count == 1 && $0[0].isNumeric ? Signature($0, $0[0]) : nil },
            TypedFunction("year") { $0.count == 1 ? Signature([.date], .int) : nil },
            TypedFunction("hash") { Signature($0, .int) }, TypedFunction("murmur_hash") { Signature($0, .int) },
            TypedFunction("rand") { $0.isEmpty ? Signature([], .double) : nil },
            TypedFunction("current_date") { $0.isEmpty ? Signature([], .date) : nil },
            TypedFunction("current_user") { $0.isEmpty ? Signature([], .string) : nil },
            TypedFunction("array") { types in
                types.first.map { Signature(types.map { _ in types[0] }, .array($0)) }
            },
            TypedFunction("coalesce") { types in
                common(types).map { type in Signature(types.map { _ in type }, type) }
            },
            TypedFunction("in") { types in
                comparable(types).map { type in Signature(types.map { _ in type }, .boolean) }
            },
            TypedFunction("case", caseTypes),
            TypedField(),
            TypedFunction("index") { types in
                guard types.count == 2, case .array(let element) = types[0] else { return nil }
                return Signature([types[0], .int], element)
            },
        ]

    private static let aggregates: [any AggregateFunction] = [
        TypedAggregate("count") { Signature($0, .bigint) },
        TypedAggregate("sum") { types in
            guard types.count == 1, types[0].isNumeric else { return nil }
            return Signature(types, types[0].isInteger ? .bigint : types[0])
        },
        TypedAggregate("avg") { $0.count == 1 && $0[0].isNumeric ? Signature($0, .double) : nil },
        TypedAggregate("min") { $0.count == 1 ? Signature($0, $0[0]) : nil },
        TypedAggregate("max") { $0.count == 1 ? Signature($0, $0[0]) : nil },
    ]

    @Sendable private static func arithmetic(_ types: [DataType]) -> Signature? {
        guard types.count == 2 else { return nil }
        if types[0] == .date, types[1].isInterval { return Signature(types, .date) }
        if types[0].isInterval, types[1] == types[0] { return Signature(types, types[0]) }
        return DataType.commonNumber(types[0], types[1]).map { Signature([$0, $0], $0) }
    }

    @Sendable private static func comparison(_ types: [DataType]) -> Signature? {
        types.count == 2 ? DataType.comparison(types[0], types[1]).map { Signature([$0, $0], .boolean) } : nil
    }

    @Sendable private static func caseTypes(_ types: [DataType]) -> Signature? {
        var results: [DataType] = []
        for index in types.indices where index % 2 == 1 || index == types.count - 1 { results.append(types[index]) }
        guard let result = common(results) else { return nil }
        return Signature(
            types.indices.map { $0 % 2 == 1 || $0 == types.count - 1 ? result : .boolean }, result)
    }

    private static func common(_ types: [DataType]) -> DataType? {
        types.dropFirst().reduce(types.first) { known, next in known.flatMap { DataType.common($0, next) } }
    }

    private static func comparable(_ types: [DataType]) -> DataType? {
        types.dropFirst().reduce(types.first) { known, next in known.flatMap { DataType.comparison($0, next) } }
    }
}
