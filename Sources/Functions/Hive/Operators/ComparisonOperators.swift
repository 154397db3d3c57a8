import HoneyCore
import HoneyPlan

extension HiveFunctions {
    /// The operators that compare and match.
    static let comparisons: [any ScalarFunction] = [
        comparison(.equal, ["=="], "Tells whether two values are equal.", ("select 1 = 1.0", "true")),
        comparison(.notEqual, ["!="], "Tells whether two values differ.", ("select 'a' <> 'A'", "true")),
        comparison(.less, [], "Tells whether the first value comes before the second.", ("select 1 < 2", "true")),
        comparison(
            .lessOrEqual, [], "Tells whether the first value does not come after the second.",
            ("select 2 <= 1", "false")),
        comparison(.greater, [], "Tells whether the first value comes after the second.", ("select '10' > 9", "true")),
        comparison(
            .greaterOrEqual, [], "Tells whether the first value does not come before the second.",
            ("select 1 >= 2", "false")),
        identical, membership, like, rlike,
        nullTest(
            "isnull", isNull: true, "a is null", "Tells whether a value is null.", ("select null is null", "true")),
        nullTest(
            "isnotnull", isNull: false, "a is not null", "Tells whether a value is not null.",
            ("select 1 is not null", "true")),
    ]

    private static func pair(_ arguments: [Argument]) -> Signature? {
        guard let types = arguments.types(2), let type = DataType.comparison(types[0], types[1]) else { return nil }
        return Signature([type, type], .boolean)
    }

    private static func comparison(
        _ operation: ComparisonOperator, _ aliases: [String], _ summary: String, _ example: (String, String)
    ) -> any ScalarFunction {
        OperatorFunction(
            operation.rawValue, aliases: aliases,
            FunctionDocumentation(
                .comparison, usage: "a \(operation.rawValue) b", summary: summary, example: example),
            rule: pair
        ) { _ in
            ComparisonKernel.make(operation)
        }
    }

    private static let identical = OperatorFunction(
        "<=>",
        FunctionDocumentation(
            .comparison, usage: "a <=> b", summary: "Tells whether two values are equal or both null.",
            example: ("select null <=> null", "true")),
        rule: pair
    ) { _ in
        ComparisonKernel.makeIdentical()
    }

    private static let membership = OperatorFunction(
        "in",
        FunctionDocumentation(
            .comparison, usage: "a in (b, …)", summary: "Tells whether a value is among others.",
            example: ("select 2 in (1, 2, 3)", "true"))
    ) { arguments in
        guard arguments.count >= 2, var type = arguments.first?.type else { return nil }
        for argument in arguments.dropFirst() {
            guard let wider = DataType.comparison(type, argument.type) else { return nil }
            type = wider
        }
        return Signature(arguments.map { _ in type }, .boolean)
    } kernel: {
        MembershipKernel.make(for: $0)
    }

    private static let like = OperatorFunction(
        "like",
        FunctionDocumentation(
            .comparison, usage: "text like pattern",
            summary: "Tells whether a whole text matches a pattern, where % stands for any characters and _ for one.",
            example: ("select 'honey' like 'h%y'", "true"))
    ) { arguments in
        guard arguments.count == 2 || arguments.count == 3,
            arguments.allSatisfy({ $0.type.isImplicitlyConvertible(to: .string) })
        else { return nil }
        return Signature(arguments.map { _ in .string }, .boolean)
    } kernel: {
        try PatternKernel.makeLike(for: $0)
    }

    private static let rlike = OperatorFunction(
        "rlike", aliases: ["regexp"],
        FunctionDocumentation(
            .comparison, usage: "text rlike pattern",
            summary: "Tells whether a regular expression matches anywhere in a text.",
            example: ("select 'honey' rlike '^h.*y$'", "true"))
    ) { arguments in
        guard arguments.count == 2, arguments.allSatisfy({ $0.type.isImplicitlyConvertible(to: .string) }) else {
            return nil
        }
        return Signature([.string, .string], .boolean)
    } kernel: {
        try PatternKernel.makeRegularExpression(for: $0)
    }

    private static func nullTest(
        _ name: String, isNull: Bool, _ usage: String, _ summary: String, _ example: (String, String)
    ) -> any ScalarFunction {
        OperatorFunction(
            name, FunctionDocumentation(.comparison, usage: usage, summary: summary, example: example)
        ) { arguments in
            arguments.count == 1 ? Signature([arguments[0].type], .boolean) : nil
        } kernel: { _ in
            NullTest.kernel(isNull: isNull)
        }
    }
}
