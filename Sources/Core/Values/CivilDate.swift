/// The proleptic Gregorian calendar as arithmetic on days since 1970-01-01.
public enum CivilDate {
    /// The day of a date; months and days outside their ranges count on from there.
    @inlinable public static func days(year: Int, month: Int, day: Int) -> Int {
        var year = year
        var month = month
        if month < 1 || month > 12 {
            let zeroBased = month &- 1
            let carried = zeroBased >= 0 ? zeroBased / 12 : -((11 &- zeroBased) / 12)
            year = year &+ carried
            month = zeroBased &- carried &* 12 &+ 1
        }
        // Years begin in March here, so that a leap day comes last.
        let shifted = month <= 2 ? year &- 1 : year
        let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
        let yearOfEra = shifted &- era &* 400
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468 &+ day &- 1
    }

    /// The date of a day.
    @inlinable public static func components(ofDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let marchMonth = (5 &* dayOfYear &+ 2) / 153
        let day = dayOfYear &- (153 &* marchMonth &+ 2) / 5 &+ 1
        let month = marchMonth < 10 ? marchMonth &+ 3 : marchMonth &- 9
        return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
    }

    @inlinable public static func isLeap(year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Days in a month of 1...12.
    @inlinable public static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day `months` later; the last day of the month when there is no such day.
    @inlinable public static func adding(months: Int, toDays days: Int) -> Int {
        let date = components(ofDays: days)
        let total = date.year &* 12 &+ date.month &- 1 &+ months
        let year = total >= 0 ? total / 12 : -((11 &- total) / 12)
        let month = total &- year &* 12 &+ 1
        return CivilDate.days(year: year, month: month, day: min(date.day, daysInMonth(year: year, month: month)))
    }

    public static let nanosecondsPerSecond: Int128 = 1_000_000_000
    public static let nanosecondsPerDay: Int128 = 86_400_000_000_000

    /// The day a timestamp lies in and the nanoseconds since its midnight.
    @inlinable public static func split(timestamp: Int128) -> (days: Int, nanosecondsOfDay: Int) {
        // Timestamps of the years 1678 to 2262 fit 64 bits, whose division is several times faster.
        if let narrow = Int64(exactly: timestamp) {
            var (days, rest) = narrow.quotientAndRemainder(dividingBy: 86_400_000_000_000)
            if rest < 0 {
                days &-= 1
                rest &+= 86_400_000_000_000
            }
            return (Int(days), Int(rest))
        }
        var (days, rest) = timestamp.quotientAndRemainder(dividingBy: 86_400_000_000_000)
        if rest < 0 {
            days -= 1
            rest += 86_400_000_000_000
        }
        return (Int(truncatingIfNeeded: days), Int(truncatingIfNeeded: rest))
    }

    /// The timestamp of a moment in a day.
    @inlinable public static func timestamp(days: Int, nanosecondsOfDay: Int) -> Int128 {
        Int128(days) * 86_400_000_000_000 + Int128(nanosecondsOfDay)
    }
}
