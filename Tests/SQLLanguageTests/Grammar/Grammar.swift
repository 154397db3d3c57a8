import Foundation

/// The rules of `Grammar/*.gram`.
struct Grammar: Sendable {
    indirect enum Part: Sendable {
        /// A keyword or a sign.
        case literal(String)
        /// A class of tokens such as `NAME`.
        case token(String)
        case rule(String)
        case sequence([Part])
        case choice([Part])
        case optional(Part)
        case repeated(Part)
        /// Any of these, each at most once, in any order.
        case anyOrder([Part])
    }

    struct Malformed: Error { var message: String }

    var rules: [String: Part] = [:]
    /// The files' names without extension.
    var files: [String] = []

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Grammar")

    static let hive = Result { try Grammar(directory: directory) }

    init(directory: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        for name in names.sorted() where name.hasSuffix(".gram") {
            files.append(String(name.dropLast(".gram".count)))
            var reader = try GrammarReader(String(contentsOf: directory.appending(path: name), encoding: .utf8))
            while !reader.isAtEnd {
                let (rule, part) = try reader.readRule()
                guard rules.updateValue(part, forKey: rule) == nil else {
                    throw Malformed(message: "two rules are called \(rule)")
                }
            }
        }
    }

    /// All literals of all rules.
    var literals: Set<String> {
        var found: Set<String> = []
        for part in rules.values { Grammar.visit(part) { if case .literal(let text) = $0 { found.insert(text) } } }
        return found
    }

    /// All rules that others use.
    var usedRules: Set<String> {
        var found: Set<String> = []
        for part in rules.values { Grammar.visit(part) { if case .rule(let name) = $0 { found.insert(name) } } }
        return found
    }

    private static func visit(_ part: Part, _ body: (Part) -> Void) {
        body(part)
        switch part {
        case .literal, .token, .rule: break
        case .sequence(let parts), .choice(let parts), .anyOrder(let parts): for part in parts { visit(part, body) }
        case .optional(let part), .repeated(let part): visit(part, body)
        }
    }
}

/// Reads the notation that `Grammar/README.md` describes.
private struct GrammarReader {
    private var words: [String] = []
    private var index = 0

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            var rest = line.drop { $0 == " " }
            while let first = rest.first, first != "#" {
                let end: String.Index
                if first == "'" {
                    end = rest.index(after: rest.dropFirst().firstIndex(of: "'") ?? rest.startIndex)
                } else if first.isLetter {
                    end = rest.firstIndex { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? rest.endIndex
                } else {
                    end = rest.index(after: rest.startIndex)
                }
                words.append(String(rest[..<end]))
                rest = rest[end...].drop { $0 == " " }
            }
        }
    }

    var isAtEnd: Bool { index == words.count }
    private var next: String { index < words.count ? words[index] : "" }

    mutating func take(_ word: String) -> Bool {
        guard next == word else { return false }
        index += 1
        return true
    }

    mutating func expect(_ word: String) throws {
        guard take(word) else { throw Grammar.Malformed(message: "expected \(word) but found \(next)") }
    }

    mutating func readRule() throws -> (String, Grammar.Part) {
        let name = next
        index += 1
        try expect("=")
        let part = try readChoice()
        try expect(";")
        return (name, part)
    }

    private mutating func readChoice() throws -> Grammar.Part {
        let parts = try readAlternatives()
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func readAlternatives() throws -> [Grammar.Part] {
        var parts = [try readSequence()]
        while take("|") { parts.append(try readSequence()) }
        return parts
    }

    private mutating func readSequence() throws -> Grammar.Part {
        var parts: [Grammar.Part] = []
        while !["|", ")", "]", "}", ">", ";", ""].contains(next) { parts.append(try readPart()) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func readPart() throws -> Grammar.Part {
        if take("(") { return try readEnclosed(")") }
        if take("[") { return .optional(try readEnclosed("]")) }
        if take("{") { return .repeated(try readEnclosed("}")) }
        if take("<") {
            let parts = try readAlternatives()
            try expect(">")
            return .anyOrder(parts)
        }
        defer { index += 1 }
        if next.hasPrefix("'") { return .literal(String(next.dropFirst().dropLast())) }
        guard let first = next.first, first.isLetter else {
            throw Grammar.Malformed(message: "expected a part of a rule but found \(next)")
        }
        return first.isUppercase ? .token(next) : .rule(next)
    }

    private mutating func readEnclosed(_ end: String) throws -> Grammar.Part {
        let part = try readChoice()
        try expect(end)
        return part
    }
}
