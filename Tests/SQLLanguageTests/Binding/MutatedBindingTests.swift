import Foundation
import HoneyCore
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

/// Queries with words lost, doubled, swapped and taken from elsewhere bind or fail with a position, and what binds has
/// no column without a producer.
@Test func mutatedQueriesBindOrSayWhy() throws {
    let seed = UInt64(ProcessInfo.processInfo.environment["SEED"] ?? "") ?? UInt64.random(in: 0...UInt64.max)
    print("mutatedQueriesBindOrSayWhy: SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    var queries: [[String]] = []
    for file in ["select", "grouping", "joins", "subqueries", "sets"] {
        let text = try String(
            contentsOf: PlanGoldenTests.directory.appending(path: file + ".plan"), encoding: .utf8)
        queries += PlanGoldenTests.cases(of: text).map { words(of: $0.query) }
    }
    var bound = 0
    for _ in 0..<5000 {
        guard var query = queries.randomElement(using: &random) else { return }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<query.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where query.count > 1: query.remove(at: place)
            case 1: query.insert(query[place], at: place)
            case 2: query.swapAt(place, Int.random(in: 0..<query.count, using: &random))
            default: query[place] = queries.randomElement(using: &random)?.randomElement(using: &random) ?? ","
            }
        }
        let text = query.joined(separator: " ")
        do {
            _ = try BindingWorld.shop.bind(text)
            bound += 1
        } catch let error as HoneyError {
            #expect(error.kind == .parse || error.kind == .semantic, "\(text): \(error)")
            #expect(error.position != nil, "\(text): \(error)")
        }
    }
    #expect(bound > 100)
}

private func words(of query: String) -> [String] {
    query.matches(of: /'[^']*'|[A-Za-z_0-9]+|[<>=!]+|\S/).map { String($0.output) }
}
