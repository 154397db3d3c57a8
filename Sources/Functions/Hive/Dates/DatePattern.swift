import HoneyCore

/// A pattern of Java's SimpleDateFormat, such as `yyyy-MM-dd HH:mm:ss`: writes moments and reads them.
struct DatePattern {
    private enum Part: Equatable {
        case literal(String)
        case field(Character, Int)
    }

    private let parts: [Part]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Reads a pattern; nil when it has a letter that means nothing.
    init?(_ pattern: String) {
        var parts: [Part] = []
        var rest = pattern[...]
        while let first = rest.first {
            if first == "'" {
                rest.removeFirst()
                let text = rest.prefix { $0 != "'" }
                rest = rest.dropFirst(text.count + 1)
                parts.append(.literal(text.isEmpty ? "'" : String(text)))
            } else if first.isASCII && first.isLetter {
                guard "GyYMdDHkKhmsSEuaZzXwW".contains(first) else { return nil }
                let run = rest.prefix { $0 == first }
                rest = rest.dropFirst(run.count)
                parts.append(.field(first, run.count))
            } else {
                parts.append(.literal(String(first)))
                rest.removeFirst()
            }
        }
        self.parts = parts
    }

    /// Writes a moment; `zone` names the zone that `z` and `Z` print, with its offset in seconds.
    func format(_ moment: Int128, zone: (name: String, offsetSeconds: Int), into sink: inout ByteSink) {
        let (days, nanoseconds) = CivilDate.split(timestamp: moment)
        let civil = CivilDate.components(ofDays: days)
        let seconds = nanoseconds / 1_000_000_000
        let hour = seconds / 3600
        for part in parts {
            switch part {
            case .literal(let text): sink.append(text)
            case .field("G", _): sink.append(civil.year > 0 ? "AD" : "BC")
            case .field("y", 2), .field("Y", 2): append(civil.year % 100, 2, &sink)
            case .field("y", let width), .field("Y", let width): append(civil.year, width, &sink)
            case .field("M", let width) where width >= 3: appendName(DatePattern.months[civil.month - 1], width, &sink)
            case .field("M", let width): append(civil.month, width, &sink)
            case .field("d", let width): append(civil.day, width, &sink)
            case .field("D", let width):
                append(days - CivilDate.days(year: civil.year, month: 1, day: 1) + 1, width, &sink)
            case .field("H", let width): append(hour, width, &sink)
            case .field("k", let width): append(hour == 0 ? 24 : hour, width, &sink)
            case .field("K", let width): append(hour % 12, width, &sink)
            case .field("h", let width): append(hour % 12 == 0 ? 12 : hour % 12, width, &sink)
            case .field("m", let width): append(seconds / 60 % 60, width, &sink)
            case .field("s", let width): append(seconds % 60, width, &sink)
            case .field("S", let width): append(nanoseconds / 1_000_000 % 1000, width, &sink)
            case .field("E", let width):
                appendName(DatePattern.weekdays[DateParts.weekday(days) - 1], max(width, 3), &sink)
            case .field("u", let width): append(DateParts.weekday(days), width, &sink)
            case .field("a", _): sink.append(hour < 12 ? "AM" : "PM")
            case .field("z", _): sink.append(zone.name)
            case .field("Z", _): appendOffset(zone.offsetSeconds, separator: "", &sink)
            case .field("X", let width):
                if zone.offsetSeconds == 0 {
                    sink.append("Z")
                } else {
                    appendOffset(zone.offsetSeconds, separator: width >= 3 ? ":" : "", &sink)
                }
            case .field("w", let width):
                append(
                    (days - CivilDate.days(year: civil.year, month: 1, day: 1) + DateParts.weekday(
                        CivilDate.days(year: civil.year, month: 1, day: 1)) % 7) / 7 + 1, width, &sink)
            case .field: break
            }
        }
    }

    private func append(_ number: Int, _ width: Int, _ sink: inout ByteSink) {
        if number < 0 { sink.append(UInt8(ascii: "-")) }
        IntegerText.append(UInt64(number.magnitude), minimumDigits: width, to: &sink)
    }

    private func appendName(_ name: String, _ width: Int, _ sink: inout ByteSink) {
        sink.append(width >= 4 ? name : String(name.prefix(3)))
    }

    private func appendOffset(_ seconds: Int, separator: String, _ sink: inout ByteSink) {
        sink.append(seconds < 0 ? "-" : "+")
        append(abs(seconds) / 3600, 2, &sink)
        sink.append(separator)
        append(abs(seconds) / 60 % 60, 2, &sink)
    }

