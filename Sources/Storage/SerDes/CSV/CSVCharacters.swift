import HoneyCore

/// What a byte of a CSV record may be.
enum CSVRole: UInt8 {
    case text, separator, quote, escape, lineEnd
    /// The first of several bytes of a character that means something.
    case undecided
}

/// The characters that mean something in a CSV record, each as its UTF-8.
struct CSVCharacters: Sendable {
    let separator: [UInt8]
    let quote: [UInt8]
    let escape: [UInt8]
    /// The role of each byte.
    let roles: [CSVRole]

    /// Reads the properties for reading. Fails with `INVALID_PROPERTY` when two characters are the same.
    init(reading properties: [String: String]) throws {
        try self.init(
            separator: Self.character("separatorChar", properties) ?? ",",
            quote: Self.character("quoteChar", properties) ?? "\"",
            // The default is the quote, which to opencsv's reader means its own default.
            escape: Self.character("escapeChar", properties).flatMap { $0 == "\"" ? nil : $0 } ?? "\\",
            areDistinct: true)
    }

    /// Reads the properties for writing.
    init(writing properties: [String: String]) throws {
        try self.init(
            separator: Self.character("separatorChar", properties) ?? ",",
            quote: Self.character("quoteChar", properties) ?? "\"",
            escape: Self.character("escapeChar", properties) ?? "\"", areDistinct: false)
    }

    private init(
        separator: Unicode.Scalar, quote: Unicode.Scalar, escape: Unicode.Scalar, areDistinct: Bool
    ) throws {
        if areDistinct {
            guard separator != "\0" else {
                throw HoneyError(.data, "INVALID_PROPERTY", "separatorChar of a CSV table must not be NUL")
            }
            let pairs = [(separator, quote), (separator, escape), (quote, escape)]
            guard !pairs.contains(where: { $0.0 == $0.1 && $0.0 != "\0" }) else {
                throw HoneyError(
                    .data, "INVALID_PROPERTY",
                    "separatorChar, quoteChar and escapeChar of a CSV table must differ: '\(separator)', '\(quote)', '\(escape)'"
                )
            }
        }
        self.separator = Array(String(separator).utf8)
        self.quote = Array(String(quote).utf8)
        self.escape = Array(String(escape).utf8)
        var roles = [CSVRole](repeating: .text, count: 256)
        roles[0x0A] = .lineEnd
        roles[0x0D] = .lineEnd
        // What opencsv looks for first wins.
        for (character, role) in [
            (self.separator, CSVRole.separator), (self.quote, .quote), (self.escape, .escape),
        ] {
            roles[Int(character[0])] = character.count == 1 ? role : .undecided
        }
        self.roles = roles
    }

    /// A property's first character; nil when it is absent or empty.
    private static func character(_ name: String, _ properties: [String: String]) -> Unicode.Scalar? {
        properties[name]?.unicodeScalars.first
    }

    /// What stands at `index` of a line that ends at `end`, and its bytes.
    func role(_ bytes: UnsafePointer<UInt8>, _ index: Int, _ end: Int) -> (role: CSVRole, length: Int) {
        let role = roles[Int(bytes[index])]
        guard role == .undecided else { return (role, 1) }
        if isThere(escape, bytes, index, end) { return (.escape, escape.count) }
        if isThere(quote, bytes, index, end) { return (.quote, quote.count) }
        if isThere(separator, bytes, index, end) { return (.separator, separator.count) }
        return (.text, 1)
    }

    func isThere(_ character: [UInt8], _ bytes: UnsafePointer<UInt8>, _ index: Int, _ end: Int) -> Bool {
        guard index >= 0, index + character.count <= end else { return false }
        for offset in character.indices where bytes[index + offset] != character[offset] { return false }
        return true
    }
}
