/// Reads and writes timestamps as `yyyy-MM-dd HH:mm:ss[.fffffffff]`.
public enum TimestampText {
    /// Reads `yyyy-[m]m-[d]d [h]h:[m]m:[s]s[.f…]` with at most nine digits of a second; spaces around it are ignored.
    ///
    /// Hours, minutes and seconds beyond their ranges count on, as they do in Hive 2.
    public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Int128? {
        var lower = 0
        var upper = bytes.count
        while lower < upper, bytes[lower] <= 0x20 { lower += 1 }
        while upper > lower, bytes[upper - 1] <= 0x20 { upper -= 1 }
        var reader = DigitReader(UnsafeBufferPointer(rebasing: bytes[lower..<upper]))
        guard let days = reader.readDate(), reader.take(0x20), let nanoseconds = reader.readTime(), reader.isAtEnd
        else { return nil }
        return CivilDate.timestamp(days: days, nanosecondsOfDay: nanoseconds)
    }

    /// Writes the fraction without trailing zeros, and none when it is zero.
    public static func append(_ nanoseconds: Int128, to sink: inout ByteSink) {
        let (days, nanosecondsOfDay) = CivilDate.split(timestamp: nanoseconds)
        DateText.append(days: days, to: &sink)
        sink.append(0x20)
        let (seconds, fraction) = nanosecondsOfDay.quotientAndRemainder(dividingBy: 1_000_000_000)
        appendTime(seconds: seconds, to: &sink)
        guard fraction > 0 else { return }
        var rest = UInt64(fraction)
        var digits = 9
        while rest % 10 == 0 {
            rest /= 10
            digits -= 1
        }
        sink.append(0x2E)
        IntegerText.append(rest, minimumDigits: digits, to: &sink)
    }

    /// Writes seconds of a day as `HH:mm:ss`.
    static func appendTime(seconds: Int, to sink: inout ByteSink) {
        IntegerText.append(UInt64(seconds / 3600), minimumDigits: 2, to: &sink)
        sink.append(0x3A)
        IntegerText.append(UInt64(seconds / 60 % 60), minimumDigits: 2, to: &sink)
        sink.append(0x3A)
        IntegerText.append(UInt64(seconds % 60), minimumDigits: 2, to: &sink)
    }
}

extension DigitReader {
    /// Reads `[h]h:[m]m:[s]s[.f…]` into nanoseconds.
    mutating func readTime() -> Int? {
        guard let hour = readNumber(1...2), take(0x3A), let minute = readNumber(1...2), take(0x3A),
            let second = readNumber(1...2)
        else { return nil }
        var nanoseconds = ((hour * 60 + minute) * 60 + second) * 1_000_000_000
        if take(0x2E) {
            guard let fraction = readFraction() else { return nil }
            nanoseconds += fraction
        }
        return nanoseconds
    }
}
