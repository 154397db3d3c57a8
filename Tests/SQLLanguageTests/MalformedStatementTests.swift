import HoneyCore
import Testing

@testable import HoneySQLLanguage

struct MalformedStatementTests {
    @Test func saysWhatIsWrongWhere() throws {
        for (text, message) in malformedStatements {
            let error = #expect(throws: HoneyError.self, "\(text)") { try HiveQL().parse(text) }
            #expect(error?.description == message, "\(text)")
            #expect(error?.kind == .parse, "\(text)")
        }
        #expect(malformedStatements.count >= 50)
    }

    @Test func placesErrorsOfLaterStatementsInTheWholeScript() {
        let error = #expect(throws: HoneyError.self) {
            try HiveQL().parse("select 1;\nselect 'é' from;", at: SourcePosition(line: 10, column: 5))
        }
        #expect(error?.position == SourcePosition(line: 11, column: 16))
        let first = #expect(throws: HoneyError.self) {
            try HiveQL().parse("select from t", at: SourcePosition(line: 10, column: 5))
        }
        #expect(first?.position == SourcePosition(line: 10, column: 12))
    }

    @Test(arguments: [
        ([0x61, 0x0A, 0xC3, 0xA9, 0xFF], "line 2:2: the text is not UTF-8: unexpected byte 0xFF"),
        ([0xC3], "line 1:1: the text is not UTF-8: unexpected byte 0xC3"),
        ([0x61, 0xC0, 0x80], "line 1:2: the text is not UTF-8: unexpected byte 0xC0"),
        ([0xED, 0xA0, 0x80], "line 1:1: the text is not UTF-8: unexpected byte 0xED"),
        ([0xF4, 0x90, 0x80, 0x80], "line 1:1: the text is not UTF-8: unexpected byte 0xF4"),
        ([0xE2, 0x82], "line 1:1: the text is not UTF-8: unexpected byte 0xE2"),
        ([0x27, 0x80, 0x27], "line 1:2: the text is not UTF-8: unexpected byte 0x80"),
    ])
    func refusesBytesThatAreNotUTF8(bytes: [UInt8], message: String) {
        let error = #expect(throws: HoneyError.self) { try HiveQL().parse(utf8: bytes) }
        #expect(error?.description == message)
        #expect(error?.code == "INVALID_UTF8")
    }

    @Test(arguments: [
        String(repeating: "(", count: 20_000),
        "select " + String(repeating: "(", count: 600) + "1" + String(repeating: ")", count: 600),
        "select " + String(repeating: "(select ", count: 600),
        "select " + String(repeating: "not ", count: 20_000) + "a",
        "select " + String(repeating: "- ", count: 20_000) + "a",
        "select " + String(repeating: "1+", count: 20_000) + "1",
        "select a" + String(repeating: "[1]", count: 20_000),
        "select a" + String(repeating: " is null", count: 20_000),
        "select a" + String(repeating: " in (1)", count: 20_000),
        "select " + String(repeating: "f(", count: 20_000),
        "select " + String(repeating: "case when ", count: 20_000),
        "select 1 from " + String(repeating: "(", count: 20_000),
        "select 1 from " + String(repeating: "(select 1 from ", count: 20_000),
        "select 1" + String(repeating: " union all select 1", count: 20_000),
        "select 1 from t" + String(repeating: ", t", count: 20_000),
        "create table t (a " + String(repeating: "array<", count: 20_000),
        String(repeating: "with x as (", count: 20_000),
    ])
    func refusesWhatNestsTooDeep(text: String) {
        let error = #expect(throws: HoneyError.self) { try HiveQL().parse(text) }
        #expect(error?.code == "NESTING_TOO_DEEP", "\(text.prefix(40))")
    }

    @Test func takesWhatNestsDeep() throws {
        for count in [20, 150] {
            _ = try HiveQL().parse(
                "select " + String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count))
            _ = try HiveQL().parse(
                "select " + String(repeating: "f(a + ", count: count) + "1" + String(repeating: ")", count: count))
        }
        _ = try HiveQL().parse("select 1" + String(repeating: " + 1", count: 900))
        _ = try HiveQL().parse("select * from t where a = 0" + String(repeating: " or a = 1 and b = 2", count: 5_000))
        _ = try HiveQL().parse("select 1 where 1 in (1" + String(repeating: ", 1", count: 10_000) + ")")
    }
}
