// TestKit runs what tests are written in: SQL logic tests, plan goldens. In come files, out go differences.

import HoneyCore
public import Honeyguide

/// A file of statements and what they must give.
///
/// ```
/// # A comment.
/// statement ok
/// create table t (a int)
///
/// statement error no such table
/// select * from u
///
/// query
/// select 1, null
/// ----
/// 1	NULL
///
/// query rowsort
/// select a from t
/// ----
/// ```
/// Blocks are separated by empty lines; `rowsort` compares rows as a multiset. The text after `error` must occur in the message.
/// Rows are as the command line prints them: columns by TAB, `NULL` for null; a row that is empty is written `(empty)`.
public struct LogicTest {
    public struct Block: Equatable {
        public enum Expectation: Equatable {
            case success
            case error(String)
            case rows([String], isSorted: Bool)
        }

        /// Comment lines that stand before the block.
        public var comments: [String]
        public var statement: String
        public var expectation: Expectation
        /// The file's line where the block begins, from 1.
        public var line: Int
    }

    public var blocks: [Block]

    public init(_ text: String) throws {
        blocks = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        let total = lines.count
        var comments: [String] = []
        while let line = lines.first {
            let number = total - lines.count + 1
            if line.isEmpty || line.hasPrefix("#") {
                lines.removeFirst()
                if line.hasPrefix("#") || !comments.isEmpty { comments.append(line) }
                continue
            }
            let block = lines.prefix { !$0.isEmpty }
            lines = lines.dropFirst(block.count)
            blocks.append(try LogicTest.block(Array(block), comments: comments, line: number))
            comments = []
        }
    }

    private static func block(_ lines: [String], comments: [String], line: Int) throws -> Block {
        let words = lines[0].split(separator: " ", maxSplits: 2).map(String.init)
        let body = lines.dropFirst()
        switch (words[0], words.dropFirst().first) {
        case ("statement", "ok"):
            return Block(
                comments: comments, statement: body.joined(separator: "\n"), expectation: .success, line: line)
        case ("statement", "error"):
            return Block(
                comments: comments, statement: body.joined(separator: "\n"),
                expectation: .error(words.count > 2 ? words[2] : ""), line: line)
        case ("query", nil), ("query", "rowsort"):
            let statement = body.prefix { $0 != "----" }
            return Block(
                comments: comments, statement: statement.joined(separator: "\n"),
                expectation: .rows(Array(body.dropFirst(statement.count + 1)), isSorted: words.count > 1), line: line)
        default:
            throw HoneyError(
                .parse, "BAD_TEST",
                "expected 'statement ok|error' or 'query [rowsort]' but found '\(lines[0])' on line \(line)")
        }
    }

    /// Writes the blocks as a file again.
    public var text: String {
        blocks.map { block in
            var lines = block.comments
            switch block.expectation {
            case .success: lines += ["statement ok", block.statement]
            case .error(let message):
                lines += ["statement error" + (message.isEmpty ? "" : " " + message), block.statement]
            case .rows(let rows, let isSorted):
                lines += ["query" + (isSorted ? " rowsort" : ""), block.statement, "----"] + rows
            }
            return lines.joined(separator: "\n") + "\n"
        }
        .joined(separator: "\n")
    }

    /// What a block gave instead of what it must.
    public struct Difference: CustomStringConvertible {
        public var line: Int
        public var statement: String
        public var expected: String
        public var actual: String

        public var description: String {
            "line \(line): \(statement)\n--- expected\n\(expected)\n--- actual\n\(actual)"
        }
    }

    /// Runs every block in one session; returns the differences, and the test as it would be if what happened were right.
    public func run(in session: Session) -> (differences: [Difference], filledIn: LogicTest) {
        var differences: [Difference] = []
        var filledIn = self
        for (index, block) in blocks.enumerated() {
            let actual = LogicTest.outcome(of: block, in: session)
            if !LogicTest.matches(actual, block.expectation) {
                differences.append(
                    Difference(
                        line: block.line, statement: block.statement, expected: "\(block.expectation)",
                        actual: "\(actual)"))
                filledIn.blocks[index].expectation = actual
            }
        }
        return (differences, filledIn)
    }

    private static func outcome(of block: Block, in session: Session) -> Block.Expectation {
        do {
            let result = try session.execute(block.statement)
            var lines: [String] = []
            var printer = ResultText()
            while let batch = try result.next() {
                let text = printer.withLines(of: batch) { String(decoding: $0, as: UTF8.self) }
                lines += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                    .map { $0.isEmpty ? "(empty)" : String($0) }
            }
            guard case .rows(_, let isSorted) = block.expectation else {
                return block.expectation == .success || lines.isEmpty ? .success : .rows(lines, isSorted: false)
            }
            return .rows(isSorted ? lines.sorted() : lines, isSorted: isSorted)
        } catch {
            return .error("\(error)")
        }
    }

    private static func matches(_ actual: Block.Expectation, _ expected: Block.Expectation) -> Bool {
        switch (actual, expected) {
        case (.error(let actual), .error(let expected)): expected.isEmpty ? true : actual.contains(expected)
        case (.rows(let actual, _), .rows(let expected, let isSorted)):
            isSorted ? actual.sorted() == expected.sorted() : actual == expected
        default: actual == expected
        }
    }
}
