import HoneyCore
import HoneyPlan

/// Functions that hide texts but for their shape.
enum Masks {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "mask",
            FunctionDocumentation(
                .miscellaneous, usage: "mask(text)",
                summary: "Replaces upper-case letters by X, lower-case ones by x and digits by n.",
                example: ("select mask('Bee-42')", "Xxx-nn")),
            signatures: [Signature([.string], .string)]
        ) { site in RowKernel.string(site) { masked($0.string(0)) { _, _ in true } } },
        partial("mask_first_n", "Masks the first characters, 4 unless told.", "Xxxn-5678") { index, _, n in index < n },
        partial("mask_last_n", "Masks the last characters, 4 unless told.", "Bee1-nnnn") { index, count, n in
            index >= count - n
        },
        partial("mask_show_first_n", "Masks all but the first characters, 4 unless told.", "Bee1-nnnn") { index, _, n in
            index >= n
        },
        partial("mask_show_last_n", "Masks all but the last characters, 4 unless told.", "Xxxn-5678") {
            index, count, n in index < count - n
        },
    ]

    private static func partial(
        _ name: String, _ summary: String, _ result: String, _ isMasked: @escaping @Sendable (Int, Int, Int) -> Bool
    ) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .miscellaneous, usage: "\(name)(text[, n])", summary: summary,
                example: ("select \(name)('Bee1-5678')", result)),
            signatures: [Signature([.string], .string), Signature([.string, .int], .string)]
        ) { site in
            RowKernel.string(site) { row in
                let n = row.count > 1 ? max(row.int(1), 0) : 4
                return masked(row.string(0)) { isMasked($0, $1, n) }
            }
        }
    }

    private static func masked(_ text: String, _ isMasked: (_ index: Int, _ count: Int) -> Bool) -> String {
        let characters = Array(text)
        return String(
            characters.enumerated().map { index, character in
                guard isMasked(index, characters.count) else { return character }
                if character.isUppercase { return "X" }
                if character.isLowercase { return "x" }
                return character.isNumber ? "n" : character
            })
    }
}
