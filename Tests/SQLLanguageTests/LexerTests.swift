import HoneyCore
import Testing

@testable import HoneySQLLanguage

struct LexerTests {
    private func tokens(_ text: String) throws -> [Token] {
        let (tokens, failure) = Lexer.tokens(of: Array(text.utf8), dialect: .hive)
        if let failure { throw failure }
        return tokens.dropLast()
    }

    @Test(arguments: [
        (#"'a'"#, "a"), (#""a'b""#, "a'b"), (#"'it\'s'"#, "it's"), (#"'a''b'"#, "ab"), (#"'a'"b"'c'"#, "abc"),
        (#"'\n\t\r\b\0\Z\\\"'"#, "\n\t\r\u{8}\0\u{1A}\\\""), (#"'\d\q'"#, "dq"), (#"'\%\_'"#, #"\%\_"#),
        (#"'\001\101\177\200'"#, "\u{1}A\u{7F}200"), (#"'\u00e9\u4E2d'"#, "é中"), (#"'\uD83D\uDE00'"#, "😀"),
        (#"'\uD83Dx'"#, "\u{FFFD}x"), (#"'ü😀'"#, "ü😀"), (#"''"#, ""), (#"'\;'"#, ";"),
    ])
    func readsStringsWithTheirEscapes(text: String, value: String) throws {
        let found = try tokens(text)
        #expect(found.map(\.text) == [value])
        #expect(found.first?.kind == .string)
    }

    @Test(arguments: ["0", "1", "42L", "1s", "7Y", "1.5", "1.", ".5", "1e10", "1.5E-3", "1.e+3", "2D", "1.5bd", "1BD"])
    func readsNumbers(text: String) throws {
        let found = try tokens(text)
        #expect(found.map(\.kind) == [.number])
        #expect(found.map(\.text) == [text])
    }

    @Test(arguments: ["2kcols", "1e", "_x", "a1", "0x1F", "t_2", "9to5", "1st"])
    func readsNamesThatBeginWithDigits(text: String) throws {
        #expect(try tokens(text).map(\.kind) == [.word(nil)])
    }

    @Test func readsFieldsThatBeginWithDigits() throws {
        #expect(try tokens("t.2k a.b").map(\.text) == ["t", ".", "2k", "a", ".", "b"])
    }

    @Test func readsTheLongestSign() throws {
        let text = "<=> <= <> < == = != ! || | >= > a<=b<>c"
        #expect(
            try tokens(text).map(\.text) == [
                "<=>", "<=", "<>", "<", "==", "=", "!=", "!", "||", "|", ">=", ">", "a", "<=", "b", "<>", "c",
            ])
    }

    @Test func readsEverySignAsItself() throws {
        for symbol in Symbol.allCases { #expect(try tokens(symbol.rawValue).map(\.kind) == [.symbol(symbol)]) }
    }

    @Test func readsQuotedNames() throws {
        #expect(try tokens("`a b` `x``y` `select`").map(\.text) == ["a b", "x`y", "select"])
    }

    @Test func countsLinesAndCharacters() throws {
        let found = try tokens("a 'é😀' b\r\n\tc /* x\n */ d -- e\nf")
        #expect(found.map { "\($0.text)@\($0.position)" } == ["a@1:1", "é😀@1:3", "b@1:8", "c@2:2", "d@3:5", "f@4:1"])
    }

    @Test func ignoresAByteOrderMark() throws {
        #expect(try tokens("\u{FEFF}select").map(\.position) == [SourcePosition(line: 1, column: 1)])
    }

    @Test func knowsKeywordsInAnyCase() throws {
        #expect(try tokens("SELECT Select sElEcT selects").map(\.keyword) == [.select, .select, .select, nil])
    }
}
