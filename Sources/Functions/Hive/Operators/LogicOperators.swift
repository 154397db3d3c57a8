import HoneyCore
import HoneyPlan

extension HiveFunctions {
    /// The operators on booleans.
    static let logic: [any ScalarFunction] = [
        junction(
            "and", decidedBy: false, "Tells whether both conditions hold.", ("select true and null is null", "true")),
        junction("or", decidedBy: true, "Tells whether one of two conditions holds.", ("select null or true", "true")),
        OperatorFunction(
            "not", aliases: ["!"],
            FunctionDocumentation(
                .logical, usage: "not a", summary: "Turns true and false around.", example: ("select not true", "false")
            ),
            rule: { $0.count == 1 ? booleans($0) : nil }
        ) { _ in
            LogicKernel.makeNot()
        },
        truth(
            "istrue", "is true", of: true, isNegated: false, "Tells whether a condition is true, not null.",
            ("select null is true", "false")),
        truth(
            "isfalse", "is false", of: false, isNegated: false, "Tells whether a condition is false, not null.",
            ("select false is false", "true")),
        truth(
            "isnottrue", "is not true", of: true, isNegated: true, "Tells whether a condition is false or null.",
            ("select null is not true", "true")),
        truth(
            "isnotfalse", "is not false", of: false, isNegated: true, "Tells whether a condition is true or null.",
            ("select null is not false", "true")),
    ]

    private static func booleans(_ arguments: [Argument]) -> Signature? {
        guard !arguments.isEmpty, arguments.allSatisfy({ $0.type == .boolean || $0.type == .void }) else { return nil }
        return Signature(arguments.map { _ in .boolean }, .boolean)
    }

    private static func junction(
        _ name: String, decidedBy deciding: Bool, _ summary: String, _ example: (String, String)
    ) -> any ScalarFunction {
        OperatorFunction(
            name, FunctionDocumentation(.logical, usage: "a \(name) b", summary: summary, example: example),
            rule: booleans
        ) { _ in
            LogicKernel.make(decidedBy: deciding)
        }
    }

    private static func truth(
        _ name: String, _ usage: String, of value: Bool, isNegated: Bool, _ summary: String, _ example: (String, String)
    ) -> any ScalarFunction {
        OperatorFunction(
            name, FunctionDocumentation(.logical, usage: "a \(usage)", summary: summary, example: example),
            rule: { $0.count == 1 ? booleans($0) : nil }
        ) { _ in
            NullTest.truthKernel(of: value, isNegated: isNegated)
        }
    }
}
