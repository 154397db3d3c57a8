import HoneyCore

/// The calendar of Hive's binary dates: Julian before 1582-10-15, as Java counts days; ours is Gregorian throughout.
///
/// A date keeps its year, month and day on the way, and so becomes another day number.
package enum HybridCalendar {
    /// 1582-10-15, the first Gregorian day.
    package static let firstGregorianDay = -141_427
    private static let secondsPerDay: Int64 = 86_400

    /// Makes our day of Hive's.
    package static func fromHybrid(days: Int) -> Int {
        if days >= firstGregorianDay { return days }
        // Years begin in March here, so that a leap day comes last; 719,470 days from 0000-03-01 to 1970-01-01.
        let shifted = days + 719_470
        let era = (shifted >= 0 ? shifted : shifted - 1460) / 1461
        let dayOfEra = shifted - era * 1461
        let yearOfEra = (dayOfEra - dayOfEra / 1460) / 365
        let dayOfYear = dayOfEra - yearOfEra * 365
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return CivilDate.days(year: era * 4 + yearOfEra + (month <= 2 ? 1 : 0), month: month, day: day)
    }

    /// Makes Hive's day of ours; the ten days that Hive's calendar lacks become the ten after them.
    package static func toHybrid(days: Int) -> Int {
        if days >= firstGregorianDay { return days }
        let (year, month, day) = CivilDate.components(ofDays: days)
        let shifted = month <= 2 ? year - 1 : year
        let leapDays = (shifted >= 0 ? shifted : shifted - 3) / 4
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return shifted * 365 + leapDays + dayOfYear + day - 1 - 719_470
    }

    package static func fromHybrid(seconds: Int64) -> Int64 { moved(seconds) { fromHybrid(days: $0) } }

    package static func toHybrid(seconds: Int64) -> Int64 { moved(seconds) { toHybrid(days: $0) } }

    private static func moved(_ seconds: Int64, _ move: (Int) -> Int) -> Int64 {
        if seconds >= Int64(firstGregorianDay) * secondsPerDay { return seconds }
        let days = Int((seconds - secondsPerDay + 1) / secondsPerDay)
        return seconds + Int64(move(days) - days) * secondsPerDay
    }

    /// Makes our days of Hive's, in place; most columns have nothing that old.
    package static func fromHybrid(_ days: UnsafeMutablePointer<Int32>, count: Int) {
        var earliest = Int32.max
        for row in 0..<count { earliest = min(earliest, days[row]) }
        guard earliest < firstGregorianDay else { return }
        for row in 0..<count { days[row] = Int32(clamping: fromHybrid(days: Int(days[row]))) }
    }
}
