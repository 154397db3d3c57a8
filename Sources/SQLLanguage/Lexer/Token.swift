import HoneyCore

/// A word, literal or sign of a query's text.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// An unquoted name or a keyword.
        case word(Keyword?)
        case quotedName
        case string
        case number
        case symbol(Symbol)
        case end
        /// Where lexing failed; the lexer has the error.
        case invalid
    }

    var kind: Kind
    /// Words and numbers as written; strings and quoted names without quotes and escapes.
    var text: String
    var position: SourcePosition
    /// The bytes it takes in the text.
    var range: Range<Int>

    var keyword: Keyword? { if case .word(let keyword) = kind { keyword } else { nil } }
    var symbol: Symbol? { if case .symbol(let symbol) = kind { symbol } else { nil } }
    var isWord: Bool { if case .word = kind { true } else { false } }

    /// The token as messages show it.
    var described: String {
        switch kind {
        case .word, .symbol, .invalid: "'\(shortened(text))'"
        case .quotedName: "`\(shortened(text))`"
        case .string: "string '\(shortened(text))'"
        case .number: "number \(shortened(text))"
        case .end: "the end of the text"
        }
    }

    private func shortened(_ text: String) -> String { text.count <= 40 ? text : text.prefix(40) + "…" }
}

/// The signs of the language.
enum Symbol: String, CaseIterable, Hashable, Sendable {
    case leftParen = "("
    case rightParen = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case dot = "."
    case equal = "="
    case doubleEqual = "=="
    case identical = "<=>"
    case notEqual = "<>"
    case bangEqual = "!="
    case lessOrEqual = "<="
    case leftAngle = "<"
    case greaterOrEqual = ">="
    case rightAngle = ">"
    case slash = "/"
    case plusSign = "+"
    case minusSign = "-"
    case star = "*"
    case percent = "%"
    case ampersand = "&"
    case tilde = "~"
    case doubleBar = "||"
    case bar = "|"
    case caret = "^"
    case bang = "!"
}
