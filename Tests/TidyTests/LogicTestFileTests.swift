import Foundation
import Testing

/// Rows that come from several threads come in any order: a test that fixes their order must ask for it in its query.
@Test func queriesOfSeveralRowsAreOrderedOrComparedSorted() throws {
    for file in files(below: "Tests/SQL", endingWith: ".slt") {
        let text = try String(contentsOf: file, encoding: .utf8)
        for block in text.split(separator: "\n\n") {
            let lines = block.split(separator: "\n").filter { !$0.hasPrefix("#") }
            guard lines.first == "query", let rule = lines.firstIndex(of: "----"), lines.count - rule > 2 else {
                continue
            }
            let query = lines[1..<rule].joined(separator: " ").lowercased()
            let starts = ["select", "with", "from"].contains { query.hasPrefix($0) }
            #expect(
                !starts || query.contains("order by"),
                "\(file.lastPathComponent): 'query rowsort' or an ORDER BY is needed: \(query)")
        }
    }
}
