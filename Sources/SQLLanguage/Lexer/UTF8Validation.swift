import HoneyCore

/// Checks that bytes are a text.
enum UTF8Validation {
    /// Returns the offset of the first byte that is not well-formed UTF-8.
    static func firstInvalidOffset(in bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            let length = sequenceLength(in: bytes, at: index)
            if length == 0 { return index }
            index += length
        }
        return nil
    }

    /// Fails with the position of the first byte that is not well-formed UTF-8.
    static func check(_ bytes: [UInt8], at start: SourcePosition) throws(HoneyError) {
        guard let offset = firstInvalidOffset(in: bytes) else { return }
        var position = start
        for byte in bytes[..<offset] {
            if byte == UInt8(ascii: "\n") {
                position = SourcePosition(line: position.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                position.column += 1
            }
        }
        let code = String(bytes[offset], radix: 16, uppercase: true)
        let message = "the text is not UTF-8: unexpected byte 0x\(bytes[offset] < 16 ? "0" : "")\(code)"
        throw HoneyError(.parse, "INVALID_UTF8", message, at: position)
    }

    /// The length of the well-formed sequence at an index, 0 when it is none.
    ///
    /// | first byte | second byte | further bytes |
    /// |---|---|---|
    /// | 00–7F | | |
    /// | C2–DF | 80–BF | |
    /// | E0 / ED / other E1–EF | A0–BF / 80–9F / 80–BF | 80–BF |
    /// | F0 / F4 / F1–F3 | 90–BF / 80–8F / 80–BF | 80–BF, 80–BF |
    private static func sequenceLength(in bytes: [UInt8], at index: Int) -> Int {
        let first = bytes[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if first == 0xE0 { second = 0xA0...0xBF } else if first == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if first == 0xF0 { second = 0x90...0xBF } else if first == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        guard bytes[(index + 2)..<max(index + 2, index + length)].allSatisfy({ $0 & 0xC0 == 0x80 }) else { return 0 }
        return length
    }
}
