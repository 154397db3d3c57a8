import Foundation

/// Compares rows of two engines that may differ in the order of equal rows and in the scale of averages.
public enum AnswerComparison {
    /// Describes the first difference between rows of TAB-separated text; nil when they agree.
    ///
    /// Rows are compared as a multiset; numbers agree within 1e-6 relatively or 0.01 absolutely; other text must be equal
    /// after trailing spaces. `\N` and `NULL` are null.
    public static func difference(expected: [String], actual: [String]) -> String? {
        guard expected.count == actual.count else { return "\(actual.count) rows, expected \(expected.count)" }
        let pairs = zip(sorted(expected), sorted(actual))
        for (expected, actual) in pairs where !agree(expected, actual) {
            return "\(actual.joined(separator: "|")), expected \(expected.joined(separator: "|"))"
        }
        return nil
    }

    private static func sorted(_ lines: [String]) -> [[String]] {
        let rows: [[String]] = lines.map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { cell in
                cell == "\\N" ? "NULL" : String(cell.reversed().drop { $0 == " " }.reversed())
            }
        }
        // Numbers are ordered by what is surely equal in both.
        func key(_ row: [String]) -> [String] {
            row.map { cell in Double(cell).map { String(format: "%.1f", $0) } ?? cell }
        }
        return rows.map { (key: key($0), row: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map(\.row)
    }

    private static func agree(_ expected: [String], _ actual: [String]) -> Bool {
        expected.count == actual.count && zip(expected, actual).allSatisfy(agree)
    }

    private static func agree(_ expected: String, _ actual: String) -> Bool {
        if expected == actual { return true }
        guard let x = Double(expected), let y = Double(actual) else { return false }
        let isWhole = !expected.contains(".") && !actual.contains(".")
        return abs(x - y) <= max(isWhole ? 0 : 0.01, 1e-6 * max(abs(x), abs(y)))
    }
}
