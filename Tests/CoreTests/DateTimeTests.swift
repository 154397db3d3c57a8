import HoneyCore
import Testing

@Suite struct DateTimeTests {
    func date(_ text: String) -> String? {
        withBytes(of: text) { DateText.parse($0) }.map {
            var sink = ByteSink()
            DateText.append($0, to: &sink)
            return sink.string
        }
    }

    func timestamp(_ text: String) -> String? {
        withBytes(of: text) { TimestampText.parse($0) }.map {
            var sink = ByteSink()
            TimestampText.append($0, to: &sink)
            return sink.string
        }
    }

    @Test func datesReadShortAndLenientForms() {
        #expect(withBytes(of: "1970-01-01") { DateText.parse($0) } == 0)
        #expect(date("2020-2-3") == "2020-02-03")
        #expect(date("2020-02-30") == "2020-03-01")
        #expect(date("2021-02-29") == "2021-03-01")
        #expect(date("0001-01-01") == "0001-01-01")
        #expect(date("9999-12-31") == "9999-12-31")
    }

    @Test(arguments: [
        "", "2020-13-01", "2020-00-10", "2020-01-00", "2020-01-32", " 2020-01-1", "2020-01-011", "202-01-01",
        "2020-01-01 ", "2020/01/01", "20200101", "2020-1", "-020-01-01", "2020-+1-01",
    ])
    func otherTextIsNoDate(text: String) { #expect(date(text) == nil) }

    @Test func everyDayOfEightHundredYearsRoundTrips() {
        var expected = (year: 1600, month: 1, day: 1)
        for day in CivilDate.days(year: 1600, month: 1, day: 1)..<CivilDate.days(year: 2400, month: 1, day: 1) {
            let found = CivilDate.components(ofDays: day)
            guard found == expected, CivilDate.days(year: found.year, month: found.month, day: found.day) == day else {
                Issue.record("day \(day) is \(found), not \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.daysInMonth(year: expected.year, month: expected.month) {
                expected.day = 1
                expected.month += 1
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
    }

    @Test func monthsAddToTheEndOfTheMonth() {
        func adding(_ months: Int, _ year: Int, _ month: Int, _ day: Int) -> (Int, Int, Int) {
            let result = CivilDate.adding(months: months, toDays: CivilDate.days(year: year, month: month, day: day))
            return CivilDate.components(ofDays: result)
        }
        #expect(adding(1, 2020, 1, 31) == (2020, 2, 29))
        #expect(adding(-1, 2020, 1, 31) == (2019, 12, 31))
        #expect(adding(12, 2020, 2, 29) == (2021, 2, 28))
        #expect(adding(-14, 2020, 1, 15) == (2018, 11, 15))
        #expect(CivilDate.days(year: 2020, month: 14, day: 1) == CivilDate.days(year: 2021, month: 2, day: 1))
        #expect(CivilDate.days(year: 2020, month: -1, day: 1) == CivilDate.days(year: 2019, month: 11, day: 1))
    }

    @Test func timestampsPrintTheirFractionShort() {
        #expect(timestamp("2020-01-02 03:04:05") == "2020-01-02 03:04:05")
        #expect(timestamp(" 2020-01-02 03:04:05.120") == "2020-01-02 03:04:05.12")
        #expect(timestamp("2020-01-02 03:04:05.000000001") == "2020-01-02 03:04:05.000000001")
        #expect(timestamp("2020-01-02 03:04:05.0") == "2020-01-02 03:04:05")
        #expect(timestamp("1969-12-31 23:59:59.5") == "1969-12-31 23:59:59.5")
        #expect(timestamp("0001-01-01 00:00:00") == "0001-01-01 00:00:00")
        #expect(timestamp("9999-12-31 23:59:59.999999999") == "9999-12-31 23:59:59.999999999")
        #expect(timestamp("2020-1-2 3:4:5") == "2020-01-02 03:04:05")
    }

    @Test(arguments: [
        "", "2020-01-02", "2020-01-02T03:04:05", "2020-01-02 03:04", "2020-01-02 03:04:05Z",
        "2020-01-02 03:04:05.", "2020-01-02 03:04:05.1234567891", "2020-13-02 03:04:05",
    ])
    func otherTextIsNoTimestamp(text: String) { #expect(timestamp(text) == nil) }

    @Test func timestampsRoundTrip() {
        var generator = SeededGenerator()
        let earliest = CivilDate.timestamp(days: CivilDate.days(year: 1, month: 1, day: 1), nanosecondsOfDay: 0)
        let latest = CivilDate.timestamp(days: CivilDate.days(year: 9999, month: 12, day: 31), nanosecondsOfDay: 0)
        for _ in 0..<3000 {
            let value = Int128.random(in: earliest...latest, using: &generator)
            var sink = ByteSink()
            TimestampText.append(value, to: &sink)
            #expect(sink.withBytes { TimestampText.parse($0) } == value, "seed \(generator.seed)")
        }
    }

    @Test func intervalsRoundTrip() {
        func months(_ value: Int32) -> String {
            var sink = ByteSink()
            IntervalText.append(months: value, to: &sink)
            return sink.string
        }
        func nanoseconds(_ value: Int128) -> String {
            var sink = ByteSink()
            IntervalText.append(nanoseconds: value, to: &sink)
            return sink.string
        }
        #expect(months(14) == "1-2")
        #expect(months(-14) == "-1-2")
        #expect(nanoseconds(93_784_000_000_005) == "1 02:03:04.000000005")
        for value: Int32 in [0, 11, 12, -25] {
            #expect(withBytes(of: months(value)) { IntervalText.parseMonths($0) } == value)
        }
        for value: Int128 in [0, 1, -1, 86_400_000_000_000, -93_784_000_000_005] {
            #expect(withBytes(of: nanoseconds(value)) { IntervalText.parseNanoseconds($0) } == value)
        }
    }
}
