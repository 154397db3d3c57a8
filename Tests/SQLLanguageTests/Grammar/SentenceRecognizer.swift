@testable import HoneySQLLanguage

/// Tells whether tokens are a sentence of the grammar, by Earley's algorithm.
struct SentenceRecognizer {
    /// A rule as alternatives of terminals and other rules.
    private enum Element {
        case terminal(Terminal)
        case rule(Int)
    }

    private enum Terminal {
        case literal(String)
        case token(String)
    }

    private struct Item: Hashable {
        var rule: Int
        var alternative: Int
        var dot: Int
        var origin: Int
    }

    private var numbers: [String: Int] = [:]
    private var alternatives: [[[Element]]] = []
    private var isNullable: [Bool] = []

    init(_ grammar: Grammar) {
        for name in grammar.rules.keys.sorted() {
            numbers[name] = alternatives.count
            alternatives.append([])
        }
        for (name, part) in grammar.rules { alternatives[numbers[name]!] = flattened(part) }
        isNullable = Array(repeating: false, count: alternatives.count)
        var isChanging = true
        while isChanging {
            isChanging = false
            for rule in alternatives.indices where !isNullable[rule] {
                let canVanish = alternatives[rule].contains { alternative in
                    alternative.allSatisfy { if case .rule(let number) = $0 { isNullable[number] } else { false } }
                }
                if canVanish {
                    isNullable[rule] = true
                    isChanging = true
                }
            }
        }
    }

    // MARK: From parts to alternatives

    private mutating func flattened(_ part: Grammar.Part) -> [[Element]] {
        if case .choice(let parts) = part { return parts.flatMap { flattened($0) } }
        return [elements(part)]
    }

    private mutating func elements(_ part: Grammar.Part) -> [Element] {
        switch part {
        case .literal(let text): [.terminal(.literal(text))]
        case .token(let name): [.terminal(.token(name))]
        case .rule(let name): [.rule(numbers[name]!)]
        case .sequence(let parts): parts.flatMap { elements($0) }
        case .choice: [.rule(added(flattened(part)))]
        case .optional(let inner): [.rule(added(flattened(inner) + [[]]))]
        case .repeated(let inner): [repeated(flattened(inner))]
        case .anyOrder(let parts): [repeated(parts.flatMap { flattened($0) })]
        }
    }

    private mutating func added(_ rule: [[Element]]) -> Int {
        alternatives.append(rule)
        return alternatives.count - 1
    }

    private mutating func repeated(_ inner: [[Element]]) -> Element {
        let number = added([])
        alternatives[number] = [[]] + inner.map { [.rule(number)] + $0 }
        return .rule(number)
    }

    // MARK: Recognition

    func recognizes(_ tokens: [Token], as rule: String) -> Bool {
        let start = numbers[rule]!
        var sets: [[Item]] = Array(repeating: [], count: tokens.count + 1)
        var known: [Set<Item>] = Array(repeating: [], count: tokens.count + 1)
        func add(_ item: Item, to index: Int) {
            if known[index].insert(item).inserted { sets[index].append(item) }
        }
        for alternative in alternatives[start].indices {
            add(Item(rule: start, alternative: alternative, dot: 0, origin: 0), to: 0)
        }
        for index in 0...tokens.count {
            var next = 0
            while next < sets[index].count {
                let item = sets[index][next]
                next += 1
                let elements = alternatives[item.rule][item.alternative]
                var advanced = item
                advanced.dot += 1
                guard item.dot < elements.count else {
                    for waiting in sets[item.origin] {
                        let wanted = alternatives[waiting.rule][waiting.alternative]
                        guard waiting.dot < wanted.count, case .rule(item.rule) = wanted[waiting.dot] else { continue }
                        var moved = waiting
                        moved.dot += 1
                        add(moved, to: index)
                    }
                    continue
                }
                switch elements[item.dot] {
                case .rule(let number):
                    for alternative in alternatives[number].indices {
                        add(Item(rule: number, alternative: alternative, dot: 0, origin: index), to: index)
                    }
                    if isNullable[number] { add(advanced, to: index) }
                case .terminal(let terminal):
                    if index < tokens.count, matches(tokens[index], terminal) { add(advanced, to: index + 1) }
                }
            }
        }
        return sets[tokens.count].contains {
            $0.rule == start && $0.origin == 0 && $0.dot == alternatives[start][$0.alternative].count
        }
    }

    private func matches(_ token: Token, _ terminal: Terminal) -> Bool {
        switch terminal {
        case .literal(let text): token.kind != .quotedName && token.kind != .string && token.text.lowercased() == text
        case .token(let name):
            switch name {
            case "STRING", "UNIQUE_STRING": token.kind == .string
            case "NUMBER", "PRECISION", "SCALE", "LENGTH", "COUNT": token.kind == .number
            case "OPERATOR": token.symbol != nil || token.keyword != nil
            default: isName(token)
            }
        }
    }

    private func isName(_ token: Token) -> Bool {
        switch token.kind {
        case .quotedName: true
        case .word(let keyword): keyword.map { !Dialect.hive.reserved.contains($0) } ?? true
        default: false
        }
    }
}
