import Foundation

@testable import HoneySQLLanguage

/// Random numbers that a seed determines.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes random sentences of a grammar, of bounded depth.
struct SentenceGenerator {
    private let grammar: Grammar
    /// How many rules deep each rule's shallowest sentence is.
    private let depths: [String: Int]
    private var random: SeededGenerator
    private var words: [String] = []
    private var uniqueCount = 0
    private let nonReserved = Dialect.hive.nonReserved.map(\.rawValue).sorted()

    init(_ grammar: Grammar, seed: UInt64) {
        self.grammar = grammar
        random = SeededGenerator(seed: seed)
        depths = SentenceGenerator.depths(of: grammar)
    }

    /// Makes a sentence of a rule.
    mutating func sentence(of rule: String, depth: Int) -> String {
        words = []
        append(.rule(rule), depth: depth)
        return words.map { $0 + separator() }.joined()
    }

    // MARK: Depths

    private static let endless = 1_000_000

    private static func depths(of grammar: Grammar) -> [String: Int] {
        var depths: [String: Int] = [:]
        var isChanging = true
        while isChanging {
            isChanging = false
            for (name, part) in grammar.rules {
                let found = 1 + depth(of: part, depths)
                if found < depths[name] ?? endless {
                    depths[name] = found
                    isChanging = true
                }
            }
        }
        return depths
    }

    private static func depth(of part: Grammar.Part, _ depths: [String: Int]) -> Int {
        switch part {
        case .literal, .token, .optional, .repeated, .anyOrder: 0
        case .rule(let name): depths[name] ?? endless
        case .sequence(let parts): parts.map { depth(of: $0, depths) }.max() ?? 0
        case .choice(let parts): parts.map { depth(of: $0, depths) }.min() ?? 0
        }
    }

    // MARK: Choices

    private mutating func append(_ part: Grammar.Part, depth fullDepth: Int) {
        // A long sentence comes to its end by the shortest way.
        let depth = words.count < 120 ? fullDepth : 0
        switch part {
        case .literal(let text): words.append(randomlyCased(text))
        case .token(let name): words.append(token(name))
        case .rule(let name):
            guard let body = grammar.rules[name] else { fatalError("no rule is called \(name)") }
            append(body, depth: depth - 1)
        case .sequence(let parts): for part in parts { append(part, depth: depth) }
        case .choice(let parts):
            let shallowest = parts.map { SentenceGenerator.depth(of: $0, depths) }.min() ?? 0
            let limit = max(depth, shallowest)
            let fitting = parts.filter { SentenceGenerator.depth(of: $0, depths) <= limit }
            append(fitting.randomElement(using: &random)!, depth: depth)
        case .optional(let part): if fits(part, depth), isLucky(2) { append(part, depth: depth) }
        case .repeated(let part):
            var count = 0
            while count < 3, fits(part, depth), isLucky(4) {
                append(part, depth: depth)
                count += 1
            }
        case .anyOrder(let parts):
            for part in parts.shuffled(using: &random) where fits(part, depth) && isLucky(2) {
                append(part, depth: depth)
            }
        }
    }

    private func fits(_ part: Grammar.Part, _ depth: Int) -> Bool {
        SentenceGenerator.depth(of: part, depths) <= depth
    }

    private mutating func isLucky(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random)! }

    // MARK: Tokens

    private mutating func token(_ name: String) -> String {
        switch name {
        case "NAME", "ALIAS":
            if isLucky(3) {
                let word = pick(nonReserved)
                if name == "ALIAS", word == "limit" || word == "offset" { return "x" }
                return randomlyCased(word)
            }
            return pick([
                "a", "b", "T", "col_1", "2kcols", "_x", "`a b`", "`select`", "`x``y`", "`ü.\u{4E2D}`", "l_tax",
            ])
        case "PLAIN_NAME": return pick(["a", "t", "T_2", "`describe`"])
        case "KEY": return "k"
        case "UNIQUE_NAME":
            uniqueCount += 1
            return "u\(uniqueCount)"
        case "UNIQUE_STRING":
            uniqueCount += 1
            return "'u\(uniqueCount)'"
        case "STRING":
            return pick([
                "'x'", "\"y\"", "''", "'it\\'s'", "'a;b'", "'\\u00e9\\n\\001\\\\'", "'ü\n--'", "'a''b'", "\"/*\"",
            ])
        case "NUMBER":
            return pick(["0", "1", "42", "3.14", ".5", "7.", "1e10", "1.5E-3", "9L", "8s", "7Y", "1.5BD", "2d"])
        case "PRECISION": return pick(["10", "38"])
        case "SCALE": return pick(["0", "2", "10"])
        case "LENGTH": return pick(["1", "255"])
        case "COUNT": return pick(["1", "32"])
        case "OPERATOR": return pick(["+", "<=>", "and", "between", "%", "!"])
        default: fatalError("no token is called \(name)")
        }
    }

    private mutating func randomlyCased(_ word: String) -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: word.uppercased()
        case 1: word.capitalized
        default: word
        }
    }

    private mutating func separator() -> String {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: "\n"
        case 1: "\t "
        case 2: " /* ; ' */ "
        case 3: " -- it's; `\n"
        default: " "
        }
    }
}
