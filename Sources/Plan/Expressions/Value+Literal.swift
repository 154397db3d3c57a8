public import HoneyCore

extension Value {
    /// Writes the value as a literal of a type: `5`, `5L`, `'it''s'`, `date '1998-12-01'`, `interval '1-2' year to month`.
    ///
    /// Numbers that are not `int` or `decimal` carry their suffix, so that equal texts mean equal types.
    public func literal(_ type: DataType) -> String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)" + Value.suffix(of: type)
        case .real(let value): "\(value)" + (type == .float ? "F" : "D")
        case .decimal(let unscaled): Value.decimalText(unscaled, type)
        case .string(let text): Value.quoted(text)
        case .binary(let bytes): "x'" + bytes.map { Value.twoDigits(Int($0), radix: 16) }.joined() + "'"
        case .date(let days): "date '\(Value.dateText(Int(days)))'"
        case .timestamp(let nanoseconds): "timestamp '\(Value.timestampText(nanoseconds))'"
        case .months(let months): Value.monthsText(Int(months))
        case .nanoseconds(let nanoseconds): Value.durationText(nanoseconds)
        case .array, .map, .structure, .union: nestedLiteral(type)
        }
    }

    private func nestedLiteral(_ type: DataType) -> String {
        switch (self, type) {
        case (.array(let values), .array(let element)):
            "array(" + values.map { $0.literal(element) }.joined(separator: ", ") + ")"
        case (.map(let entries), .map(let key, let value)):
            "map(" + entries.map { "\($0.key.literal(key)), \($0.value.literal(value))" }.joined(separator: ", ") + ")"
        case (.structure(let values), .structure(let fields)):
            "struct("
                + zip(fields, values).map { "\($0.name) := \($1.literal($0.type))" }.joined(separator: ", ") + ")"
        case (.union(let tag, let value), .union(let branches)):
            "union(\(tag) := \(value.literal(branches[Int(tag)])))"
        default: "\(self)"
        }
    }

    private static func suffix(of type: DataType) -> String {
        switch type {
        case .tinyint: "Y"
        case .smallint: "S"
        case .bigint: "L"
        default: ""
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "'"
        for character in text.unicodeScalars {
            switch character {
            case "'": result += "''"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\0": result += "\\0"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "'"
    }

    private static func twoDigits(_ number: Int, radix: Int = 10) -> String {
        (number < radix ? "0" : "") + String(number, radix: radix)
    }

    private static func decimalText(_ unscaled: Int128, _ type: DataType) -> String {
        guard case .decimal(_, let scale) = type, scale > 0 else { return "\(unscaled)" }
        var digits = "\(unscaled.magnitude)"
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        let point = digits.index(digits.endIndex, offsetBy: -scale)
        return (unscaled < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
    }

    private static func dateText(_ days: Int) -> String {
        // Years are counted from March, so that the leap day is the last of its year; 146,097 days make 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let yearText = "\(abs(year))"
        let padding = String(repeating: "0", count: max(0, 4 - yearText.count))
        return (year < 0 ? "-" : "") + padding + yearText + "-" + twoDigits(month) + "-"
            + twoDigits(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// `hh:mm:ss` with as many digits of the second's fraction as there are.
    private static func clockText(_ nanoseconds: Int) -> String {
        let seconds = nanoseconds / 1_000_000_000
        var text = twoDigits(seconds / 3600) + ":" + twoDigits(seconds / 60 % 60) + ":" + twoDigits(seconds % 60)
        let fraction = nanoseconds % 1_000_000_000
        if fraction > 0 {
            var digits = String("\(1_000_000_000 + fraction)".dropFirst())
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text
    }

    private static let dayNanoseconds: Int128 = 86_400_000_000_000

    private static func timestampText(_ nanoseconds: Int128) -> String {
        var (days, clock) = nanoseconds.quotientAndRemainder(dividingBy: dayNanoseconds)
        if clock < 0 { (days, clock) = (days - 1, clock + dayNanoseconds) }
        return dateText(Int(clamping: days)) + " " + clockText(Int(clock))
    }

    private static func monthsText(_ months: Int) -> String {
        "interval '\(months < 0 ? "-" : "")\(abs(months) / 12)-\(abs(months) % 12)' year to month"
    }

    private static func durationText(_ nanoseconds: Int128) -> String {
        let (days, clock) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: dayNanoseconds.magnitude)
        return "interval '\(nanoseconds < 0 ? "-" : "")\(days) \(clockText(Int(clock)))' day to second"
    }
}
