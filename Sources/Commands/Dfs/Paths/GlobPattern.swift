/// A pattern for one part of a path; matching takes time proportional to the name's length.
struct GlobPattern {
    private enum Step {
        case one(Test)
        /// Goes on at several places.
        case fork([Int])
        case end
    }

    private enum Test {
        case any
        case character(Unicode.Scalar)
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)

        func accepts(_ character: Unicode.Scalar) -> Bool {
            switch self {
            case .any: true
            case .character(let wanted): character == wanted
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
            }
        }
    }

    /// Tells whether it is more than a name.
    private(set) var hasWildcard = false
    /// The name it stands for when it has no wildcard.
    private(set) var literal = ""
    private var steps: [Step] = []
    private let ignoresCase: Bool

    /// Reads a pattern; fails when a group or set is not closed.
    init(_ text: some StringProtocol, ignoringCase: Bool = false) throws {
        ignoresCase = ignoringCase
        var rest = Array((ignoringCase ? text.lowercased() : String(text)).unicodeScalars)[...]
        try read(&rest, isInGroup: false, whole: String(text))
        steps.append(.end)
    }

    private mutating func read(_ rest: inout ArraySlice<Unicode.Scalar>, isInGroup: Bool, whole: String) throws {
        while let character = rest.first, !(isInGroup && (character == "," || character == "}")) {
            rest.removeFirst()
            switch character {
            case "\\":
                guard let escaped = rest.popFirst() else {
                    throw GlobPattern.failure("An escaped character does not present", whole)
                }
                append(escaped)
            case "?": appendWild(.any)
            case "*":
                // Either one more character and back here, or on.
                hasWildcard = true
                let here = steps.count
                steps += [.fork([here + 1, here + 3]), .one(.any), .fork([here])]
            case "[": appendWild(try GlobPattern.set(&rest, whole))
            case "{": try readGroup(&rest, whole)
            default: append(character)
            }
        }
    }

    private mutating func readGroup(_ rest: inout ArraySlice<Unicode.Scalar>, _ whole: String) throws {
        hasWildcard = true
        let entry = steps.count
        steps.append(.fork([]))
        var starts: [Int] = []
        var exits: [Int] = []
        while true {
            starts.append(steps.count)
            try read(&rest, isInGroup: true, whole: whole)
            exits.append(steps.count)
            steps.append(.fork([]))
            guard let end = rest.popFirst() else { throw GlobPattern.failure("Unclosed group", whole) }
            if end == "}" { break }
        }
        steps[entry] = .fork(starts)
        for exit in exits { steps[exit] = .fork([steps.count]) }
    }

    private mutating func append(_ character: Unicode.Scalar) {
        literal.unicodeScalars.append(character)
        steps.append(.one(.character(character)))
    }

    private mutating func appendWild(_ test: Test) {
        hasWildcard = true
        steps.append(.one(test))
    }

    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>, _ whole: String) throws -> Test {
        var isNegated = false
        if let first = rest.first, first == "^" || first == "!" {
            isNegated = true
            rest.removeFirst()
        }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let character = rest.popFirst() {
            if character == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            guard let low = character == "\\" ? rest.popFirst() : character else { break }
            guard rest.first == "-", let high = rest.dropFirst().first, high != "]" else {
                ranges.append(low...low)
                continue
            }
            rest = rest.dropFirst(2)
            guard low <= high else { throw failure("Illegal character range", whole) }
            ranges.append(low...high)
        }
        throw failure("Unclosed character class", whole)
    }

    private static func failure(_ what: String, _ pattern: String) -> DfsFailure {
        DfsFailure("Illegal file pattern: error parsing regexp: \(what) at pos \(pattern.count): `\(pattern)`")
    }

    func matches(_ name: String) -> Bool {
        var places = closure(of: [0])
        for character in (ignoresCase ? name.lowercased() : name).unicodeScalars {
            var next: [Int] = []
            for place in places {
                if case .one(let test) = steps[place], test.accepts(character) { next.append(place + 1) }
            }
            if next.isEmpty { return false }
            places = closure(of: next)
        }
        return places.contains { if case .end = steps[$0] { true } else { false } }
    }

    /// All places that can be reached without a character.
    private func closure(of places: [Int]) -> [Int] {
        var seen = Set<Int>()
        var found: [Int] = []
        var open = places
        while let place = open.popLast() {
            guard seen.insert(place).inserted else { continue }
            if case .fork(let targets) = steps[place] { open += targets } else { found.append(place) }
        }
        return found
    }
}
