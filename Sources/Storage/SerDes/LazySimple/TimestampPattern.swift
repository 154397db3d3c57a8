import HoneyCore

/// A pattern of `timestamp.formats`: `millis`, or the fields of a Joda pattern that occur in data.
public struct TimestampPattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        /// A field's letter and how often it is repeated.
        case field(Character, count: Int)
        case literal([UInt8])
    }

    private var parts: [Part] = []
    private var isMilliseconds = false

    /// Reads patterns between commas; a backslash takes the meaning from a comma.
    static func list(_ text: String) -> [TimestampPattern] {
        var patterns: [String] = [""]
        var isEscaped = false
        for character in text {
            if isEscaped || (character != "," && character != "\\") {
                patterns[patterns.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                patterns.append("")
            }
        }
        return patterns.filter { !$0.isEmpty }.map { TimestampPattern($0) }
    }

    init(_ pattern: String) {
        if pattern.lowercased() == "millis" {
            isMilliseconds = true
            return
        }
        var rest = Substring(pattern)
        while let first = rest.first {
            if first == "'" {
                let body = rest.dropFirst().prefix { $0 != "'" }
                parts.append(.literal(Array(body.isEmpty ? "'".utf8 : String(body).utf8)))
                rest = rest.dropFirst(body.count + 2)
            } else if first.isLetter, first.isASCII {
                let run = rest.prefix { $0 == first }
                parts.append(.field(first, count: run.count))
                rest = rest.dropFirst(run.count)
            } else {
                parts.append(.literal(Array(String(first).utf8)))
                rest = rest.dropFirst()
            }
        }
    }

    /// Reads a timestamp; nil when the text is not of this pattern from end to end.
    func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int128? {
        if isMilliseconds { return Self.parseMilliseconds(text) }
        var reader = PatternReader(text: text)
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let bytes):
                guard reader.take(bytes) else { return nil }
            case .field(let letter, let count):
                // A number takes as many digits as it may, unless another number follows at once.
                var isTight = false
                if index + 1 < parts.count, case .field = parts[index + 1] { isTight = true }
                guard reader.readField(letter, count: count, isTight: isTight) else { return nil }
            }
        }
        return reader.isAtEnd ? reader.timestamp : nil
    }

    /// Reads `[-]digits[.digits]`; the fraction is dropped.
    private static func parseMilliseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int128? {
        guard let first = text.first, first != 0x2B, let milliseconds = IntegerText.parse(text) else { return nil }
        return Int128(milliseconds) * 1_000_000
    }
}

/// Reads a pattern's fields out of text.
private struct PatternReader {
    let text: UnsafeBufferPointer<UInt8>
    var index = 0
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var nanosecond = 0
    var isAfternoon = false
    var offsetSeconds = 0

    init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { index == text.count }

    var timestamp: Int128? {
        guard (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute),
            (0...59).contains(second)
        else { return nil }
        let days = CivilDate.days(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour + (isAfternoon ? 12 : 0)) * 60 + minute) * 60 + second - offsetSeconds
        return Int128(seconds) * 1_000_000_000 + Int128(nanosecond)
    }

    mutating func take(_ bytes: [UInt8]) -> Bool {
        guard text.count - index >= bytes.count else { return false }
        for (offset, byte) in bytes.enumerated() where text[index + offset] != byte { return false }
        index += bytes.count
        return true
    }

    mutating func readNumber(atMost limit: Int) -> (value: Int, digits: Int)? {
        var value = 0
        let start = index
        while index < text.count, index - start < limit, text[index] &- 0x30 <= 9 {
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return index > start ? (value, index - start) : nil
    }

    mutating func readWord() -> String {
        let start = index
        while index < text.count, (0x61...0x7A).contains(text[index] | 0x20) { index += 1 }
        return String(decoding: text[start..<index], as: UTF8.self).lowercased()
    }

    mutating func readField(_ letter: Character, count: Int, isTight: Bool) -> Bool {
        switch letter {
        case "M" where count >= 3: return readMonthName()
        case "E": return !readWord().isEmpty
        case "a": return readHalfday()
        case "Z": return readOffset()
        case "S": return readFraction(count)
        default: break
        }
        let limit = isTight ? count : letter == "y" || letter == "Y" || letter == "u" ? 9 : max(count, 2)
        guard let number = readNumber(atMost: limit) else { return false }
        switch letter {
        case "y", "Y", "u": year = count == 2 && number.digits == 2 ? Self.pivoted(number.value) : number.value
        case "M": month = number.value
        case "d": day = number.value
        case "H": hour = number.value
        case "k": hour = number.value % 24
        case "h", "K": hour = number.value % 12
        case "m": minute = number.value
        case "s": second = number.value
        default: return false
        }
        return true
    }

    /// A year of two digits lies within fifty years of 2020.
    private static func pivoted(_ year: Int) -> Int { year < 70 ? 2000 + year : 1900 + year }

    private mutating func readFraction(_ count: Int) -> Bool {
        guard var (value, digits) = readNumber(atMost: min(count, 9)) else { return false }
        while digits < 9 {
            value *= 10
            digits += 1
        }
        nanosecond = value
        return true
    }

    private mutating func readMonthName() -> Bool {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let full = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        let word = readWord()
        guard let found = names.firstIndex(of: word) ?? full.firstIndex(of: word) else { return false }
        month = found + 1
        return true
    }

    private mutating func readHalfday() -> Bool {
        let word = readWord()
        isAfternoon = word == "pm"
        return word == "am" || word == "pm"
    }

    /// Reads `Z`, `+hhmm` or `+hh:mm`.
    private mutating func readOffset() -> Bool {
        if take([0x5A]) { return true }
        let isNegative = take([0x2D])
        guard isNegative || take([0x2B]), let hours = readNumber(atMost: 2) else { return false }
        _ = take([0x3A])
        let minutes = readNumber(atMost: 2)?.value ?? 0
        offsetSeconds = (hours.value * 60 + minutes) * (isNegative ? -60 : 60)
        return true
    }
}
