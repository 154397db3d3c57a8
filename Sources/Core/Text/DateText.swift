/// Reads and writes dates as `yyyy-MM-dd`.
public enum DateText {
    /// Reads `yyyy-[m]m-[d]d` with a year of four digits; days up to 31 that a month lacks count into the next month.
    @inlinable public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard bytes.count == 10, let start = bytes.baseAddress else { return parseShortForm(bytes) }
        // Ten bytes at once: the separators must match and every other byte be a digit.
        let d0 = Int(start[0] &- 0x30)
        let d1 = Int(start[1] &- 0x30)
        let d2 = Int(start[2] &- 0x30)
        let d3 = Int(start[3] &- 0x30)
        let d5 = Int(start[5] &- 0x30)
        let d6 = Int(start[6] &- 0x30)
        let d8 = Int(start[8] &- 0x30)
        let d9 = Int(start[9] &- 0x30)
        guard start[4] == 0x2D, start[7] == 0x2D, d0 < 10, d1 < 10, d2 < 10, d3 < 10, d5 < 10, d6 < 10, d8 < 10, d9 < 10
        else { return nil }
        let month = d5 &* 10 &+ d6
        let day = d8 &* 10 &+ d9
        guard month &- 1 >= 0, month <= 12, day >= 1, day <= 31 else { return nil }
        let year = (d0 &* 10 &+ d1) &* 100 &+ d2 &* 10 &+ d3
        return Int32(truncatingIfNeeded: CivilDate.days(year: year, month: month, day: day))
    }

    @usableFromInline @inline(never)
    static func parseShortForm(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        var reader = DigitReader(bytes)
        guard let days = reader.readDate(), reader.isAtEnd else { return nil }
        return Int32(truncatingIfNeeded: days)
    }

    /// Writes `yyyy-MM-dd`, years beyond 9999 with all their digits.
    public static func append(_ days: Int32, to sink: inout ByteSink) { append(days: Int(days), to: &sink) }

    public static func append(days: Int, to sink: inout ByteSink) {
        let date = CivilDate.components(ofDays: days)
        if date.year < 0 { sink.append(0x2D) }
        IntegerText.append(UInt64(date.year.magnitude), minimumDigits: 4, to: &sink)
        sink.append(0x2D)
        IntegerText.append(UInt64(date.month), minimumDigits: 2, to: &sink)
        sink.append(0x2D)
        IntegerText.append(UInt64(date.day), minimumDigits: 2, to: &sink)
    }
}

/// Reads runs of digits from bytes, for dates and times.
struct DigitReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// Reads as many digits as there are; nil unless their number lies in `lengths`, which must end at 18 or before.
    mutating func readNumber(_ lengths: ClosedRange<Int>) -> Int? {
        let start = index
        var value = 0
        while index < bytes.count, bytes[index] &- 0x30 <= 9 {
            guard index - start < lengths.upperBound else { return nil }
            value = value * 10 + Int(bytes[index] &- 0x30)
            index += 1
        }
        return index - start >= lengths.lowerBound ? value : nil
    }

    /// Reads `yyyy-[m]m-[d]d` into days.
    mutating func readDate() -> Int? {
        guard let year = readNumber(4...4), take(0x2D), let month = readNumber(1...2), take(0x2D),
            let day = readNumber(1...2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return CivilDate.days(year: year, month: month, day: day)
    }

    /// Reads the digits after a point as nanoseconds; nil for none or more than nine.
    mutating func readFraction() -> Int? {
        let start = index
        guard var value = readNumber(1...9) else { return nil }
        for _ in (index - start)..<9 { value *= 10 }
        return value
    }
}
