/// Reads and writes intervals: `years-months`, and `days hours:minutes:seconds.nanoseconds`.
public enum IntervalText {
    /// Writes `[-]years-months`.
    public static func append(months: Int32, to sink: inout ByteSink) {
        if months < 0 { sink.append(0x2D) }
        IntegerText.append(UInt64(months.magnitude / 12), to: &sink)
        sink.append(0x2D)
        IntegerText.append(UInt64(months.magnitude % 12), to: &sink)
    }

    /// Writes `[-]days HH:mm:ss.fffffffff`.
    public static func append(nanoseconds: Int128, to sink: inout ByteSink) {
        if nanoseconds < 0 { sink.append(0x2D) }
        let (days, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 86_400_000_000_000)
        IntegerText.append(days, to: &sink)
        sink.append(0x20)
        let (seconds, fraction) = UInt64(rest).quotientAndRemainder(dividingBy: 1_000_000_000)
        TimestampText.appendTime(seconds: Int(seconds), to: &sink)
        sink.append(0x2E)
        IntegerText.append(fraction, minimumDigits: 9, to: &sink)
    }

    /// Reads `[+-]years-months` into months.
    public static func parseMonths(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        var reader = DigitReader(bytes)
        let isNegative = reader.takeSign()
        guard let years = reader.readNumber(1...9), reader.take(0x2D), let months = reader.readNumber(1...2),
            reader.isAtEnd, months < 12
        else { return nil }
        let total = years * 12 + months
        return Int32(exactly: isNegative ? -total : total)
    }

    /// Reads `[+-]days [h]h:[m]m:[s]s[.f…]` into nanoseconds.
    public static func parseNanoseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int128? {
        var reader = DigitReader(bytes)
        let isNegative = reader.takeSign()
        guard let days = reader.readNumber(1...9), reader.take(0x20), let time = reader.readTime(), reader.isAtEnd,
            time < 86_400_000_000_000
        else { return nil }
        let total = CivilDate.timestamp(days: days, nanosecondsOfDay: time)
        return isNegative ? -total : total
    }
}

extension DigitReader {
    /// Takes a sign if there is one; tells whether it was a minus.
    mutating func takeSign() -> Bool {
        if take(0x2D) { return true }
        _ = take(0x2B)
        return false
    }
}