    /// What reading a text gave: a moment of the clock it is written in, and the zone it names, if any.
    struct Reading {
        var moment: Int128
        var offsetSeconds: Int?
    }

    /// Reads a text that begins with the pattern, leniently as Java does (month 13 is the next January); nil when it does not.
    func parse(_ text: String) -> Reading? {
        var rest = text[...]
        var fields: [Character: Int] = [:]
        var offset: Int?
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let literal):
                guard rest.hasPrefix(literal) else { return nil }
                rest = rest.dropFirst(literal.count)
            case .field(let letter, let width):
                if "zZX".contains(letter) {
                    guard let seconds = DatePattern.takeOffset(&rest) else { return nil }
                    offset = seconds
                } else if letter == "a" {
                    let word = rest.prefix(2).uppercased()
                    guard word == "AM" || word == "PM" else { return nil }
                    fields["a"] = word == "PM" ? 1 : 0
                    rest = rest.dropFirst(2)
                } else if letter == "M" && width >= 3 || letter == "E" {
                    guard
                        let value = DatePattern.takeName(
                            &rest, letter == "M" ? DatePattern.months : DatePattern.weekdays)
                    else { return nil }
                    fields[letter] = value
                } else {
                    // Fields that touch the next one take exactly their width.
                    var isAdjacent = false
                    if index + 1 < parts.count, case .field = parts[index + 1] { isAdjacent = true }
                    guard let value = DatePattern.takeNumber(&rest, width: isAdjacent ? width : nil) else { return nil }
                    fields[letter] = letter == "y" && width == 2 ? DatePattern.fullYear(value) : value
                }
            }
        }
        return Reading(moment: DatePattern.moment(of: fields), offsetSeconds: offset)
    }

    private static func moment(of fields: [Character: Int]) -> Int128 {
        var hour = fields["H"] ?? fields["k"].map { $0 % 24 } ?? 0
        if let half = fields["h"].map({ $0 % 12 }) ?? fields["K"] { hour = half + (fields["a"] ?? 0) * 12 }
        let months = (fields["y"] ?? 1970) * 12 + (fields["M"] ?? 1) - 1
        let month = months.quotientAndRemainder(dividingBy: 12)
        let first = CivilDate.days(year: month.quotient, month: month.remainder + 1, day: 1)
        let days =
            fields["D"].map { CivilDate.days(year: month.quotient, month: 1, day: 1) + $0 - 1 }
            ?? first + (fields["d"] ?? 1) - 1
        let seconds = Int128(hour) * 3600 + Int128(fields["m"] ?? 0) * 60 + Int128(fields["s"] ?? 0)
        return Int128(days) * CivilDate.nanosecondsPerDay + seconds * CivilDate.nanosecondsPerSecond
            + Int128(fields["S"] ?? 0) * 1_000_000
    }

    private static func takeNumber(_ rest: inout Substring, width: Int?) -> Int? {
        let isNegative = rest.hasPrefix("-")
        let digits = rest.dropFirst(isNegative ? 1 : 0).prefix { $0.isASCII && $0.isNumber }.prefix(min(width ?? 9, 9))
        guard let value = Int(digits) else { return nil }
        rest = rest.dropFirst(digits.count + (isNegative ? 1 : 0))
        return isNegative ? -value : value
    }

    private static func takeName(_ rest: inout Substring, _ names: [String]) -> Int? {
        let lower = rest.lowercased()
        for (index, name) in names.enumerated() {
            for form in [name, String(name.prefix(3))] where lower.hasPrefix(form.lowercased()) {
                rest = rest.dropFirst(form.count)
                return index + 1
            }
        }
        return nil
    }

    private static func takeOffset(_ rest: inout Substring) -> Int? {
        for name in ["UTC", "GMT", "Z"] where rest.hasPrefix(name) {
            rest = rest.dropFirst(name.count)
            return 0
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
        let digits = rest.dropFirst().prefix { $0.isNumber || $0 == ":" }
        let plain = digits.filter { $0 != ":" }
        guard plain.count == 4, let number = Int(plain) else { return nil }
        rest = rest.dropFirst(digits.count + 1)
        return (number / 100 * 3600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
    }

    private static func fullYear(_ year: Int) -> Int { year < 0 || year > 99 ? year : year + (year < 47 ? 2000 : 1900) }
}
