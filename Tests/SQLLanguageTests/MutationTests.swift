import Foundation
import HoneyCore
import Testing

@testable import HoneySQLLanguage

/// Damages valid statements; each must parse or fail with a position, never crash or hang.
struct MutationTests {
    /// Random, unless the environment's `SEED` asks for a failed run again.
    static let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)

    @Test func survivesDeletedDoubledAndSwappedTokens() throws {
        var random = SeededGenerator(seed: Self.seed)
        var generator = SentenceGenerator(try Grammar.hive.get(), seed: Self.seed &+ 1)
        for number in 0..<3000 {
            let sentence = generator.sentence(of: "statement", depth: 10 + number % 20)
            let bytes = Array(sentence.utf8)
            var pieces = Lexer.tokens(of: bytes, dialect: .hive).tokens.dropLast().map { bytes[$0.range] }
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                guard let index = pieces.indices.randomElement(using: &random) else { break }
                switch Int.random(in: 0..<3, using: &random) {
                case 0: pieces.remove(at: index)
                case 1: pieces.insert(pieces[index], at: index)
                default: pieces.swapAt(index, pieces.indices.randomElement(using: &random)!)
                }
            }
            check(Array(pieces.joined(separator: [0x20])), number)
        }
    }

    @Test func survivesRandomBytes() throws {
        var random = SeededGenerator(seed: Self.seed)
        var generator = SentenceGenerator(try Grammar.hive.get(), seed: Self.seed &+ 2)
        let interesting = Array("'\"`\\;()*/-.,\n\0<>=!$0eL \u{80}é".utf8) + [0xFF, 0xC3, 0x80]
        for number in 0..<3000 {
            var bytes = Array(generator.sentence(of: "statement", depth: 10 + number % 20).utf8)
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let byte = interesting.randomElement(using: &random)!
                let index = Int.random(in: 0...bytes.count, using: &random)
                if Bool.random(using: &random) || index == bytes.count {
                    bytes.insert(byte, at: index)
                } else {
                    bytes[index] = byte
                }
            }
            check(bytes, number)
        }
    }

    @Test func survivesCutTexts() throws {
        var generator = SentenceGenerator(try Grammar.hive.get(), seed: Self.seed &+ 3)
        for number in 0..<20 {
            let bytes = Array(generator.sentence(of: "statement", depth: 25).utf8.prefix(400))
            for end in bytes.indices { check(Array(bytes[..<end]), number) }
        }
    }

    private func check(_ bytes: [UInt8], _ number: Int) {
        let text = String(decoding: bytes, as: UTF8.self)
        _ = StatementSplitter.split(text)
        do {
            _ = try HiveQL().parse(utf8: bytes)
        } catch let error as HoneyError {
            let place = "seed \(Self.seed), mutation \(number): \(error)\n\(text)"
            #expect(error.kind == .parse, "\(place)")
            #expect(error.position != nil && !error.message.isEmpty, "\(place)")
        } catch {
            Issue.record("seed \(Self.seed), mutation \(number): \(error)\n\(text)")
        }
    }
}
