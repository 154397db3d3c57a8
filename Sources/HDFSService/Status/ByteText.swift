import HoneyCore

/// Bytes as Hadoop's reports write them.
enum ByteText {
    private static let units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"]

    /// Such as `1.50 GB` and, for less than a kilobyte, `512 B`.
    static func short(_ bytes: UInt64) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        let unit = (UInt64.bitWidth - 1 - bytes.leadingZeroBitCount) / 10
        let scale = UInt64(1) << UInt64(unit * 10)
        if bytes.isMultiple(of: scale) { return "\(bytes / scale) \(units[unit])" }
        return "\(decimal(Double(bytes) / Double(scale))) \(units[unit])"
    }

    /// A number with two decimals, half up.
    static func decimal(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value.isNaN ? "NaN" : "\u{221E}" }
        let hundredths = Int((abs(value) * 100).rounded())
        let fraction = String(100 + hundredths % 100).dropFirst()
        return (value < 0 && hundredths > 0 ? "-" : "") + "\(hundredths / 100).\(fraction)"
    }

    /// A percentage such as `12.50%`; `NaN%`-like results of dividing by nothing are told as Java does.
    static func percent(_ part: UInt64, of whole: UInt64) -> String {
        decimal(Double(part) * 100 / Double(whole)) + "%"
    }
}

/// Times for people.
enum DateText {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// As `java.util.Date` prints it: `Sun Nov 29 16:37:00 UTC 2026`.
    static func utc(_ milliseconds: Int) -> String {
        let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        let date = CivilDate.components(ofDays: day)
        let rest = seconds - day * 86_400
        func two(_ value: Int) -> Substring { String(100 + value).dropFirst() }
        return "\(weekdays[((day + 4) % 7 + 7) % 7]) \(months[date.month - 1]) \(two(date.day)) \(two(rest / 3600)):"
            + "\(two(rest / 60 % 60)):\(two(rest % 60)) UTC \(date.year)"
    }
}
