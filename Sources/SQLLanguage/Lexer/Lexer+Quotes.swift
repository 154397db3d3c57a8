import HoneyCore

extension Lexer {
    /// Reads a string and those that touch it: `'a''b'` is `ab`.
    mutating func readString() throws(HoneyError) -> String {
        var units: [UInt8] = []
        while let quote = peek(), dialect.stringQuotes.contains(quote) {
            let start = position
            advance()
            while true {
                guard let byte = peek() else {
                    throw HoneyError(
                        .parse, "UNTERMINATED_STRING",
                        "this string has no end: expected a closing \(Character(.init(quote)))",
                        at: start)
                }
                if byte == quote { break }
                if byte == UInt8(ascii: "\\") {
                    try readEscape(into: &units)
                } else {
                    units.append(byte)
                    advance()
                }
            }
            advance()
        }
        return String(decoding: units, as: UTF8.self)
    }

    /// Reads a name in quotes; the quote doubled stands for itself.
    mutating func readQuotedName() throws(HoneyError) -> String {
        let start = position
        let quote = dialect.nameQuote
        var name: [UInt8] = []
        advance()
        while let byte = peek() {
            advance()
            if byte == quote {
                guard peek() == quote else {
                    if name.isEmpty { throw HoneyError(.parse, "EMPTY_NAME", "a quoted name is empty", at: start) }
                    return String(decoding: name, as: UTF8.self)
                }
                advance()
            }
            name.append(byte)
        }
        throw HoneyError(
            .parse, "UNTERMINATED_NAME", "this quoted name has no end: expected a closing \(Character(.init(quote)))",
            at: start)
    }

    /// Reads what follows a backslash.
    ///
    /// | written | means |
    /// |---|---|
    /// | `\0` `\b` `\n` `\r` `\t` `\Z` | NUL, backspace, line feed, carriage return, tab, U+001A |
    /// | `\ooo` from `\000` to `\177` | the character of that octal code |
    /// | `\uXXXX` | the UTF-16 unit of that hexadecimal code |
    /// | `\%` `\_` | themselves with the backslash, for LIKE |
    /// | any other | itself |
    private mutating func readEscape(into units: inout [UInt8]) throws(HoneyError) {
        if let octal = octalEscape() {
            units.append(octal)
            return advance(by: 4)
        }
        if peek(1) == UInt8(ascii: "u") { return units.append(contentsOf: Array(String(try readUnicode()).utf8)) }
        guard let byte = peek(1) else { return advance() }
        switch byte {
        case UInt8(ascii: "0"): units.append(0)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "Z"): units.append(0x1A)
        case UInt8(ascii: "%"), UInt8(ascii: "_"): units.append(contentsOf: [UInt8(ascii: "\\"), byte])
        default: units.append(byte)
        }
        advance(by: 2)
    }

    private func octalEscape() -> UInt8? {
        guard let first = peek(1), let second = peek(2), let third = peek(3) else { return nil }
        guard (0x30...0x31).contains(first), (0x30...0x37).contains(second), (0x30...0x37).contains(third) else {
            return nil
        }
        return (first - 0x30) * 64 + (second - 0x30) * 8 + (third - 0x30)
    }

    /// Reads `\uXXXX`, or two of them that make a surrogate pair; a lone surrogate becomes U+FFFD.
    private mutating func readUnicode() throws(HoneyError) -> Unicode.Scalar {
        guard let unit = hexadecimal(at: 2) else {
            throw HoneyError(.parse, "BAD_ESCAPE", "\\u needs four hexadecimal digits", at: position)
        }
        advance(by: 6)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u"), let low = hexadecimal(at: 2),
            (0xDC00...0xDFFF).contains(low)
        else { return "\u{FFFD}" }
        advance(by: 6)
        return Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private func hexadecimal(at distance: Int) -> UInt32? {
        guard offset + distance + 4 <= bytes.count else { return nil }
        let digits = bytes[offset + distance..<offset + distance + 4]
        guard digits.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0 | 0x20) }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
