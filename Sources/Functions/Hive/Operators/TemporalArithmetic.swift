import HoneyCore
import HoneyPlan

/// `+` and `-` on dates, timestamps and intervals.
enum TemporalArithmetic {
    /// The types of a sum or difference; nil when it is no matter of time.
    static func signature(_ operation: ArithmeticOperator, _ a: DataType, _ b: DataType) -> Signature? {
        guard operation == .add || operation == .subtract else { return nil }
        switch (a, b) {
        case (.date, .intervalYearMonth): return Signature([a, b], .date)
        case (.date, .intervalDayTime): return Signature([.timestamp, b], .timestamp)
        case (.timestamp, .intervalYearMonth), (.timestamp, .intervalDayTime): return Signature([a, b], .timestamp)
        case (.intervalYearMonth, .intervalYearMonth), (.intervalDayTime, .intervalDayTime):
            return Signature([a, b], a)
        case (.date, .date), (.timestamp, .timestamp), (.date, .timestamp), (.timestamp, .date):
            return operation == .subtract ? Signature([.timestamp, .timestamp], .intervalDayTime) : nil
        case (.intervalYearMonth, .date), (.intervalYearMonth, .timestamp), (.intervalDayTime, .timestamp):
            return operation == .add ? Signature([a, b], b) : nil
        case (.intervalDayTime, .date): return operation == .add ? Signature([a, .timestamp], .timestamp) : nil
        default: return nil
        }
    }

    /// Makes the kernel of a sum or difference; nil when it is no matter of time.
    static func make(_ operation: ArithmeticOperator, for site: CallSite) -> Kernel? {
        let sign: Int32 = operation == .subtract ? -1 : 1
        let result = site.result
        guard site.arguments.count == 2 else { return nil }
        switch (site.arguments[0].type, site.arguments[1].type) {
        case (.date, .intervalYearMonth): return kernel(result) { dates($0, $1, $2, sign) }
        case (.intervalYearMonth, .date): return kernel(result) { dates($1, $0, $2, sign) }
        case (.timestamp, .intervalYearMonth): return kernel(result) { timestamps($0, $1, $2, sign) }
        case (.intervalYearMonth, .timestamp): return kernel(result) { timestamps($1, $0, $2, sign) }
        case (.intervalYearMonth, .intervalYearMonth):
            return kernel(result) { a, b, count in
                ElementLoop.binary(a, b, count) { (x: Int32, y: Int32) -> Int32 in x &+ y &* sign }
            }
        case (.timestamp, .intervalDayTime), (.intervalDayTime, .timestamp), (.intervalDayTime, .intervalDayTime),
            (.timestamp, .timestamp):
            let wideSign = Int128(sign)
            return kernel(result) { a, b, count in
                ElementLoop.binary(a, b, count) { (x: Int128, y: Int128) -> Int128 in x &+ y &* wideSign }
            }
        default: return nil
        }
    }

    private static func kernel(
        _ type: DataType, _ body: @escaping (Column, Column, Int) -> Buffer
    ) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            Column(type: type, count: count, validity: validity, data: body(arguments[0], arguments[1], count))
        }
    }

    private static func dates(_ days: Column, _ months: Column, _ count: Int, _ sign: Int32) -> Buffer {
        ElementLoop.binary(days, months, count) { (day: Int32, month: Int32) -> Int32 in
            Int32(truncatingIfNeeded: CivilDate.adding(months: Int(month &* sign), toDays: Int(day)))
        }
    }

    private static func timestamps(_ times: Column, _ months: Column, _ count: Int, _ sign: Int32) -> Buffer {
        ElementLoop.binary(times, months, count) { (time: Int128, month: Int32) -> Int128 in
            let (days, rest) = CivilDate.split(timestamp: time)
            return CivilDate.timestamp(
                days: CivilDate.adding(months: Int(month &* sign), toDays: days), nanosecondsOfDay: rest)
        }
    }
}
