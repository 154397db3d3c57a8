import Foundation
import HoneyCore

/// Regular expressions compiled once for a kernel; ICU's syntax, which is Java's but for rare corners.
final class PatternCache {
    private var compiled: [String: NSRegularExpression] = [:]
    private static let capacity = 256

    /// Compiles a pattern; fails with `BAD_PATTERN`.
    func expression(_ pattern: String) throws -> NSRegularExpression {
        if let known = compiled[pattern] { return known }
        guard let expression = try? NSRegularExpression(pattern: pattern) else {
            throw HoneyError(.semantic, "BAD_PATTERN", "not a regular expression: '\(pattern)'")
        }
        if compiled.count >= PatternCache.capacity { compiled = [:] }
        compiled[pattern] = expression
        return expression
    }

    func firstMatch(of pattern: String, in text: String) throws -> NSTextCheckingResult? {
        try expression(pattern).firstMatch(in: text, range: PatternCache.whole(text))
    }

    /// The parts between matches, as Java's `split` with a limit of -1 gives them; an empty match at the start splits off nothing.
    func split(_ text: String, by pattern: String) throws -> [String] {
        let source = text as NSString
        var parts: [String] = []
        var start = 0
        for match in try expression(pattern).matches(in: text, range: PatternCache.whole(text)) {
            if match.range.length == 0 && (match.range.location == 0 || match.range.location == source.length) {
                continue
            }
            parts.append(source.substring(with: NSRange(location: start, length: match.range.location - start)))
            start = match.range.location + match.range.length
        }
        parts.append(source.substring(from: start))
        return parts
    }

    /// What is before and after the first match; nil after when there is none.
    func splitOnce(_ text: String, by pattern: String) throws -> (before: String, after: String?) {
        guard let match = try firstMatch(of: pattern, in: text) else { return (text, nil) }
        let source = text as NSString
        return (
            source.substring(to: match.range.location),
            source.substring(from: match.range.location + match.range.length)
        )
    }

    static func whole(_ text: String) -> NSRange { NSRange(location: 0, length: (text as NSString).length) }
}
