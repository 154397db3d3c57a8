import HoneyCore

/// Cuts a text's bytes into tokens, keeping count of lines and characters.
struct Lexer {
    let bytes: [UInt8]
    let dialect: Dialect
    /// The next byte to read.
    var offset = 0
    /// Where `offset` is; columns count characters.
    var position: SourcePosition

    init(_ bytes: [UInt8], dialect: Dialect, at start: SourcePosition = SourcePosition(line: 1, column: 1)) {
        self.bytes = bytes
        self.dialect = dialect
        position = start
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// Returns all tokens, the last being `end`, or `invalid` with the error it stands for.
    static func tokens(
        of bytes: [UInt8], dialect: Dialect, at start: SourcePosition = SourcePosition(line: 1, column: 1)
    ) -> (tokens: [Token], failure: HoneyError?) {
        var lexer = Lexer(bytes, dialect: dialect, at: start)
        var tokens: [Token] = []
        do {
            while true {
                let token = try lexer.next()
                tokens.append(token)
                if token.kind == .end { return (tokens, nil) }
            }
        } catch {
            let position = error.position ?? lexer.position
            tokens.append(Token(kind: .invalid, text: "", position: position, range: lexer.offset..<lexer.offset))
            return (tokens, error)
        }
    }

    mutating func next() throws(HoneyError) -> Token {
        try skipBlanksAndComments()
        let start = offset
        let place = position
        guard let byte = peek() else {
            return Token(kind: .end, text: "", position: place, range: start..<start)
        }
        if dialect.stringQuotes.contains(byte) {
            let text = try readString()
            return Token(kind: .string, text: text, position: place, range: start..<offset)
        }
        if byte == dialect.nameQuote {
            let text = try readQuotedName()
            return Token(kind: .quotedName, text: text, position: place, range: start..<offset)
        }
        if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1)?.isDigit == true && !followsOperand()) {
            return try readNumberOrWord()
        }
        if byte.isLetter || byte == UInt8(ascii: "_") { return readWord() }
        if byte == UInt8(ascii: "$"), let token = readPathWord() { return token }
        if let symbol = readSymbol() {
            return Token(kind: .symbol(symbol), text: symbol.rawValue, position: place, range: start..<offset)
        }
        throw unexpectedCharacter()
    }

    func peek(_ distance: Int = 0) -> UInt8? {
        let index = offset + distance
        return index < bytes.count ? bytes[index] : nil
    }

    mutating func advance() {
        let byte = bytes[offset]
        offset += 1
        if byte == UInt8(ascii: "\n") {
            position.line += 1
            position.column = 1
        } else if byte & 0xC0 != 0x80 {
            position.column += 1
        }
    }

    mutating func advance(by count: Int) { for _ in 0..<count { advance() } }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func skipBlanksAndComments() throws(HoneyError) {
        while let byte = peek() {
            switch byte {
            case 0x09...0x0D, 0x20: advance()
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
                while let next = peek(), next != UInt8(ascii: "\n") { advance() }
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(HoneyError) {
        let start = position
        advance(by: 2)
        while let byte = peek() {
            if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") { return advance(by: 2) }
            advance()
        }
        throw HoneyError(.parse, "UNTERMINATED_COMMENT", "this comment has no end: expected '*/'", at: start)
    }

    /// Tells whether the byte before belongs to a name or an operand, so that `.5` here is no number.
    private func followsOperand() -> Bool {
        guard offset > 0 else { return false }
        let before = bytes[offset - 1]
        return before.isWordByte || before == dialect.nameQuote || ")]".utf8.contains(before)
    }

    mutating func readWord() -> Token {
        let start = offset
        let place = position
        while let byte = peek(), byte.isWordByte { advance() }
        let word = text(start..<offset)
        let keyword = Keyword.named(word.lowercased())
        let known = keyword.flatMap { dialect.knows($0) ? $0 : nil }
        return Token(kind: .word(known), text: word, position: place, range: start..<offset)
    }

    /// Reads `$elem$`, `$key$` or `$value$`: the way into a column's type that DESCRIBE takes.
    private mutating func readPathWord() -> Token? {
        let start = offset
        let place = position
        for word in ["$elem$", "$key$", "$value$"] where offset + word.utf8.count <= bytes.count {
            let range = offset..<offset + word.utf8.count
            guard text(range).lowercased() == word else { continue }
            advance(by: word.utf8.count)
            return Token(kind: .word(nil), text: word, position: place, range: start..<offset)
        }
        return nil
    }

    private mutating func readSymbol() -> Symbol? {
        guard let symbol = nextSymbol else { return nil }
        advance(by: symbol.rawValue.utf8.count)
        return symbol
    }

    /// The longest sign that begins here.
    private var nextSymbol: Symbol? {
        let equalFollows = peek(1) == UInt8(ascii: "=")
        let angleFollows = peek(1) == UInt8(ascii: ">")
        switch bytes[offset] {
        case UInt8(ascii: "("): return .leftParen
        case UInt8(ascii: ")"): return .rightParen
        case UInt8(ascii: "["): return .leftBracket
        case UInt8(ascii: "]"): return .rightBracket
        case UInt8(ascii: ","): return .comma
        case UInt8(ascii: ";"): return .semicolon
        case UInt8(ascii: ":"): return .colon
        case UInt8(ascii: "."): return .dot
        case UInt8(ascii: "="): return equalFollows ? .doubleEqual : .equal
        case UInt8(ascii: "<"):
            if equalFollows { return peek(2) == UInt8(ascii: ">") ? .identical : .lessOrEqual }
            return angleFollows ? .notEqual : .leftAngle
        case UInt8(ascii: ">"): return equalFollows ? .greaterOrEqual : .rightAngle
        case UInt8(ascii: "!"): return equalFollows ? .bangEqual : .bang
        case UInt8(ascii: "/"): return .slash
        case UInt8(ascii: "+"): return .plusSign
        case UInt8(ascii: "-"): return .minusSign
        case UInt8(ascii: "*"): return .star
        case UInt8(ascii: "%"): return .percent
        case UInt8(ascii: "&"): return .ampersand
        case UInt8(ascii: "~"): return .tilde
        case UInt8(ascii: "|"): return peek(1) == UInt8(ascii: "|") ? .doubleBar : .bar
        case UInt8(ascii: "^"): return .caret
        default: return nil
        }
    }

    private func unexpectedCharacter() -> HoneyError {
        let character = Character(String(decoding: bytes[offset...].prefix(32), as: UTF8.self).unicodeScalars.first!)
        let scalar = character.unicodeScalars.first!
        guard scalar.value >= 0x20, scalar.value != 0x7F else {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: 4 - code.count) + code
            return HoneyError(.parse, "UNEXPECTED_CHARACTER", "unexpected control character U+\(padded)", at: position)
        }
        let hint = scalar.properties.isAlphabetic ? " (names with such letters need backquotes)" : ""
        return HoneyError(.parse, "UNEXPECTED_CHARACTER", "unexpected character '\(character)'\(hint)", at: position)
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    var isWordByte: Bool { isLetter || isDigit || self == 0x5F }
}
