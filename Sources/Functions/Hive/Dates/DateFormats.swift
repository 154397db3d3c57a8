import Foundation
import HoneyCore
import HoneyPlan

/// Functions between moments, texts and Unix time, and those that tell the present.
enum DateFormats {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "date_format",
            FunctionDocumentation(
                .date, usage: "date_format(date, timestamp or text, pattern)",
                summary: "Writes a moment by a pattern of Java's SimpleDateFormat.",
                example: ("select date_format('2026-11-22', 'EEE d MMM yyyy')", "Sun 22 Nov 2026")),
            signatures: DateArgument.signatures([.string], .string)
        ) { site in
            let moment = DateArgument(0, of: site)
            let patterns = DatePatterns()
            let zone = try LocalTime.session(site)
            return RowKernel.bytes(site) { row, sink in
                guard let moment = moment.moment(row), let pattern = patterns.pattern(row.string(1)) else {
                    return false
                }
                let offset = zone.offset(atUTC: zone.utc(fromLocal: moment))
                pattern.format(moment, zone: (zone.zone.abbreviation() ?? "UTC", offset), into: &sink)
                return true
            }
        },
        SimpleFunction(
            "from_unixtime",
            FunctionDocumentation(
                .date, usage: "from_unixtime(seconds[, pattern])",
                summary:
                    "Writes seconds since 1970-01-01 00:00:00 UTC as local time, as yyyy-MM-dd HH:mm:ss unless told.",
                example: ("select length(from_unixtime(0))", "19")),
            signatures: [Signature([.bigint], .string), Signature([.bigint, .string], .string)]
        ) { site in
            let zone = try LocalTime.session(site)
            let patterns = DatePatterns()
            return RowKernel.bytes(site) { row, sink in
                guard let pattern = patterns.pattern(row.count > 1 ? row.string(1) : "yyyy-MM-dd HH:mm:ss") else {
                    return false
                }
                let moment = Int128(row.bigint(0)) * CivilDate.nanosecondsPerSecond
                guard abs(moment) < 1 << 80 else { return false }
                pattern.format(
                    zone.local(fromUTC: moment), zone: (zone.zone.abbreviation() ?? "UTC", zone.offset(atUTC: moment)),
                    into: &sink)
                return true
            }
        },
        unixTime("unix_timestamp", isCurrentWithoutArguments: true),
        unixTime("to_unix_timestamp", isCurrentWithoutArguments: false),
        zoned(
            "from_utc_timestamp", "Reads a moment as UTC and gives what the clock of a zone shows then.",
            "2026-11-22 21:00:00"
        ) {
            $0.local(fromUTC: $1)
        },
        zoned("to_utc_timestamp", "Reads a moment on the clock of a zone and gives it in UTC.", "2026-11-22 03:00:00") {
            $0.utc(fromLocal: $1)
        },
        SimpleFunction(
            "current_date",
            FunctionDocumentation(
                .date, usage: "current_date()", summary: "Gives the local date on which the query began.",
                example: ("select current_date = to_date(current_timestamp)", "true")),
            signatures: [Signature([], .date)]
        ) { site in
            let days = CivilDate.split(
                timestamp: try LocalTime.session(site).local(fromUTC: site.session.nowNanoseconds)
            ).days
            return { _, count in .constant(.date(Int32(truncatingIfNeeded: days)), type: .date, count: count) }
        },
        SimpleFunction(
            "current_timestamp",
            FunctionDocumentation(
                .date, usage: "current_timestamp()", summary: "Gives the local time at which the query began.",
                example: ("select current_timestamp = current_timestamp", "true")),
            signatures: [Signature([], .timestamp)]
        ) { site in
            let moment = try LocalTime.session(site).local(fromUTC: site.session.nowNanoseconds)
            return { _, count in .constant(.timestamp(moment), type: .timestamp, count: count) }
        },
    ]

    private static func unixTime(_ name: String, isCurrentWithoutArguments: Bool) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .date, usage: isCurrentWithoutArguments ? "\(name)([moment[, pattern]])" : "\(name)(moment[, pattern])",
                summary:
                    "Gives the seconds from 1970-01-01 00:00:00 UTC to a local moment, read by a pattern if it is a text.",
                example: ("select \(name)('2026-11-22', 'yyyy-MM-dd') - \(name)('2026-11-21', 'yyyy-MM-dd')", "86400")),
            signatures: (isCurrentWithoutArguments ? [Signature([], .bigint)] : [])
                + DateArgument.signatures([], .bigint)
                + [Signature([.string, .string], .bigint)]
        ) { site in
            let zone = try LocalTime.session(site)
            if site.arguments.isEmpty {
                let seconds = Int64(truncatingIfNeeded: site.session.nowNanoseconds / CivilDate.nanosecondsPerSecond)
                return { _, count in .constant(.integer(seconds), type: .bigint, count: count) }
            }
            let argument = DateArgument(0, of: site)
            let isText = site.arguments[0].type == .string
            let patterns = DatePatterns()
            return RowKernel.values(site, Int64.self) { row in
                guard isText else { return argument.moment(row).map { seconds(zone.utc(fromLocal: $0)) } }
                let pattern = patterns.pattern(row.count > 1 ? row.string(1) : "yyyy-MM-dd HH:mm:ss")
                guard let reading = pattern?.parse(row.string(0)) else { return nil }
                if let offset = reading.offsetSeconds { return seconds(reading.moment) - Int64(offset) }
                return seconds(zone.utc(fromLocal: reading.moment))
            }
        }
    }

    private static func seconds(_ moment: Int128) -> Int64 {
        let (quotient, remainder) = moment.quotientAndRemainder(dividingBy: CivilDate.nanosecondsPerSecond)
        return Int64(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient)
    }

    private static func zoned(
        _ name: String, _ summary: String, _ result: String,
        _ convert: @escaping @Sendable (LocalTime, Int128) -> Int128
    ) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .date, usage: "\(name)(moment, zone)", summary: summary,
                example: ("select \(name)('2026-11-22 12:00:00', 'Asia/Seoul')", result)),
            signatures: DateArgument.signatures([.string], .timestamp)
        ) { site in
            let moment = DateArgument(0, of: site)
            var zones: [String: LocalTime] = [:]
            return RowKernel.values(site, Int128.self) { row in
                guard let moment = moment.moment(row) else { return nil }
                let name = row.string(1)
                // As Java does, an unknown zone is taken for GMT.
                let zone = zones[name] ?? LocalTime(name) ?? LocalTime("GMT")!
                zones[name] = zone
                return convert(zone, moment)
            }
        }
    }
}

/// Patterns read once for a kernel.
final class DatePatterns {
    private var known: [String: DatePattern?] = [:]

    /// The pattern a text stands for; nil when it is none.
    func pattern(_ text: String) -> DatePattern? {
        if let pattern = known[text] { return pattern }
        let pattern = DatePattern(text)
        if known.count > 256 { known = [:] }
        known[text] = .some(pattern)
        return pattern
    }
}
