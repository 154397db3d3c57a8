import Foundation
import HoneyCore
import HoneyPlan

/// Converts between clocks of time zones.
struct LocalTime {
    let zone: TimeZone

    /// Finds a zone by IANA name, abbreviation or offset such as `GMT+2`; nil when there is none.
    init?(_ name: String) {
        guard let zone = TimeZone(identifier: name) ?? TimeZone(abbreviation: name) ?? LocalTime.fixed(name) else {
            return nil
        }
        self.zone = zone
    }

    /// `+02:00` and the like.
    private static func fixed(_ name: String) -> TimeZone? {
        guard let sign = name.first, sign == "+" || sign == "-" else { return nil }
        let parts = name.dropFirst().split(separator: ":").compactMap { Int($0) }
        guard (1...2).contains(parts.count), parts[0] <= 18 else { return nil }
        return TimeZone(
            secondsFromGMT: (parts[0] * 3600 + (parts.count > 1 ? parts[1] * 60 : 0)) * (sign == "-" ? -1 : 1))
    }

    /// The zone's offset at a moment of UTC, in seconds.
    func offset(atUTC moment: Int128) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment / CivilDate.nanosecondsPerSecond)))
    }

    /// What the zone's clock shows at a moment of UTC.
    func local(fromUTC moment: Int128) -> Int128 {
        moment + Int128(offset(atUTC: moment)) * CivilDate.nanosecondsPerSecond
    }

    /// The moment of UTC at which the zone's clock shows `local`; in an hour that occurs twice, the first.
    func utc(fromLocal local: Int128) -> Int128 {
        let guess = local - Int128(offset(atUTC: local)) * CivilDate.nanosecondsPerSecond
        return local - Int128(offset(atUTC: guess)) * CivilDate.nanosecondsPerSecond
    }

    /// The session's own zone.
    static func session(_ site: CallSite) throws -> LocalTime {
        guard let time = LocalTime(site.session.timeZone) else {
            throw HoneyError(.semantic, "UNKNOWN_TIME_ZONE", "unknown time zone: \(site.session.timeZone)")
        }
        return time
    }
}
