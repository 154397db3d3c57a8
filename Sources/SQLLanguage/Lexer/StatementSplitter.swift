public import HoneyCore

/// Cuts a script into statements at semicolons, knowing only quotes and comments, so that the text may be unfinished.
///
/// `\;` outside of quotes is a semicolon that does not cut. Statements that are the shell's (`!…`, `dfs …`, `set …`,
/// `source …`) have no `/* */` comments, since `/tmp/*` is a name there.
public struct StatementSplitter: Sendable {
    /// A statement's text without its semicolon, and where it begins in the script.
    public struct Piece: Hashable, Sendable {
        public var text: String
        public var position: SourcePosition

        public init(text: String, position: SourcePosition) {
            self.text = text
            self.position = position
        }
    }

    /// What a text ends inside of.
    public enum Ending: Hashable, Sendable {
        /// Nothing: at most blanks and comments follow the last semicolon.
        case complete
        case statement
        /// A string or a quoted name, begun at the position.
        case quote(Character, SourcePosition)
        /// A `/*` comment, begun at the position.
        case comment(SourcePosition)
    }

    public struct Result: Hashable, Sendable {
        /// The statements that a semicolon ends; empty ones are left out.
        public var statements: [Piece]
        /// What follows the last semicolon, unless it is blank.
        public var rest: Piece?
        public var ending: Ending
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var position: SourcePosition
    /// The statement under way, and its first byte that is neither blank nor comment.
    private var text: [UInt8] = []
    private var textStart: SourcePosition?
    private var word: [UInt8] = []
    private var isWordDone = false
    private var statements: [Piece] = []

    private init(_ bytes: [UInt8], at start: SourcePosition) {
        self.bytes = bytes
        position = start
    }

    /// Splits a script whose first character is at `start`.
    public static func split(
        _ script: String, at start: SourcePosition = SourcePosition(line: 1, column: 1)
    ) -> Result {
        var splitter = StatementSplitter(Array(script.utf8), at: start)
        return splitter.run()
    }

    private mutating func run() -> Result {
        var open: Ending?
        while open == nil, let byte = peek() {
            switch byte {
            case UInt8(ascii: ";"):
                advance()
                finish()
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: ";"):
                advance()
                take()
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): open = takeQuoted(byte)
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-") && !isShell: takeLineComment()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*") && !isShell: open = takeComment()
            default: take()
            }
        }
        let isBlank = textStart == nil
        let rest = isBlank ? nil : piece
        return Result(statements: statements, rest: rest, ending: open ?? (isBlank ? .complete : .statement))
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    private mutating func advance() {
        let byte = bytes[offset]
        offset += 1
        if byte == UInt8(ascii: "\n") {
            position = SourcePosition(line: position.line + 1, column: 1)
        } else if byte & 0xC0 != 0x80 {
            position.column += 1
        }
    }

    /// Takes a byte into the statement, which begins at the first that is not blank.
    private mutating func take() {
        let byte = bytes[offset]
        let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
        if textStart == nil {
            guard !isBlank else { return advance() }
            textStart = position
        }
        if byte.isWordByte && !isWordDone { word.append(byte | 0x20) } else { isWordDone = true }
        text.append(byte)
        advance()
    }

    /// Tells whether the statement under way is the shell's.
    private var isShell: Bool {
        if text.first == UInt8(ascii: "!") { return true }
        return ["dfs", "set", "source"].contains(String(decoding: word, as: UTF8.self))
    }

    private var piece: Piece {
        Piece(text: String(decoding: text, as: UTF8.self), position: textStart ?? position)
    }

    private mutating func finish() {
        if textStart != nil { statements.append(piece) }
        text = []
        textStart = nil
        word = []
        isWordDone = false
    }

    /// Takes a string or a quoted name; backslashes escape in strings.
    private mutating func takeQuoted(_ quote: UInt8) -> Ending? {
        let start = position
        take()
        while let byte = peek() {
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`"), peek(1) != nil { take() }
            take()
            if byte == quote { return nil }
        }
        return .quote(Character(Unicode.Scalar(quote)), start)
    }

    /// Leaves a comment out unless a statement is under way, whose positions it keeps right.
    private mutating func takeLineComment() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { passComment() }
    }

    private mutating func takeComment() -> Ending? {
        let start = position
        passComment()
        passComment()
        while let byte = peek() {
            passComment()
            if byte == UInt8(ascii: "*"), peek() == UInt8(ascii: "/") {
                passComment()
                return nil
            }
        }
        return .comment(start)
    }

    private mutating func passComment() {
        if textStart == nil { advance() } else { take() }
    }
}
