import HoneyCore

extension Lexer {
    /// Reads a number, or a name that begins with digits.
    ///
    ///     number = digits ["." [digits]] [exponent] [suffix] | "." digits [exponent] [suffix]
    ///     suffix = "L" | "S" | "Y" (of integers) | "D" | "BD"
    mutating func readNumberOrWord() throws(HoneyError) -> Token {
        let start = offset
        let place = position
        var isInteger = true
        skipDigits()
        if peek() == UInt8(ascii: ".") {
            isInteger = false
            advance()
            skipDigits()
        }
        if skipExponent() { isInteger = false }
        let digits = offset
        while let byte = peek(), byte.isWordByte { advance() }
        let suffix = text(digits..<offset).uppercased()
        let suffixes = isInteger ? ["", "L", "S", "Y", "D", "BD"] : ["", "D", "BD"]
        if suffixes.contains(suffix) {
            return Token(kind: .number, text: text(start..<offset), position: place, range: start..<offset)
        }
        let isPlainWord = bytes[start..<offset].allSatisfy(\.isWordByte)
        guard isPlainWord, dialect.allowsLeadingDigits else {
            throw HoneyError(.parse, "MALFORMED_NUMBER", "malformed number \(text(start..<offset))", at: place)
        }
        return Token(kind: .word(nil), text: text(start..<offset), position: place, range: start..<offset)
    }

    private mutating func skipDigits() { while let byte = peek(), byte.isDigit { advance() } }

    /// Skips `e5`, `E-3` and the like where digits are there.
    private mutating func skipExponent() -> Bool {
        guard let letter = peek(), letter | 0x20 == UInt8(ascii: "e") else { return false }
        let hasSign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
        guard peek(hasSign ? 2 : 1)?.isDigit == true else { return false }
        advance(by: hasSign ? 2 : 1)
        skipDigits()
        return true
    }
}
