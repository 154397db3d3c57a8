import HoneyCore

extension Parser {
    /// The most keys of a cube, whose sets are two to that power.
    private var maximumCubeKeys: Int { 12 }

    /// "by" (expressions ["with" ("rollup" | "cube") | "grouping" "sets" "(" sets ")"]
    ///     | ("rollup" | "cube") "(" expressions ")" | "grouping" "sets" "(" sets ")")
    func parseGroupBy() throws -> GroupBySyntax {
        try expect(.by)
        let place = position
        if isAt(.grouping), peek(1).keyword == .sets {
            var keys = GroupingKeys()
            return try parseGroupingSets(of: &keys, mayAdd: true)
        }
        if isAt(.rollup) || isAt(.cube) {
            let isCube = isAt(.cube)
            advance()
            let expressions = try parenthesizedList { try parseExpression() }
            return try combined(expressions, isCube: isCube, at: place)
        }
        if isAt(.leftParen), peek(1).symbol == .rightParen {
            advance()
            advance()
            return GroupBySyntax(expressions: [])
        }
        var keys = GroupingKeys()
        _ = try list { try parseKey(into: &keys) { try parseExpression() } }
        if take(.with) {
            guard let kind = take(anyOf: [.rollup, .cube]) else { throw unexpected("'cube'") }
            return try combined(keys.expressions, isCube: kind == .cube, at: place)
        }
        if take(.grouping) { return try parseGroupingSets(of: &keys, mayAdd: false) }
        return GroupBySyntax(expressions: keys.expressions)
    }

    /// Makes the sets of a rollup, from all keys to none, or of a cube: every choice of keys.
    private func combined(
        _ expressions: [ExpressionSyntax], isCube: Bool, at place: SourcePosition
    ) throws -> GroupBySyntax {
        let count = expressions.count
        guard isCube else {
            let sets = (0...count).reversed().map { Array(0..<$0) }
            return GroupBySyntax(expressions: expressions, groupingSets: sets)
        }
        guard count <= maximumCubeKeys else {
            throw failed("a cube has at most \(maximumCubeKeys) keys, not \(count)", at: place)
        }
        let choices = (0..<1 << count).reversed()
        let sets = choices.map { choice in (0..<count).filter { choice & (1 << (count - 1 - $0)) != 0 } }
        return GroupBySyntax(expressions: expressions, groupingSets: sets)
    }

    /// ["grouping"] "sets" "(" set, … ")"
    private func parseGroupingSets(of keys: inout GroupingKeys, mayAdd: Bool) throws -> GroupBySyntax {
        if mayAdd { try expect(.grouping) }
        try expect(.sets)
        var sets: [[Int]] = []
        try expect(.leftParen)
        repeat { sets.append(try parseGroupingSet(of: &keys, mayAdd: mayAdd)) } while take(.comma)
        try expect(.rightParen)
        return GroupBySyntax(expressions: keys.expressions, groupingSets: sets)
    }

    /// "(" [expressions] ")" | name ["." name]…
    private func parseGroupingSet(of keys: inout GroupingKeys, mayAdd: Bool) throws -> [Int] {
        let keysBefore = keys
        guard isAt(.leftParen) else { return [try parseSetMember(of: &keys, mayAdd: mayAdd)] }
        advance()
        var set: [Int] = []
        var unknown: SourcePosition?
        if !isAt(.rightParen) {
            repeat {
                let place = position
                set.append(try parseKey(into: &keys) { try parseExpression() })
                if keys.expressions.count > keysBefore.expressions.count { unknown = unknown ?? place }
            } while take(.comma)
        }
        try expect(.rightParen)
        if let unknown, !mayAdd {
            throw failed("a grouping set may only have expressions of group by", at: unknown)
        }
        return set
    }

    private func parseSetMember(of keys: inout GroupingKeys, mayAdd: Bool) throws -> Int {
        let place = position
        let known = keys.expressions.count
        let number = try parseKey(into: &keys) {
            var parts = [try expectName("a column name or '('")]
            while isAt(.dot) {
                advance()
                parts.append(try expectName("a name after '.'"))
            }
            return ExpressionSyntax(place, .name(parts))
        }
        guard mayAdd || number < known else {
            throw failed("a grouping set may only have expressions of group by", at: place)
        }
        return number
    }

    /// Takes a key and returns its number; a key written before keeps its number.
    private func parseKey(
        into keys: inout GroupingKeys, _ rule: () throws -> ExpressionSyntax
    ) throws -> Int {
        let start = index
        let expression = try rule()
        let spelling = tokens(from: start).map { token in
            token.kind == .string ? "'\(token.text)'" : token.text.lowercased()
        }
        if let known = keys.spellings.firstIndex(of: spelling) { return known }
        keys.spellings.append(spelling)
        keys.expressions.append(expression)
        return keys.expressions.count - 1
    }
}

/// The expressions of GROUP BY, each once, and how they are spelled.
private struct GroupingKeys {
    var expressions: [ExpressionSyntax] = []
    var spellings: [[String]] = []
}
