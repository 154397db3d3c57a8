import Foundation
import Testing

@testable import HoneySQLLanguage

/// The plans and errors of `Tests/Plans/binding`. A case is a query, a line `----`, the tree, an empty line; with
/// `UPDATE_GOLDENS=1` in the environment the trees are rewritten to what the binder makes, for reading with `git diff`.
struct PlanGoldenTests {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Plans/binding")

    struct Case {
        /// Lines that begin with `--` and stand before the query.
        var comments: [Substring] = []
        var query = ""
        var expected = ""
    }

    static func cases(of text: String) -> [Case] {
        text.split(separator: "\n\n").map { section in
            var result = Case()
            var lines = section.split(separator: "\n", omittingEmptySubsequences: false)[...]
            while lines.first?.isEmpty == true { lines.removeFirst() }
            while let line = lines.first, line.hasPrefix("--"), line != "----" {
                result.comments.append(line)
                lines.removeFirst()
            }
            let query = lines.prefix { $0 != "----" }
            result.query = query.joined(separator: "\n")
            result.expected = lines.dropFirst(query.count + 1).joined(separator: "\n")
            return result
        }
    }

    static func check(_ file: String, _ answer: (String) throws -> String) throws {
        let place = directory.appending(path: file + ".plan")
        var cases = cases(of: try String(contentsOf: place, encoding: .utf8))
        #expect(!cases.isEmpty)
        let isUpdate = ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1"
        for index in cases.indices {
            let actual = try answer(cases[index].query)
            if !isUpdate { #expect(actual == cases[index].expected.trimmed, "\(cases[index].query)") }
            cases[index].expected = actual
        }
        guard isUpdate else { return }
        let text = cases.map { ($0.comments + [$0.query[...], "----", $0.expected[...]]).joined(separator: "\n") }
        try (text.joined(separator: "\n\n") + "\n").write(to: place, atomically: true, encoding: .utf8)
    }

    @Test(arguments: ["select", "grouping", "joins", "subqueries", "sets"])
    func queriesBindToTheirPlans(file: String) throws {
        try Self.check(file) { query in
            do { return try BindingWorld.shop.text(query) } catch { return "error: \(error)" }
        }
    }

    @Test func wrongQueriesSayWhatIsWrongAndWhere() throws {
        try Self.check("errors", BindingWorld.shop.error)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
