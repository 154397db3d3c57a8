import HoneyPlan

extension HiveFunctions {
    /// Operators, conditionals and casts.
    static let operators: [any ScalarFunction] = arithmetic + comparisons + logic + conditionals + partAccess + casts
}
