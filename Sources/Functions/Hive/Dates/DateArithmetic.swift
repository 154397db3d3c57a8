import HoneyCore
import HoneyPlan

/// Functions that compute with dates.
enum DateArithmetic {
    static let all: [any ScalarFunction] = [
        adding("date_add", sign: 1, "Adds days to a date.", "2026-11-29"),
        adding("date_sub", sign: -1, "Takes days from a date.", "2026-11-15"),
        SimpleFunction(
            "datediff",
            FunctionDocumentation(
                .date, usage: "datediff(end, start)", summary: "Counts the days from a start to an end.",
                example: ("select datediff('2026-12-25', '2026-11-22')", "33")),
            signatures: DateArgument.pairSignatures(.int)
        ) { site in
            let (end, start) = (DateArgument(0, of: site), DateArgument(1, of: site))
            return RowKernel.values(site, Int32.self) { row in
                guard let end = end.days(row), let start = start.days(row) else { return nil }
                return Int32(truncatingIfNeeded: end - start)
            }
        },
        SimpleFunction(
            "add_months",
            FunctionDocumentation(
                .date, usage: "add_months(date, months)",
                summary: "Adds months to a date; the last day of a month becomes the last day of the other.",
                example: ("select add_months('2026-01-31', 1)", "2026-02-28")),
            signatures: DateArgument.signatures([.int], .string)
        ) { site in
            let date = DateArgument(0, of: site)
            return RowKernel.bytes(site) { row, sink in
                guard let days = date.days(row) else { return false }
                DateText.append(days: addingMonths(row.int(1), to: days), to: &sink)
                return true
            }
        },
        SimpleFunction(
            "last_day",
            FunctionDocumentation(
                .date, usage: "last_day(date)", summary: "Gives the last day of a date's month.",
                example: ("select last_day('2024-02-10')", "2024-02-29")),
            signatures: DateArgument.signatures([], .string)
        ) { site in
            let date = DateArgument(0, of: site)
            return RowKernel.bytes(site) { row, sink in
                guard let days = date.days(row) else { return false }
                let civil = CivilDate.components(ofDays: days)
                DateText.append(
                    days: days - civil.day + CivilDate.daysInMonth(year: civil.year, month: civil.month), to: &sink)
                return true
            }
        },
        SimpleFunction(
            "next_day",
            FunctionDocumentation(
                .date, usage: "next_day(date, weekday)",
                summary: "Gives the first day after a date that is a weekday named by two or three letters or in full.",
                example: ("select next_day('2026-11-22', 'tue')", "2026-11-24")),
            signatures: DateArgument.signatures([.string], .string)
        ) { site in
            let date = DateArgument(0, of: site)
            return RowKernel.bytes(site) { row, sink in
                guard let days = date.days(row), let wanted = weekday(named: row.string(1)) else { return false }
                let distance = (wanted - DateParts.weekday(days) + 7) % 7
                DateText.append(days: days + (distance == 0 ? 7 : distance), to: &sink)
                return true
            }
        },
        SimpleFunction(
            "months_between",
            FunctionDocumentation(
                .date, usage: "months_between(end, start)",
                summary:
                    "Counts months, with a fraction of 31-day months; whole between equal days or last days of months.",
                example: ("select months_between('2026-03-31', '2026-02-28')", "1.0")),
            signatures: DateArgument.pairSignatures(.double)
        ) { site in
            let (end, start) = (DateArgument(0, of: site), DateArgument(1, of: site))
            return RowKernel.values(site, Double.self) { row in
                guard let end = end.moment(row), let start = start.moment(row) else { return nil }
                return monthsBetween(end, start)
            }
        },
        SimpleFunction(
            "trunc",
            FunctionDocumentation(
                .date, usage: "trunc(date, unit)",
                summary:
                    "Gives the first day of a date's year ('YEAR', 'YYYY', 'YY'), quarter ('QUARTER', 'Q') or month ('MONTH', 'MON', 'MM').",
                example: ("select trunc('2026-11-22', 'MM')", "2026-11-01")),
            signatures: DateArgument.signatures([.string], .string)
        ) { site in
            let date = DateArgument(0, of: site)
            return RowKernel.bytes(site) { row, sink in
                guard let days = date.days(row), let first = truncated(days, to: row.string(1)) else { return false }
                DateText.append(days: first, to: &sink)
                return true
            }
        },
        SimpleFunction(
            "to_date",
            FunctionDocumentation(
                .date, usage: "to_date(timestamp or text)",
                summary: "Gives the date of a moment; null when a text begins with none.",
                example: ("select to_date('2026-11-22 13:14:15')", "2026-11-22")),
            signatures: DateArgument.signatures([], .date)
        ) { site in
            let date = DateArgument(0, of: site)
            return RowKernel.values(site, Int32.self) { row in date.days(row).map { Int32(truncatingIfNeeded: $0) } }
        },
    ]

    private static func adding(_ name: String, sign: Int, _ summary: String, _ result: String) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .date, usage: "\(name)(date, days)", summary: summary,
                example: ("select \(name)('2026-11-22', 7)", result)),
            signatures: DateArgument.signatures([.int], .date)
        ) { site in
            let date = DateArgument(0, of: site)
            return RowKernel.values(site, Int32.self) { row in
                date.days(row).map { Int32(truncatingIfNeeded: $0 + sign * row.int(1)) }
            }
        }
    }

    /// Adds months as Hive's `add_months` does: from a month's last day to the other's last day.
    private static func addingMonths(_ months: Int, to days: Int) -> Int {
        let civil = CivilDate.components(ofDays: days)
        let result = CivilDate.adding(months: months, toDays: days)
        guard civil.day == CivilDate.daysInMonth(year: civil.year, month: civil.month) else { return result }
        let other = CivilDate.components(ofDays: result)
        return result - other.day + CivilDate.daysInMonth(year: other.year, month: other.month)
    }

    private static func weekday(named name: String) -> Int? {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let name = name.lowercased()
        return names.firstIndex {
            $0 == name || name.count == 2 && $0.hasPrefix(name) || name.count == 3 && $0.hasPrefix(name)
        }
        .map { $0 + 1 }
    }

    private static func monthsBetween(_ end: Int128, _ start: Int128) -> Double {
        let (endDay, endTime) = CivilDate.split(timestamp: end)
        let (startDay, startTime) = CivilDate.split(timestamp: start)
        let (a, b) = (CivilDate.components(ofDays: endDay), CivilDate.components(ofDays: startDay))
        let months = (a.year - b.year) * 12 + a.month - b.month
        let bothLast =
            a.day == CivilDate.daysInMonth(year: a.year, month: a.month)
            && b.day == CivilDate.daysInMonth(year: b.year, month: b.month)
        if a.day == b.day || bothLast { return Double(months) }
        let seconds = (a.day - b.day) * 86_400 + (endTime - startTime) / 1_000_000_000
        let exact = Double(months) + Double(seconds) / (31 * 86_400)
        return (exact * 1e8).rounded(.toNearestOrAwayFromZero) / 1e8
    }

    private static func truncated(_ days: Int, to unit: String) -> Int? {
        let civil = CivilDate.components(ofDays: days)
        switch unit.uppercased() {
        case "YEAR", "YYYY", "YY": return CivilDate.days(year: civil.year, month: 1, day: 1)
        case "QUARTER", "Q": return CivilDate.days(year: civil.year, month: (civil.month - 1) / 3 * 3 + 1, day: 1)
        case "MONTH", "MON", "MM": return days - civil.day + 1
        default: return nil
        }
    }
}
