import HoneyCore
import HoneyFunctions
import Testing

@Suite struct PatternTests {
    /// Matches LIKE by trying everything.
    func matches(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        if first == "%" {
            return matches(text, rest) || (!text.isEmpty && matches(text.dropFirst(), pattern))
        }
        if first == "\\", let escaped = rest.first, escaped == "%" || escaped == "_" {
            return text.first == escaped && matches(text.dropFirst(), rest.dropFirst())
        }
        if text.isEmpty { return false }
        return (first == "_" || text.first == first) && matches(text.dropFirst(), rest)
    }

    @Test func likeAgreesWithTryingEverything() throws {
        var random = RandomColumns()
        for _ in 0..<300 {
            let count = 20
            let texts = Column.of(.string, (0..<count).map { _ in random.optional(.string) })
            let pattern = random.text()
            let column = Column.constant(.string(pattern), type: .string, count: count)
            let known = try FunctionCall.evaluate(
                "like", [texts, column], constants: [1: .string(pattern)], count: count)
            let varying = try FunctionCall.evaluate("like", [texts, column.flattened()], count: count)
            for row in 0..<count {
                var expected = Value.null
                if case .string(let text) = texts.value(at: row) {
                    expected = .boolean(matches(Array(text.unicodeScalars)[...], Array(pattern.unicodeScalars)[...]))
                }
                #expect(
                    known.value(at: row) == expected, "\(texts.value(at: row)) like \(pattern), seed \(random.seed)")
                #expect(varying.value(at: row) == expected, "seed \(random.seed)")
            }
        }
    }

    @Test func likeAnswersAsHive() throws {
        func like(_ text: String, _ pattern: String) throws -> Value {
            try FunctionCall.value("like", .string(text), .string(pattern))
        }
        #expect(try like("abc", "_b_") == .boolean(true))
        #expect(try like("a%c", "a\\%c") == .boolean(true))
        #expect(try like("axc", "a\\%c") == .boolean(false))
        #expect(try like("abc", "") == .boolean(false))
        #expect(try like("", "%") == .boolean(true))
        #expect(try like("a\\b", "a\\\\b") == .boolean(false))
        #expect(try like("special packages about requests", "%special%requests%") == .boolean(true))
        #expect(try like("requests special", "%special%requests%") == .boolean(false))
        #expect(try like("aXa", "a%a") == .boolean(true))
        #expect(try like("a", "a%a") == .boolean(false))
        #expect(try FunctionCall.value("like", .string("50%"), .string("50!%"), .string("!")) == .boolean(true))
        #expect(try FunctionCall.value("like", .null(.string), .string("a")) == .null)
    }

    @Test func regularExpressionsFindAnywhere() throws {
        func rlike(_ text: String, _ pattern: String) throws -> Value {
            try FunctionCall.value("rlike", .string(text), .string(pattern))
        }
        #expect(try rlike("abc", "b") == .boolean(true))
        #expect(try rlike("abc", "") == .boolean(false))
        #expect(try rlike("abc", "^b") == .boolean(false))
        #expect(try rlike("abc", "^a") == .boolean(true))
        #expect(try rlike("abc", "a.c$") == .boolean(true))
        #expect(try rlike("naïve", "na.ve") == .boolean(true))
        #expect(try rlike("x42y", "[0-9]{2}") == .boolean(true))
        #expect(throws: HoneyError.self) { try rlike("abc", "[") }
    }
}
