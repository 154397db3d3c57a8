import Foundation
import HoneyCore

/// Moments as Java prints them: `Sun Nov 22 12:24:30 UTC 2026`.
enum JavaDate {
    static func text(_ seconds: Int, timeZone name: String) -> String {
        let zone = TimeZone(identifier: name) ?? TimeZone(secondsFromGMT: 0)!
        let date = Date(timeIntervalSince1970: Double(seconds))
        let local = seconds + zone.secondsFromGMT(for: date)
        let days = Int((Double(local) / 86400).rounded(.down))
        let (year, month, day) = CivilDate.components(ofDays: days)
        let time = local - days * 86400
        let clock = [time / 3600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        let abbreviation = zone.secondsFromGMT(for: date) == 0 ? "UTC" : zone.abbreviation(for: date) ?? name
        return
            "\(weekdays[((days + 4) % 7 + 7) % 7]) \(months[month - 1]) \(twoDigits(day)) \(clock) \(abbreviation) \(year)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
