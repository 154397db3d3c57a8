import Foundation
import Testing

@testable import HoneySQLLanguage

struct GrammarTests {
    /// Random, unless the environment's `SEED` asks for a failed run again.
    static let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)

    static var statements: [String] {
        guard let grammar = try? Grammar.hive.get() else { return [] }
        let shared = ["statement", "query", "select", "expression", "type", "clauses"]
        return grammar.files.filter { !shared.contains($0) }
    }

    @Test(arguments: statements)
    func parsesRandomSentencesOfEachStatement(rule: String) throws {
        var generator = SentenceGenerator(try Grammar.hive.get(), seed: Self.seed)
        for number in 0..<300 {
            let sentence = generator.sentence(of: rule, depth: 12 + number % 24)
            do {
                let statements = try HiveQL().parse(sentence)
                #expect(statements.count == 1, "seed \(Self.seed): \(sentence)")
            } catch {
                Issue.record("seed \(Self.seed), sentence \(number): \(error)\n\(sentence)")
                return
            }
        }
    }

    @Test func parsesRandomExpressions() throws {
        var generator = SentenceGenerator(try Grammar.hive.get(), seed: Self.seed)
        for number in 0..<1000 {
            let sentence = generator.sentence(of: "expression", depth: 15 + number % 25)
            do {
                _ = try Parser.expression(sentence)
            } catch {
                Issue.record("seed \(Self.seed), sentence \(number): \(error)\n\(sentence)")
                return
            }
        }
    }

    /// What the parser takes, the grammar has: damaged sentences that still parse must be sentences.
    @Test func hasEverySentenceThatTheParserTakes() throws {
        let grammar = try Grammar.hive.get()
        let recognizer = SentenceRecognizer(grammar)
        var random = SeededGenerator(seed: Self.seed)
        var generator = SentenceGenerator(grammar, seed: Self.seed &+ 4)
        var accepted = 0
        for number in 0..<4000 {
            let sentence = Array(generator.sentence(of: "statement", depth: 8 + number % 22).utf8)
            var tokens = Array(Lexer.tokens(of: sentence, dialect: .hive).tokens.dropLast().prefix(80))
            guard let index = tokens.indices.randomElement(using: &random) else { continue }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: tokens.remove(at: index)
            case 1: tokens.insert(tokens[index], at: index)
            case 2: tokens.swapAt(index, tokens.indices.randomElement(using: &random)!)
            default: tokens[index] = tokens.randomElement(using: &random)!
            }
            let bytes = Array(tokens.map { sentence[$0.range] }.joined(separator: [0x20]))
            guard (try? Parser(bytes, dialect: .hive).parseStatements().count) == 1 else { continue }
            accepted += 1
            let again = Array(
                Lexer.tokens(of: bytes, dialect: .hive).tokens.filter { $0.symbol != .semicolon }.dropLast())
            guard recognizer.recognizes(again, as: "statement") else {
                Issue.record("seed \(Self.seed), sentence \(number): \(String(decoding: bytes, as: UTF8.self))")
                continue
            }
        }
        #expect(accepted > 100)
    }

    @Test func refusesWhatTheGrammarHasNot() throws {
        let recognizer = SentenceRecognizer(try Grammar.hive.get())
        func recognizes(_ text: String) -> Bool {
            recognizer.recognizes(
                Array(Lexer.tokens(of: Array(text.utf8), dialect: .hive).tokens.dropLast()), as: "statement")
        }
        #expect(recognizes("select a + 1 from t where b in (select c from u) order by 1 limit 5"))
        #expect(recognizes("create table t (a int) location 'x' comment 'y' stored as orc"))
        #expect(!recognizes("select a + from t"))
        #expect(!recognizes("create table t (a int"))
    }

    @Test func hasARuleForEveryNameAndAFileForEveryStatement() throws {
        let grammar = try Grammar.hive.get()
        #expect(grammar.usedRules.subtracting(grammar.rules.keys) == [])
        for file in grammar.files { #expect(grammar.rules[file] != nil || file == "clauses", "\(file)") }
        let unused = Set(grammar.rules.keys).subtracting(grammar.usedRules)
        #expect(unused == ["statement"])
    }

    @Test func usesOnlyWordsOfTheDialect() throws {
        let functions: Set = ["substring", "substr", "trim", "$elem$", "$key$", "$value$"]
        for literal in try Grammar.hive.get().literals where literal.first?.isLetter == true {
            let keyword = Keyword.named(literal)
            #expect(keyword.map(Dialect.hive.knows) ?? functions.contains(literal), "\(literal)")
        }
    }

    @Test func listsTheKeywordsOfTheLexer() throws {
        let text = try String(contentsOf: Grammar.directory.appending(path: "keywords.hive"), encoding: .utf8)
        var lists: [String: [String]] = [:]
        var current = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("[") { current = String(line) } else { lists[current, default: []].append(String(line)) }
        }
        #expect(lists["[reserved]"] == Dialect.hive.reserved.map(\.rawValue).sorted())
        #expect(lists["[nonreserved]"] == Dialect.hive.nonReserved.map(\.rawValue).sorted())
        #expect(lists.count == 2)
        #expect(Dialect.hive.reserved.isDisjoint(with: Dialect.hive.nonReserved))
        #expect(Dialect.hive.functionWords.isSubset(of: Dialect.hive.reserved))
    }
}
