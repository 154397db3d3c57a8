/// How one SQL spells things: its words, quotes and defaults. The parser and the binder obey it.
public struct Dialect: Sendable {
    public var name: String
    /// Words that can be no names unless quoted.
    var reserved: Set<Keyword>
    /// Words that the grammar knows but that may be names.
    var nonReserved: Set<Keyword>
    /// Reserved words that may name a function where a parenthesis follows.
    var functionWords: Set<Keyword>
    /// Where nulls sort when the query does not say.
    var nullsFirstWhenAscending: Bool
    /// The quotes of strings, within which backslashes escape.
    var stringQuotes: Set<UInt8> = [UInt8(ascii: "'"), UInt8(ascii: "\"")]
    /// The quote of names; doubled it stands for itself.
    var nameQuote = UInt8(ascii: "`")
    /// Whether a name may begin with a digit, such as `2kcols`.
    var allowsLeadingDigits = true
    /// Whether names are the same without regard to case, and so lower-cased, quoted ones too.
    var foldsNames = true
    /// How deep parentheses, subqueries and types may nest.
    var maximumNesting = 500
    /// How high an expression's tree may be: chains of operators count too.
    var maximumHeight = 1000

    init(
        name: String, reserved: Set<Keyword>, nonReserved: Set<Keyword>, functionWords: Set<Keyword>,
        nullsFirstWhenAscending: Bool
    ) {
        self.name = name
        self.reserved = reserved
        self.nonReserved = nonReserved
        self.functionWords = functionWords
        self.nullsFirstWhenAscending = nullsFirstWhenAscending
    }

    /// Tells where nulls sort when the query does not say.
    public func nullsFirst(isAscending: Bool) -> Bool { isAscending == nullsFirstWhenAscending }

    /// Returns a name in the form in which names are compared.
    func folded(_ name: String) -> String { foldsNames ? name.lowercased() : name }

    func knows(_ keyword: Keyword) -> Bool { reserved.contains(keyword) || nonReserved.contains(keyword) }
}
