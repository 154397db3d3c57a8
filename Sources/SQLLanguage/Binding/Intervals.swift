import HoneyCore
import HoneyPlan

/// Turns interval literals into counts of months or nanoseconds.
enum Intervals {
    private static let second: Int128 = 1_000_000_000

    /// The value of `interval '…' unit`; nil when the text does not fit the unit.
    static func literal(_ text: String, _ unit: IntervalSyntax.Unit) -> Expression? {
        switch unit {
        case .yearToMonth:
            Array(text.utf8).withUnsafeBufferPointer { IntervalText.parseMonths($0) }
                .map { .literal(.months($0), .intervalYearMonth) }
        case .dayToSecond:
            Array(text.utf8).withUnsafeBufferPointer { IntervalText.parseNanoseconds($0) }
                .map { .literal(.nanoseconds($0), .intervalDayTime) }
        case .year: months(text, each: 12)
        case .quarter: months(text, each: 3)
        case .month: months(text, each: 1)
        case .week: nanoseconds(text, each: second * 604_800)
        case .day: nanoseconds(text, each: second * 86_400)
        case .hour: nanoseconds(text, each: second * 3600)
        case .minute: nanoseconds(text, each: second * 60)
        case .second: fractionalSeconds(text)
        }
    }

    private static func months(_ text: String, each: Int32) -> Expression? {
        guard let count = Int32(trimmed(text)) else { return nil }
        let (total, overflow) = count.multipliedReportingOverflow(by: each)
        return overflow ? nil : .literal(.months(total), .intervalYearMonth)
    }

    private static func nanoseconds(_ text: String, each: Int128) -> Expression? {
        Int32(trimmed(text)).map { .literal(.nanoseconds(Int128($0) * each), .intervalDayTime) }
    }

    private static func fractionalSeconds(_ text: String) -> Expression? {
        let value = Array(trimmed(text).utf8).withUnsafeBufferPointer {
            DecimalText.parse($0, precision: 28, scale: 9)
        }
        return value.map { .literal(.nanoseconds($0), .intervalDayTime) }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension ExpressionBinder {
    /// Binds `interval amount unit`; an amount that is no literal multiplies an interval of one unit.
    func bind(_ interval: IntervalSyntax, at position: SourcePosition) throws -> Expression {
        let text: String? =
            switch interval.amount.form {
            case .string(let text), .number(let text): text
            case .call(let call) where call.name == "negative" && call.arguments.count == 1:
                if case .number(let text) = call.arguments[0].form { "-" + text } else { nil }
            default: nil
            }
        guard let text else {
            throw HoneyError.unsupported("interval amount must be a literal", at: interval.amount.position)
        }
        guard let literal = Intervals.literal(text, interval.unit) else {
            throw HoneyError.semantic(
                "INVALID_LITERAL", "invalid interval literal of \(interval.unit.rawValue): '\(text)'", at: position)
        }
        return literal
    }
}
