import HoneyCore
import HoneyPlan

extension HiveFunctions {
    /// The operators on numbers (`+` and `-` on dates and intervals too) and on bits.
    static let arithmetic: [any ScalarFunction] = [
        binary(.add, "a + b", "Adds numbers, or an interval to a date, timestamp or interval.", ("select 1 + 2", "3")),
        binary(
            .subtract, "a - b",
            "Subtracts numbers, an interval from a date, timestamp or interval, or one date or timestamp from another.",
            ("select 3 - 2", "1")),
        binary(.multiply, "a * b", "Multiplies numbers.", ("select 2 * 3", "6")),
        binary(
            .divide, "a / b", "Divides numbers; integers give a double, a divisor of zero null.",
            ("select 1 / 2", "0.5")),
        binary(
            .remainder, "a % b", "Gives the remainder of a division, with the sign of the dividend.",
            ("select -7 % 3", "-1")),
        binary(.integerDivide, "a div b", "Divides integers, rounding toward zero.", ("select 7 div 2", "3")),
        binary(.bitAnd, "a & b", "Gives the bits set in both integers.", ("select 5 & 3", "1")),
        binary(.bitOr, "a | b", "Gives the bits set in either integer.", ("select 5 | 3", "7")),
        binary(.bitXor, "a ^ b", "Gives the bits set in one of two integers only.", ("select 5 ^ 3", "6")),
        complement, negative, positive,
        shift("shiftleft", .left, "Moves bits up.", ("select shiftleft(1, 3)", "8")),
        shift("shiftright", .right, "Moves bits down, keeping the sign.", ("select shiftright(-8, 1)", "-4")),
        shift(
            "shiftrightunsigned", .rightUnsigned, "Moves bits down, filling with zeros.",
            ("select shiftrightunsigned(-8, 1)", "2147483644")),
    ]

    private static func binary(
        _ operation: ArithmeticOperator, _ usage: String, _ summary: String, _ example: (String, String)
    ) -> any ScalarFunction {
        OperatorFunction(
            operation.rawValue,
            FunctionDocumentation(.mathematical, usage: usage, summary: summary, example: example)
        ) { arguments in
            guard arguments.count == 2 else { return nil }
            return TemporalArithmetic.signature(operation, arguments[0].type, arguments[1].type)
                ?? NumericTypes.signature(operation, arguments[0], arguments[1])
        } kernel: { site in
            if let kernel = TemporalArithmetic.make(operation, for: site) { return kernel }
            return try ArithmeticKernel.make(operation, for: site)
        }
    }

    private static let complement = OperatorFunction(
        "~",
        FunctionDocumentation(
            .mathematical, usage: "~ a", summary: "Inverts the bits of an integer.", example: ("select ~ 5", "-6"))
    ) { arguments in
        guard let type = arguments.types(1)?.first else { return nil }
        if type == .void { return Signature([.int], .int) }
        return type.isInteger ? Signature([type], type) : nil
    } kernel: {
        try ArithmeticKernel.makeComplement($0.result)
    }

    private static func sign(_ arguments: [Argument]) -> Signature? {
        guard let type = arguments.types(1)?.first else { return nil }
        if type.isNumeric || type.isInterval { return Signature([type], type) }
        return type.isText || type == .void ? Signature([.double], .double) : nil
    }

    private static let negative = OperatorFunction(
        "negative",
        FunctionDocumentation(
            .mathematical, usage: "- a", summary: "Changes the sign.", example: ("select - (2)", "-2")),
        rule: sign
    ) {
        try ArithmeticKernel.makeNegative($0.result)
    }

    private static let positive = OperatorFunction(
        "positive",
        FunctionDocumentation(
            .mathematical, usage: "+ a", summary: "Gives a number as it is.", example: ("select + (2)", "2")),
        rule: sign
    ) { _ in
        { arguments, _ in arguments[0] }
    }

    private static func shift(
        _ name: String, _ shift: ArithmeticKernel.Shift, _ summary: String, _ example: (String, String)
    ) -> any ScalarFunction {
        OperatorFunction(
            name,
            FunctionDocumentation(
                .mathematical, usage: "\(name)(integer, count)", summary: summary, example: example)
        ) { arguments in
            guard let types = arguments.types(2), types.allSatisfy({ $0.isInteger || $0 == .void }) else { return nil }
            let type: DataType = types[0] == .bigint ? .bigint : .int
            return Signature([type, .int], type)
        } kernel: {
            ArithmeticKernel.makeShift(shift, $0.result)
        }
    }
}
