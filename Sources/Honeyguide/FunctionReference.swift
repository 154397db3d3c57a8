public import HoneyPlan

/// The page of functions, made from what each function says of itself.
public enum FunctionReference {
    /// Renders a catalog as Markdown, by category.
    public static func markdown(_ catalog: FunctionCatalog) -> String {
        var text =
            "# Functions\n\nMade from the functions' own documentation; `UPDATE_GOLDENS=1 swift test` writes it anew.\n"
        for category in FunctionDocumentation.Category.allCases {
            let functions = catalog.documented.filter { $0.documentation.category == category }
            guard !functions.isEmpty else { continue }
            text += "\n## \(category.rawValue.prefix(1).uppercased())\(category.rawValue.dropFirst())\n\n"
            text += "| call | what it does | example | gives |\n|---|---|---|---|\n"
            for function in functions {
                let aliases = function.aliases.isEmpty ? "" : " Also `\(function.aliases.joined(separator: "`, `"))`."
                let cells = [
                    "`\(function.documentation.usage)`", function.documentation.summary + aliases,
                    "`\(function.documentation.example.query)`", "`\(function.documentation.example.result)`",
                ]
                text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
            }
        }
        return text
    }
}
