import HoneyCore
import HoneyPlan

/// `cast(value as type)`: the one function whose result type is written in the call.
struct CastFunction: ScalarFunction {
    let name = "cast"
    let documentation = FunctionDocumentation(
        .conversion, usage: "cast(value as type)",
        summary: "Converts a value to a type; null when it cannot be converted.",
        example: ("select cast('12' as int) + 1", "13"))

    /// Only the call site knows the target, so a cast resolved by name alone changes nothing.
    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard let type = arguments.types(1)?.first else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        return Signature([type], type)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        guard let from = site.arguments.first?.type else { throw HoneyError.unexpected("cast of nothing") }
        return try CastKernel.make(from: from, to: site.result, session: site.session)
    }
}

extension HiveFunctions {
    /// The cast, and the functions named like types.
    static let casts: [any ScalarFunction] =
        [CastFunction()]
        + [
            (.boolean, "select boolean(0)", "false"), (.tinyint, "select tinyint('7')", "7"),
            (.smallint, "select smallint('7')", "7"), (.int, "select int(1.9)", "1"),
            (.bigint, "select bigint('7')", "7"), (.float, "select float('1.5')", "1.5"),
            (.double, "select double('1.5')", "1.5"), (.string, "select string(12)", "12"),
            (.binary, "select binary('bee')", "bee"),
            (.timestamp, "select timestamp('2020-01-02')", "2020-01-02 00:00:00"),
        ].map { (type: DataType, query: String, result: String) in conversion(to: type, (query, result)) }

    private static func conversion(to type: DataType, _ example: (String, String)) -> any ScalarFunction {
        OperatorFunction(
            type.name,
            FunctionDocumentation(
                .conversion, usage: "\(type.name)(value)", summary: "Casts a value to \(type.name).", example: example)
        ) { arguments in
            guard let from = arguments.types(1)?.first, from.isCastable(to: type) else { return nil }
            return Signature([from], type)
        } kernel: {
            try CastKernel.make(from: $0.arguments[0].type, to: $0.result, session: $0.session)
        }
    }
}
