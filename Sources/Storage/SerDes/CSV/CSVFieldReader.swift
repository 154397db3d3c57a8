import HoneyCore

/// Reads the fields of a CSV record that are more than plain or wholly quoted text, character by character, just as
/// opencsv 2.3 does.
///
/// Its rules are its own: an escape counts only where text has begun and before a quote or an escape, and is dropped
/// elsewhere; a quote in the midst of text stays, but drops blanks before it; a quote turns separators on and off
/// wherever it stands.
struct CSVFieldReader {
    let bytes: UnsafePointer<UInt8>
    /// The record's end.
    let end: Int
    private let characters: CSVCharacters
    private var lineStart: Int
    private var lineEnd: Int

    init(_ bytes: UnsafePointer<UInt8>, record: Range<Int>, _ characters: CSVCharacters) {
        self.bytes = bytes
        self.characters = characters
        end = record.upperBound
        lineStart = record.lowerBound
        lineEnd = lineStart
        findLineEnd()
    }

    private mutating func findLineEnd() {
        lineEnd = lineStart
        while lineEnd < end, bytes[lineEnd] != 0x0A, bytes[lineEnd] != 0x0D { lineEnd += 1 }
    }

    /// Reads the field that starts at `index` into `text` and moves `index` past it and its separator.
    ///
    /// Returns whether another field follows; nil when the record ends within quotes, so that there is no field.
    mutating func read(from index: inout Int, into text: inout [UInt8]) -> Bool? {
        text.removeAll(keepingCapacity: true)
        var isQuoted = false
        var hasBegun = false
        while true {
            guard index < lineEnd else {
                guard isQuoted else { return false }
                text.append(0x0A)
                guard moveToNextLine(&index) else { return nil }
                continue
            }
            let (role, length) = characters.role(bytes, index, lineEnd)
            let next = index + length
            switch role {
            case .escape:
                if isQuoted || hasBegun, let character = quoteOrEscape(at: next) {
                    text.append(contentsOf: character)
                    index = next + character.count
                } else {
                    index = next
                }
            case .quote:
                if isQuoted || hasBegun, characters.isThere(characters.quote, bytes, next, lineEnd) {
                    text.append(contentsOf: characters.quote)
                    index = next + length
                } else {
                    if isAmidText(index, next) {
                        if !text.isEmpty, Self.isBlank(text) {
                            text.removeAll(keepingCapacity: true)
                        } else {
                            text.append(contentsOf: characters.quote)
                        }
                    }
                    isQuoted.toggle()
                    index = next
                }
                hasBegun.toggle()
            case .separator where !isQuoted:
                index = next
                return true
            default:
                for offset in index..<next { text.append(bytes[offset]) }
                index = next
                hasBegun = true
            }
        }
    }

    private mutating func moveToNextLine(_ index: inout Int) -> Bool {
        guard lineEnd < end else { return false }
        index = lineEnd + (bytes[lineEnd] == 0x0D && lineEnd + 1 < end && bytes[lineEnd + 1] == 0x0A ? 2 : 1)
        guard index < end else { return false }
        lineStart = index
        findLineEnd()
        return true
    }

    private func quoteOrEscape(at index: Int) -> [UInt8]? {
        if characters.isThere(characters.quote, bytes, index, lineEnd) { return characters.quote }
        return characters.isThere(characters.escape, bytes, index, lineEnd) ? characters.escape : nil
    }

    /// Tells whether a quote stands neither in a line's first three characters nor beside a separator or the end.
    private func isAmidText(_ index: Int, _ next: Int) -> Bool {
        // Three characters of UTF-16 take nine bytes at most.
        if index - lineStart < 10 {
            let before = UnsafeBufferPointer(start: bytes + lineStart, count: index - lineStart)
            guard String(decoding: before, as: UTF8.self).utf16.count > 2 else { return false }
        }
        return next < lineEnd && !characters.isThere(characters.separator, bytes, next, lineEnd)
            && !characters.isThere(characters.separator, bytes, index - characters.separator.count, lineEnd)
    }

    /// Tells whether there is nothing but what Java calls white space.
    private static func isBlank(_ text: [UInt8]) -> Bool {
        if text.allSatisfy({ $0 < 0x80 }) { return text.allSatisfy { (9...13).contains($0) || (28...32).contains($0) } }
        let noBreak: Set<UInt32> = [0xA0, 0x2007, 0x202F]
        return String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: !noBreak.contains(scalar.value)
            default: (9...13).contains(scalar.value) || (28...31).contains(scalar.value)
            }
        }
    }
}
