import Foundation
import HoneyCore
import HoneyPlan

/// Functions of regular expressions.
enum Patterns {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "regexp_replace",
            FunctionDocumentation(
                .string, usage: "regexp_replace(text, pattern, replacement)",
                summary: "Replaces every match of a regular expression; $1 in the replacement is the first group.",
                example: ("select regexp_replace('100-200', '(\\\\d+)', 'num')", "num-num")),
            signatures: [Signature([.string, .string, .string], .string)]
        ) { site in
            let patterns = PatternCache()
            return RowKernel.string(site) { row in
                let text = row.string(0)
                return try patterns.expression(row.string(1)).stringByReplacingMatches(
                    in: text, range: PatternCache.whole(text), withTemplate: row.string(2))
            }
        },
        SimpleFunction(
            "regexp_extract",
            FunctionDocumentation(
                .string, usage: "regexp_extract(text, pattern[, group])",
                summary:
                    "Gives a group of the first match of a regular expression, group 1 unless told; empty when there is no match.",
                example: ("select regexp_extract('100-200', '(\\\\d+)-(\\\\d+)', 2)", "200")),
            signatures: [Signature([.string, .string], .string), Signature([.string, .string, .int], .string)]
        ) { site in
            let patterns = PatternCache()
            return RowKernel.string(site) { row in
                let text = row.string(0)
                let group = row.count > 2 ? row.int(2) : 1
                let expression = try patterns.expression(row.string(1))
                guard (0...expression.numberOfCaptureGroups).contains(group) else {
                    throw HoneyError(
                        .semantic, "NO_SUCH_GROUP",
                        "regexp_extract: no group \(group) in '\(row.string(1))', which has \(expression.numberOfCaptureGroups)"
                    )
                }
                guard let match = try patterns.firstMatch(of: row.string(1), in: text) else { return "" }
                let range = match.range(at: group)
                return range.location == NSNotFound ? nil : (text as NSString).substring(with: range)
            }
        },
    ]
}
