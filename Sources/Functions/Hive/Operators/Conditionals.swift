import HoneyCore
import HoneyPlan

extension HiveFunctions {
    /// The functions that choose among values.
    static let conditionals: [any ScalarFunction] = [
        OperatorFunction(
            "case", aliases: ["when"],
            FunctionDocumentation(
                .conditional, usage: "case when condition then a … [else b] end",
                summary: "Gives the value of the first condition that is true.",
                example: ("select case when 1 > 2 then 'a' else 'b' end", "b")),
            rule: searched
        ) {
            ChoiceKernel.makeCase($0.result)
        },
        OperatorFunction(
            "if",
            FunctionDocumentation(
                .conditional, usage: "if(condition, a, b)", summary: "Gives a where the condition is true, else b.",
                example: ("select if(1 = 1, 'a', 'b')", "a")),
            rule: { $0.count == 3 ? searched($0) : nil }
        ) {
            ChoiceKernel.makeCase($0.result)
        },
        OperatorFunction(
            "coalesce",
            FunctionDocumentation(
                .conditional, usage: "coalesce(a, …)", summary: "Gives the first value that is not null.",
                example: ("select coalesce(null, 'a', 'b')", "a")),
            rule: { $0.isEmpty ? nil : uniform($0) }
        ) {
            ChoiceKernel.makeCoalesce($0.result)
        },
        OperatorFunction(
            "nvl",
            FunctionDocumentation(
                .conditional, usage: "nvl(a, b)", summary: "Gives a, or b where a is null.",
                example: ("select nvl(null, 'b')", "b")),
            rule: { $0.count == 2 ? uniform($0) : nil }
        ) {
            ChoiceKernel.makeCoalesce($0.result)
        },
        OperatorFunction(
            "nullif",
            FunctionDocumentation(
                .conditional, usage: "nullif(a, b)", summary: "Gives null where both are equal, else a.",
                example: ("select nullif(1, 1)", "NULL"))
        ) { arguments in
            guard let types = arguments.types(2), let type = DataType.comparison(types[0], types[1]) else { return nil }
            return Signature([type, type], type)
        } kernel: {
            ChoiceKernel.makeNullIf($0.result)
        },
    ]

    /// The common type of all arguments.
    private static func uniform(_ arguments: [Argument]) -> Signature? {
        guard let type = commonType(arguments.map(\.type)) else { return nil }
        return Signature(arguments.map { _ in type }, type)
    }

    private static func commonType(_ types: [DataType]) -> DataType? {
        var result = DataType.void
        for type in types {
            guard let wider = DataType.common(result, type) else { return nil }
            result = wider
        }
        return result
    }

    /// Conditions and results by turns, and perhaps a last result.
    private static func searched(_ arguments: [Argument]) -> Signature? {
        guard arguments.count >= 2 else { return nil }
        let pairs = arguments.count / 2
        let isCondition = { (index: Int) in index % 2 == 0 && index < pairs * 2 }
        let types = arguments.map(\.type)
        let conditions = types.indices.filter(isCondition).map { types[$0] }
        guard conditions.allSatisfy({ $0 == .boolean || $0 == .void }),
            let type = commonType(types.indices.filter { !isCondition($0) }.map { types[$0] })
        else { return nil }
        return Signature(types.indices.map { isCondition($0) ? .boolean : type }, type)
    }
}
