import HoneyCore

/// Reads dates and timestamps as they occur in JSON.
struct JSONInstant {
    private let patterns: [TimestampPattern]
    private let hasNumbers: Bool

    init(_ dialect: JSONDialect) {
        patterns = dialect.timestampPatterns
        hasNumbers = dialect.isLenient
    }

    /// Reads `yyyy-MM-dd`, of a timestamp its date.
    static func days(_ text: UnsafeBufferPointer<UInt8>) -> Int32? {
        if let days = DateText.parse(text) { return days }
        let trimmed = Self.trimmed(text)
        let date = trimmed.firstIndex { $0 == 0x20 || $0 == 0x54 }.map { UnsafeBufferPointer(rebasing: trimmed[..<$0]) }
        return DateText.parse(date ?? trimmed)
    }

    private static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var (lower, upper) = (0, text.count)
        while lower < upper, text[lower] <= 0x20 { lower += 1 }
        while upper > lower, text[upper - 1] <= 0x20 { upper -= 1 }
        return UnsafeBufferPointer(rebasing: text[lower..<upper])
    }

    /// Reads the table's patterns, `yyyy-MM-dd[ HH:mm:ss[.f…]]` with a `T` for the blank and `Z` or an offset at the end, and
    /// in OpenX's dialect seconds or, of 13 digits and more, milliseconds since 1970.
    func nanoseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int128? {
        for pattern in patterns {
            if let timestamp = pattern.parse(text) { return timestamp }
        }
        if let timestamp = TimestampText.parse(text) { return timestamp }
        if hasNumbers, let timestamp = Self.number(text) { return timestamp }
        return Self.zoned(Self.trimmed(text))
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> Int128? {
        guard text.allSatisfy({ (0x2B...0x39).contains($0) }) else { return nil }
        if text.contains(0x2E) {
            // Seconds with a fraction count to the millisecond.
            return DecimalText.parse(text, precision: 38, scale: 9).map { $0 / 1_000_000 * 1_000_000 }
        }
        return IntegerText.parse(text).map { Int128($0) * (text.count >= 13 ? 1_000_000 : 1_000_000_000) }
    }

    private static func zoned(_ text: UnsafeBufferPointer<UInt8>) -> Int128? {
        guard text.count >= 8, text.count <= 64 else { return nil }
        var rest = Array(text)
        var offsetSeconds = 0
        if rest.last.map({ $0 | 0x20 == 0x7A }) == true {
            rest.removeLast()
        } else if let sign = rest.lastIndex(where: { $0 == 0x2B || $0 == 0x2D }), sign > 10, rest.contains(0x3A) {
            let digits = rest[(sign + 1)...].filter { $0 != 0x3A }
            guard digits.count == 4, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
            let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            offsetSeconds = (number / 100 * 60 + number % 100) * (rest[sign] == 0x2D ? -60 : 60)
            rest.removeSubrange(sign...)
        }
        if let letter = rest.firstIndex(where: { $0 | 0x20 == 0x74 }) { rest[letter] = 0x20 }
        if !rest.contains(0x20) { rest += Array(" 00:00:00".utf8) }
        // Seconds may be left out.
        if rest.count(where: { $0 == 0x3A }) == 1 { rest += Array(":00".utf8) }
        let local = rest.withUnsafeBufferPointer { TimestampText.parse($0) }
        return local.map { $0 - Int128(offsetSeconds) * 1_000_000_000 }
    }
}
