import Foundation
import HoneyCore
import Testing

@testable import HoneySQLLanguage

struct BenchmarkQueryTests {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/tpch/queries")

    @Test(arguments: 1...22)
    func parsesEveryQueryOfTPCH(number: Int) throws {
        let name = "q\(number < 10 ? "0" : "")\(number).sql"
        let text = try String(contentsOf: Self.directory.appending(path: name), encoding: .utf8)
        let query = try Parser.query(text)
        #expect(query.position.line == 1)
    }
}
