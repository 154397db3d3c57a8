import HoneyCore
import HoneyPlan

/// Functions that take a number out of a date or a time.
enum DateParts {
    static let all: [any ScalarFunction] = [
        datePart("year", "Gives the year.", "2026") { $0.year },
        datePart("quarter", "Gives the quarter of the year, 1 to 4.", "4") { ($0.month + 2) / 3 },
        datePart("month", "Gives the month, 1 to 12.", "11") { $0.month },
        datePart("day", aliases: ["dayofmonth"], "Gives the day of the month.", "22") { $0.day },
        dayPart("dayofweek", "Gives the day of the week, 1 for Sunday to 7 for Saturday.", "1") { weekday($0) % 7 + 1 },
        dayPart(
            "weekofyear",
            "Gives the week of the year by ISO 8601: weeks begin on Monday, week 1 has the year's first Thursday.", "47"
        ) {
            isoWeek($0)
        },
        timePart("hour", "Gives the hour, 0 to 23.", "13") { Int($0 / 3_600_000_000_000) },
        timePart("minute", "Gives the minute, 0 to 59.", "14") { Int($0 / 60_000_000_000 % 60) },
        timePart("second", "Gives the second, 0 to 59.", "15") { Int($0 / 1_000_000_000 % 60) },
    ]

    private typealias Civil = (year: Int, month: Int, day: Int)

    private static func datePart(
        _ name: String, aliases: [String] = [], _ summary: String, _ result: String,
        _ part: @escaping @Sendable (Civil) -> Int
    ) -> SimpleFunction {
        dayPart(name, aliases: aliases, summary, result) { part(CivilDate.components(ofDays: $0)) }
    }

    private static func dayPart(
        _ name: String, aliases: [String] = [], _ summary: String, _ result: String,
        _ part: @escaping @Sendable (Int) -> Int
    ) -> SimpleFunction {
        SimpleFunction(
            name, aliases: aliases,
            FunctionDocumentation(
                .date, usage: "\(name)(date, timestamp or text)", summary: summary,
                example: ("select \(name)('2026-11-22')", result)),
            signatures: DateArgument.signatures([], .int)
        ) { site in
            if site.arguments[0].type == .date { return columnKernel(part) }
            let date = DateArgument(0, of: site)
            return RowKernel.values(site, Int32.self) { row in
                date.days(row).map { Int32(truncatingIfNeeded: part($0)) }
            }
        }
    }

    /// Dates are by far the commonest argument: one loop over the whole column.
    private static func columnKernel(_ part: @escaping (Int) -> Int) -> Kernel {
        { columns, count in
            let column = columns[0]
            let buffer = Buffer(capacity: column.storedCount * 4)
            let source = column.values(as: Int32.self)
            let target = buffer.pointer(to: Int32.self)
            // Neighbouring rows often have equal dates.
            var last: Int32?
            var result: Int32 = 0
            for row in 0..<column.storedCount {
                if source[row] != last {
                    last = source[row]
                    result = column.isNull(at: row) ? 0 : Int32(truncatingIfNeeded: part(Int(source[row])))
                }
                target[row] = result
            }
            return Column(
                type: .int, count: count, isConstant: column.isConstant, validity: column.validity, data: buffer)
        }
    }

    private static func timePart(
        _ name: String, _ summary: String, _ result: String, _ part: @escaping @Sendable (Int) -> Int
    ) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .date, usage: "\(name)(timestamp, date or text)", summary: summary,
                example: ("select \(name)('2026-11-22 13:14:15')", result)),
            signatures: DateArgument.signatures([], .int)
        ) { site in
            let moment = DateArgument(0, of: site)
            let isText = site.arguments[0].type == .string
            return RowKernel.values(site, Int32.self) { row in
                if let moment = moment.moment(row) {
                    return Int32(truncatingIfNeeded: part(CivilDate.split(timestamp: moment).nanosecondsOfDay))
                }
                // A time alone is a time of day.
                guard isText else { return nil }
                let text = Array("1970-01-01 ".utf8) + Array(row.bytes(0))
                return text.withUnsafeBufferPointer { TimestampText.parse($0) }
                    .map { Int32(truncatingIfNeeded: part(CivilDate.split(timestamp: $0).nanosecondsOfDay)) }
            }
        }
    }

    /// The day of the week, 1 for Monday to 7 for Sunday.
    static func weekday(_ days: Int) -> Int {
        let offset = (days + 3) % 7
        return (offset < 0 ? offset + 7 : offset) + 1
    }

    private static func isoWeek(_ days: Int) -> Int {
        // The Thursday of a week decides which year the week belongs to.
        let thursday = days - weekday(days) + 4
        let year = CivilDate.components(ofDays: thursday).year
        return (thursday - CivilDate.days(year: year, month: 1, day: 1)) / 7 + 1
    }
}
