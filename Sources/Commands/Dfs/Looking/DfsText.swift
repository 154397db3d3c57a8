import Foundation
import HoneyCore
import HoneyFiles

/// Pieces of Hadoop's listings.
enum DfsText {
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `rwxr-xr-t`
    static func permissions(_ mode: Int) -> String {
        var letters = Array("rwxrwxrwx").enumerated().map { mode & (0o400 >> $0) != 0 ? $1 : "-" }
        if mode & 0o1000 != 0 { letters[8] = mode & 1 != 0 ? "t" : "T" }
        return String(letters)
    }

    /// `2.9 K`, `4 K`, `12`
    static func humanSize(_ bytes: Int) -> String {
        let units = ["", " K", " M", " G", " T", " P", " E"]
        let magnitude = bytes.magnitude
        var unit = 0
        while unit < 6, magnitude >> (10 * UInt(unit)) >= 1024 { unit += 1 }
        let scale = UInt(1) << (10 * UInt(unit))
        let sign = bytes < 0 ? "-" : ""
        if magnitude % scale == 0 { return sign + String(magnitude / scale) + units[unit] }
        // Halves are rounded up, and what comes to 1024.0 is told in the next unit.
        let tenths = (UInt128(magnitude) * 10 + UInt128(scale / 2)) / UInt128(scale)
        if tenths >= 10240, unit < 6 { return sign + "1.0" + units[unit + 1] }
        return sign + "\(tenths / 10).\(tenths % 10)" + units[unit]
    }

    /// A size in bytes, or with a unit where people read it.
    static func size(_ bytes: Int, isHuman: Bool) -> String { isHuman ? humanSize(bytes) : String(bytes) }

    /// `2026-11-22 13:17`
    static func time(_ milliseconds: Int, timeZone name: String, hasSeconds: Bool) -> String {
        let zone = TimeZone(identifier: name) ?? TimeZone(secondsFromGMT: 0)!
        let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
        let local = seconds + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        let days = Int((Double(local) / 86400).rounded(.down))
        let (year, month, day) = CivilDate.components(ofDays: days)
        let clock = local - days * 86400
        var parts = [clock / 3600, clock / 60 % 60]
        if hasSeconds { parts.append(clock % 60) }
        let date = [month, day].map { "-" + JavaDate.twoDigits($0) }.joined()
        return "\(year)\(date) " + parts.map(JavaDate.twoDigits).joined(separator: ":")
    }

    /// Puts `?` in place of what cannot be seen.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
                        "?"
                    default: scalar
                    }
                }))
    }

    /// Lays rows out in columns, two spaces apart; the last column is as long as it is, unless it is to the right.
    static func table(_ rows: [[String]], right: Set<Int> = []) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                if right.contains(column) { return DfsText.right(row[column], widths[column]) }
                return column == row.count - 1 ? row[column] : Padding.field(row[column], width: widths[column])
            }.joined(separator: "  ")
        }
    }
}
