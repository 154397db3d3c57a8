/// A pattern of names as SHOW takes it.
public enum NamePattern: Hashable, Sendable {
    /// Hive's: `*` is anything, `|` separates alternatives; without regard to case.
    case hive(String)
    /// SQL's: `%` is anything, `_` one character; without regard to case.
    case like(String)

    /// Tells whether a lower-case name matches.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.lowercased().unicodeScalars)
        switch self {
        case .hive(let text):
            return text.lowercased().split(separator: "|", omittingEmptySubsequences: false).contains {
                NamePattern.glob(Array($0.trimmingSpaces.unicodeScalars), name, many: ["*"], one: ["."])
            }
        case .like(let text):
            return NamePattern.glob(Array(text.lowercased().unicodeScalars), name, many: ["%", "*"], one: ["_"])
        }
    }

    /// Matches with one step back to the last `many`, so that time is bounded by the product of the lengths.
    static func glob(
        _ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar], many: Set<Unicode.Scalar>, one: Set<Unicode.Scalar>
    ) -> Bool {
        var p = 0
        var n = 0
        var retry: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, many.contains(pattern[p]) {
                retry = (p + 1, n)
                p += 1
            } else if p < pattern.count, one.contains(pattern[p]) || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = retry {
                retry = (last.pattern, last.name + 1)
                p = last.pattern
                n = last.name + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy(many.contains)
    }
}

extension StringProtocol {
    /// The text without spaces at either end.
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
