import HoneyCore
import Testing

@testable import HoneySQLLanguage

struct StatementSplitterTests {
    private func position(_ line: Int, _ column: Int) -> SourcePosition { SourcePosition(line: line, column: column) }

    @Test func cutsAtSemicolonsOutsideOfQuotesAndComments() {
        let script = "select ';' as `a;b`; -- one; two\nselect \"x\\\";\" /* ; */ from t;\n\n;select 3"
        let result = StatementSplitter.split(script)
        #expect(result.statements.map(\.text) == ["select ';' as `a;b`", "select \"x\\\";\" /* ; */ from t"])
        #expect(result.statements.map(\.position) == [position(1, 1), position(2, 1)])
        #expect(result.rest == StatementSplitter.Piece(text: "select 3", position: position(4, 2)))
        #expect(result.ending == .statement)
    }

    @Test(arguments: ["", "  \n", ";;", "select 1;", "select 1; -- x", "/* x */", "select 1; /* y */ "])
    func knowsACompleteText(script: String) {
        let result = StatementSplitter.split(script)
        #expect(result.ending == .complete)
        #expect(result.rest == nil)
    }

    @Test func tellsWhatAnUnfinishedTextEndsIn() {
        #expect(StatementSplitter.split("select 1").ending == .statement)
        #expect(StatementSplitter.split("select 1; selec").ending == .statement)
        #expect(StatementSplitter.split("select\n 'a;").ending == .quote("'", position(2, 2)))
        #expect(StatementSplitter.split("select 'a\\'").ending == .quote("'", position(1, 8)))
        #expect(StatementSplitter.split("select \"").ending == .quote("\"", position(1, 8)))
        #expect(StatementSplitter.split("select `a").ending == .quote("`", position(1, 8)))
        #expect(StatementSplitter.split("select 1; /* a;").ending == .comment(position(1, 11)))
        #expect(StatementSplitter.split("select /*/").ending == .comment(position(1, 8)))
    }

    @Test func keepsPositionsOfErrorsInTheWholeScript() throws {
        let script = "select 1;\n  -- note\n  select a,\n  from t; select 2"
        let piece = StatementSplitter.split(script).statements[1]
        #expect(piece.position == position(3, 3))
        let error = #expect(throws: HoneyError.self) { try HiveQL().parse(piece.text, at: piece.position) }
        #expect(error?.position == position(4, 3))
    }

    @Test func takesAnEscapedSemicolonAsItself() {
        let result = StatementSplitter.split("!echo a\\; echo b; select 'a\\;b';")
        #expect(result.statements.map(\.text) == ["!echo a; echo b", "select 'a\\;b'"])
    }

    @Test func leavesStarsOfPathsInShellStatements() {
        let result = StatementSplitter.split("dfs -ls /tmp/*; set x=/a/*--b; !ls /*; source /x/*;select 1 /*;*/;")
        #expect(
            result.statements.map(\.text) == [
                "dfs -ls /tmp/*", "set x=/a/*--b", "!ls /*", "source /x/*", "select 1 /*;*/",
            ])
    }

    @Test func startsWhereItIsTold() {
        let result = StatementSplitter.split("a;\nb;", at: position(7, 5))
        #expect(result.statements.map(\.position) == [position(7, 5), position(8, 1)])
    }
}
