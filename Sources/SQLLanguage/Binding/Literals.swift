import HoneyCore
import HoneyPlan

/// Turns literals as written into typed values.
enum Literals {
    /// Reads a number: an integer is int, bigint or decimal, whichever first holds it; one with a point is a decimal
    /// without its trailing zeros; one with an exponent is a double. Suffixes: Y tinyint, S smallint, L bigint, D double,
    /// BD decimal.
    static func number(_ text: String, isNegative: Bool = false, at position: SourcePosition) throws -> Expression {
        let upper = text.uppercased()
        let signed = (isNegative ? "-" : "") + upper
        let literal: Expression? =
            if upper.hasSuffix("BD") {
                decimal(String(signed.dropLast(2)))
            } else if let (type, range) = integerSuffix(upper.last) {
                integer(String(signed.dropLast()), type, in: range)
            } else if upper.hasSuffix("D") {
                double(String(signed.dropLast()))
            } else if upper.contains("E") {
                double(signed)
            } else if upper.contains(".") {
                decimal(signed) ?? double(signed)
            } else {
                // The digits alone decide, as the sign comes after in Hive: -2147483648 is a bigint.
                integer(signed, .int, in: -Int64(Int32.max)...Int64(Int32.max))
                    ?? integer(signed, .bigint, in: -Int64.max ... .max) ?? decimal(signed) ?? double(signed)
            }
        guard let literal else {
            throw HoneyError.semantic("INVALID_LITERAL", "number is out of range: \(text)", at: position)
        }
        return literal
    }

    private static func integerSuffix(_ last: Character?) -> (DataType, ClosedRange<Int64>)? {
        switch last {
        case "Y": (.tinyint, -128...127)
        case "S": (.smallint, -32768...32767)
        case "L": (.bigint, .min ... .max)
        default: nil
        }
    }

    private static func integer(_ text: String, _ type: DataType, in range: ClosedRange<Int64>) -> Expression? {
        guard let value = Int64(text), range.contains(value) else { return nil }
        return .literal(.integer(value), type)
    }

    private static func double(_ text: String) -> Expression? {
        guard let value = Double(text), value.isFinite else { return nil }
        return .literal(.real(value), .double)
    }

    private static func decimal(_ text: String) -> Expression? {
        let digits = text.drop { $0 == "-" || $0 == "+" }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard digits.contains(where: \.isNumber), digits.allSatisfy({ $0.isNumber || $0 == "." }) else { return nil }
        let whole = parts[0].drop { $0 == "0" }
        var fraction = parts.count > 1 ? parts[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        guard whole.count <= DataType.maximumDecimalPrecision else { return nil }
        let scale = min(fraction.count, DataType.maximumDecimalPrecision - whole.count)
        let precision = max(whole.count + scale, 1)
        let value = Array(text.utf8).withUnsafeBufferPointer {
            DecimalText.parse($0, precision: precision, scale: scale)
        }
        return value.map { .literal(.decimal($0), .decimal(precision: precision, scale: scale)) }
    }

    /// Reads `yyyy-MM-dd`; a day that the month lacks is an error.
    static func date(_ text: String, at position: SourcePosition) throws -> Expression {
        guard let days = days(text) else {
            throw HoneyError.semantic("INVALID_LITERAL", "invalid date literal: '\(text)'", at: position)
        }
        return .literal(.date(days), .date)
    }

    /// Reads `yyyy-MM-dd[ HH:mm:ss[.fffffffff]]`.
    static func timestamp(_ text: String, at position: SourcePosition) throws -> Expression {
        let nanoseconds: Int128? =
            days(text).map { Int128($0) * 86_400_000_000_000 }
            ?? Array(text.utf8).withUnsafeBufferPointer { TimestampText.parse($0) }
        guard let nanoseconds, isOnCalendar(text) else {
            throw HoneyError.semantic("INVALID_LITERAL", "invalid timestamp literal: '\(text)'", at: position)
        }
        return .literal(.timestamp(nanoseconds), .timestamp)
    }

    private static func days(_ text: String) -> Int32? {
        guard isOnCalendar(text) else { return nil }
        return Array(text.utf8).withUnsafeBufferPointer { DateText.parse($0) }
    }

    /// Tells whether the text starts with a day that exists and any clock time is one; the readers count on over both.
    private static func isOnCalendar(_ text: String) -> Bool {
        let numbers = text.split(whereSeparator: { "- :.".contains($0) }).map { Int($0) ?? -1 }
        guard numbers.count >= 3 else { return false }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return false }
        let parts = CivilDate.components(ofDays: CivilDate.days(year: year, month: month, day: day))
        let limits = [24, 60, 60]
        return parts.month == month && zip(numbers.dropFirst(3), limits).allSatisfy { (0..<$1).contains($0) }
    }
}
