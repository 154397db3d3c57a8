import HoneyCore

/// The lines a balancer prints.
enum BalancerReport {
    static let header =
        "Time Stamp               Iteration#  Bytes Already Moved  Bytes Left To Move  Bytes Being Moved  NameNode"

    static func line(
        at milliseconds: Int, iteration: Int, moved: Int, left: Int, moving: Int, namenode: String
    ) -> String {
        padded(time(milliseconds), to: -24) + " " + padded("\(iteration)", to: 10) + "  "
            + padded(bytes(moved), to: 19) + "  " + padded(bytes(left), to: 18) + "  "
            + padded(bytes(moving), to: 17) + "  " + namenode
    }

    static func duration(at milliseconds: Int, nanoseconds: Int) -> String {
        let seconds = Double(nanoseconds) / 1e9
        let text =
            if seconds < 60 {
                "\(seconds) seconds"
            } else if seconds < 3_600 {
                "\(seconds / 60) minutes"
            } else {
                "\(seconds / 3_600) hours"
            }
        return padded(time(milliseconds), to: -24) + " Balancing took " + text
    }

    /// Spells bytes as Hadoop does: `0 B`, `512 MB`, `1.50 GB`.
    static func bytes(_ count: Int) -> String {
        guard count >= 1_024 else { return "\(count) B" }
        var unit = 0
        var size = 1
        while unit < 6, count / size >= 1_024 {
            size *= 1_024
            unit += 1
        }
        let name = ["B", "KB", "MB", "GB", "TB", "PB", "EB"][unit]
        if count % size == 0 { return "\(count / size) \(name)" }
        let hundredths = Int((Double(count) * 100 / Double(size)).rounded())
        let fraction = String(100 + hundredths % 100).dropFirst()
        return "\(hundredths / 100).\(fraction) \(name)"
    }

    /// A time of UTC as Java prints it for the United States: `Oct 8, 2023, 7:07:02 PM`.
    static func time(_ milliseconds: Int) -> String {
        let seconds = Int((Double(milliseconds) / 1_000).rounded(.down))
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        let date = CivilDate.components(ofDays: day)
        let rest = seconds - day * 86_400
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let hour = rest / 3_600
        let two = { (value: Int) in String(100 + value).dropFirst() }
        return "\(months[date.month - 1]) \(date.day), \(date.year), \(hour % 12 == 0 ? 12 : hour % 12):"
            + "\(two(rest / 60 % 60)):\(two(rest % 60)) \(hour < 12 ? "AM" : "PM")"
    }

    /// Fills with blanks: on the left, or on the right for a negative width.
    private static func padded(_ text: String, to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + blanks : blanks + text
    }
}
