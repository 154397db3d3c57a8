import HoneyCore

/// Where a JSON value lies: its text with its quotes or brackets; `null` has length -1.
struct JSONToken {
    var start: Int
    /// With `escapedBit` for strings that have an escape in them.
    var length: Int

    /// Marks a length; no record is that long.
    static let escapedBit = FieldMap.maximumBytes
}

/// Steps through JSON text and checks its grammar.
///
/// Strict text is RFC 8259's. Lenient text may have bare words, single quotes, control characters in strings, `=` for `:`,
/// `;` for `,` and a comma after the last member, as OpenX's parser allows. Eight bytes past the end must be readable.
struct JSONScanner {
    let bytes: UnsafePointer<UInt8>
    let end: Int
    private let isLenient: Bool
    var index: Int
    /// What is wrong at `index` when a step has failed.
    private(set) var problem: StaticString = ""
    /// Whether the last object or array was read to its end.
    private(set) var hasEnded = false

    /// Values nested deeper are refused.
    static let deepest = 512

    init(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, _ isLenient: Bool) {
        self.bytes = bytes
        self.end = end
        self.isLenient = isLenient
        index = start
    }

    var isAtEnd: Bool { index >= end }

    @inline(__always)
    func isAt(_ byte: UInt8) -> Bool { index < end && bytes[index] == byte }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard isAt(byte) else { return false }
        index &+= 1
        return true
    }

    @inline(__always)
    mutating func skipBlanks() {
        while index < end, bytes[index] <= 0x20 {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || isLenient else { return }
            index &+= 1
        }
    }

    @inline(never)
    mutating func fail(_ problem: StaticString) -> Bool {
        self.problem = problem
        return false
    }

    @inline(never)
    mutating func failed(_ problem: StaticString) -> JSONToken? {
        self.problem = problem
        return nil
    }

    /// The next member's key, with the colon after it read; nil at the object's end (`hasEnded`) and where it is malformed.
    @inline(__always)
    mutating func nextKey(isFirst: Bool) -> JSONToken? {
        guard startMember(isFirst: isFirst, closing: 0x7D) else { return nil }
        let key: JSONToken?
        if isAt(0x22) {
            key = scanString()
        } else {
            key = isLenient ? scanLenientKey() : failed("a field's name in quotes is missing")
        }
        guard let key else { return nil }
        skipBlanks()
        guard take(0x3A) || (isLenient && takeArrow()) else { return failed("a colon is missing after a field's name") }
        return key
    }

    /// Tells whether an array has a next element; false at its end (`hasEnded`) and where it is malformed.
    @inline(__always)
    mutating func hasElement(isFirst: Bool) -> Bool { startMember(isFirst: isFirst, closing: 0x5D) }

    @inline(__always)
    private mutating func startMember(isFirst: Bool, closing: UInt8) -> Bool {
        hasEnded = false
        skipBlanks()
        if !isFirst {
            if take(closing) {
                hasEnded = true
                return false
            }
            guard take(0x2C) || (isLenient && take(0x3B)) else { return fail("a comma or the end is missing") }
            skipBlanks()
        }
        if isFirst || isLenient, take(closing) {
            hasEnded = true
            return false
        }
        return true
    }

    /// Reads a value of any kind.
    @inline(__always)
    mutating func scanValue() -> JSONToken? {
        skipBlanks()
        guard index < end else { return failed("a value is missing") }
        let first = bytes[index]
        if first == 0x22 { return scanString() }
        if !isLenient, first &- 0x30 <= 9 || first == 0x2D { return scanNumber() }
        return scanOther(depth: 0)
    }

    @inline(never)
    private mutating func scanOther(depth: Int) -> JSONToken? {
        skipBlanks()
        guard index < end else { return failed("a value is missing") }
        switch bytes[index] {
        case 0x22: return scanString()
        case 0x7B: return scanObject(depth: depth)
        case 0x5B: return scanArray(depth: depth)
        default: break
        }
        if isLenient { return bytes[index] == 0x27 ? scanSingleQuoted() : scanBare() }
        switch bytes[index] {
        case 0x2D, 0x30...0x39: return scanNumber()
        case 0x74: return scanWord("true")
        case 0x66: return scanWord("false")
        case 0x6E: return scanWord("null").map { JSONToken(start: $0.start, length: -1) }
        default: return failed("this begins no value")
        }
    }

    private mutating func scanObject(depth: Int) -> JSONToken? {
        guard depth < JSONScanner.deepest else { return failed("values are nested too deep") }
        let start = index
        index &+= 1
        var isFirst = true
        while nextKey(isFirst: isFirst) != nil {
            guard scanOther(depth: depth + 1) != nil else { return nil }
            isFirst = false
        }
        return hasEnded ? JSONToken(start: start, length: index - start) : nil
    }

    private mutating func scanArray(depth: Int) -> JSONToken? {
        guard depth < JSONScanner.deepest else { return failed("values are nested too deep") }
        let start = index
        index &+= 1
        var isFirst = true
        while hasElement(isFirst: isFirst) {
            guard scanOther(depth: depth + 1) != nil else { return nil }
            isFirst = false
        }
        return hasEnded ? JSONToken(start: start, length: index - start) : nil
    }

    private mutating func scanWord(_ word: StaticString) -> JSONToken? {
        let count = word.utf8CodeUnitCount
        guard end - index >= count, (0..<count).allSatisfy({ bytes[index + $0] == word.utf8Start[$0] }) else {
            return failed("this is no word of JSON")
        }
        defer { index += count }
        return JSONToken(start: index, length: count)
    }

    /// Marks the bytes of a word that end or change a string: quote, backslash and control characters. The lowest mark is
    /// right, and that is all that is looked at.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let escape = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let ones: UInt64 = 0x0101_0101_0101_0101
        let isQuote = (quote &- ones) & ~quote
        let isEscape = (escape &- ones) & ~escape
        let isControl = (word &- 0x2020_2020_2020_2020) & ~word
        return (isQuote | isEscape | isControl) & 0x8080_8080_8080_8080
    }

    /// Reads a string that begins here.
    @inline(__always)
    private mutating func scanString() -> JSONToken? {
        let start = index
        var next = start &+ 1
        while next < end {
            let marks = Self.marks(Digits.word(bytes + next))
            if marks == 0 {
                next &+= 8
                continue
            }
            next &+= marks.trailingZeroBitCount >> 3
            guard next < end else { break }
            guard bytes[next] == 0x22 else { return scanEscapedString(from: start, at: next) }
            index = next &+ 1
            return JSONToken(start: start, length: index &- start)
        }
        return failed("a string does not end")
    }

    /// Reads on in a string at its first escape or control character.
    @inline(never)
    mutating func scanEscapedString(from start: Int, at first: Int, quote: UInt8 = 0x22) -> JSONToken? {
        var next = first
        var escaped = 0
        while next < end {
            let byte = bytes[next]
            if byte == quote {
                index = next + 1
                return JSONToken(start: start, length: (index - start) | escaped)
            }
            if byte == 0x5C {
                escaped = JSONToken.escapedBit
                guard let length = JSONEscapes.length(bytes + next, atMost: end - next) else {
                    index = next
                    return failed("this is no escape")
                }
                next += length
            } else if byte < 0x20, !isLenient {
                index = next
                return failed("a string holds a control character")
            } else {
                next += 1
            }
        }
        return failed("a string does not end")
    }

    /// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    @inline(__always)
    private mutating func scanNumber() -> JSONToken? {
        let start = index
        _ = take(0x2D)
        let startsWithZero = isAt(0x30)
        let whole = skipDigits()
        if whole == 0 || (startsWithZero && whole > 1) { return failed("this is no number") }
        if index < end, bytes[index] == 0x2E {
            index &+= 1
            if skipDigits() == 0 { return failed("this is no number") }
        }
        if index < end, bytes[index] | 0x20 == 0x65 {
            index &+= 1
            if !take(0x2B) { _ = take(0x2D) }
            if skipDigits() == 0 { return failed("this is no number") }
        }
        return JSONToken(start: start, length: index &- start)
    }

    @inline(__always)
    private mutating func skipDigits() -> Int {
        let start = index
        while index < end, bytes[index] &- 0x30 <= 9 { index &+= 1 }
        return index &- start
    }
}
