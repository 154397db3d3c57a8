import HoneyPlan

extension HiveFunctions {
    /// The functions that are not operators.
    static var library: [any ScalarFunction] {
        strings + dates + mathematics + CollectionFunctions.all + UnionFunctions.all + SessionFunctions.all + Masks.all
    }

    static var strings: [any ScalarFunction] {
        CaseAndLength.all + Slicing.all + Padding.all + Searching.all + Concatenation.all + Patterns.all + Digests.all
            + Encodings.all + JSONPath.all + Formatting.all
    }

    static var dates: [any ScalarFunction] { DateParts.all + DateArithmetic.all + DateFormats.all }

    static var mathematics: [any ScalarFunction] { RealFunctions.all + Rounding.all + Extreme.all }
}
