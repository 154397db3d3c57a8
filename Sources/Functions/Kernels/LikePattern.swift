import HoneyCore

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A compiled LIKE pattern: `%` stands for any run of characters, `_` for one; an escape makes either literal.
struct LikePattern: Sendable {
    private enum Token: Equatable {
        case literal([UInt8])
        case anyCharacter
        case anyRun
    }

    private enum Form {
        case exact([UInt8])
        /// Literal pieces in order; the first and last may be bound to the ends. No two may overlap.
        case pieces([[UInt8]], isStartBound: Bool, isEndBound: Bool)
        case general([Token])
    }

    private let form: Form

    /// Compiles a pattern. Before `%`, `_` and itself the escape makes the next character literal; elsewhere it stands for itself.
    ///
    /// Hive's own backslash does not escape itself, so it passes `escapesItself: false`.
    init(_ pattern: UnsafeBufferPointer<UInt8>, escape: [UInt8] = [0x5C], escapesItself: Bool = false) {
        var tokens: [Token] = []
        var literal: [UInt8] = []
        func flush() {
            if !literal.isEmpty { tokens.append(.literal(literal)) }
            literal = []
        }
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            let next = index + escape.count
            if !escape.isEmpty, next <= pattern.count, pattern[index..<next].elementsEqual(escape),
                next < pattern.count,
                pattern[next] == 0x25 || pattern[next] == 0x5F || (escapesItself && pattern[next] == escape[0])
            {
                literal.append(pattern[next])
                index = next + 1
                continue
            }
            if byte == 0x25 {
                flush()
                if tokens.last != .anyRun { tokens.append(.anyRun) }
            } else if byte == 0x5F {
                flush()
                tokens.append(.anyCharacter)
            } else {
                literal.append(byte)
            }
            index += 1
        }
        flush()
        form = LikePattern.simplify(tokens)
    }

    private static func simplify(_ tokens: [Token]) -> Form {
        if tokens.contains(.anyCharacter) { return .general(tokens) }
        if tokens.isEmpty { return .exact([]) }
        if tokens.count == 1, case .literal(let bytes) = tokens[0] { return .exact(bytes) }
        let pieces = tokens.compactMap { token -> [UInt8]? in
            if case .literal(let bytes) = token { bytes } else { nil }
        }
        return .pieces(pieces, isStartBound: tokens.first != .anyRun, isEndBound: tokens.last != .anyRun)
    }

    /// Tells whether the whole text matches.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch form {
        case .exact(let bytes): LikePattern.equal(text, 0, bytes) && text.count == bytes.count
        case .pieces(let pieces, let isStartBound, let isEndBound):
            LikePattern.matchPieces(text, pieces, isStartBound, isEndBound)
        case .general(let tokens): LikePattern.matchTokens(text, tokens)
        }
    }

    /// Writes 1 for each text that matches, else 0; chooses the way to match once for all.
    func match(_ views: UnsafePointer<BytesView>, _ count: Int, into target: UnsafeMutablePointer<UInt8>) {
        if case .pieces(let pieces, let isStartBound, let isEndBound) = form, pieces.count == 1 {
            pieces[0].withUnsafeBufferPointer { piece in
                if isStartBound {
                    LikePattern.matchPrefix(views, count, piece, into: target)
                } else if isEndBound {
                    LikePattern.matchSuffix(views, count, piece, into: target)
                } else {
                    for row in 0..<count {
                        let text = BytesView.bytes(at: views + row)
                        target[row] = LikePattern.find(piece, in: text, 0, text.count) == nil ? 0 : 1
                    }
                }
            }
        } else if case .pieces(let pieces, false, false) = form, pieces.count == 2 {
            pieces[0].withUnsafeBufferPointer { first in
                pieces[1].withUnsafeBufferPointer { second in
                    for row in 0..<count {
                        let text = BytesView.bytes(at: views + row)
                        target[row] = 0
                        guard let found = LikePattern.find(first, in: text, 0, text.count) else { continue }
                        if LikePattern.find(second, in: text, found + first.count, text.count) != nil {
                            target[row] = 1
                        }
                    }
                }
            }
        } else {
            for row in 0..<count { target[row] = matches(BytesView.bytes(at: views + row)) ? 1 : 0 }
        }
    }

    /// A view holds the first four bytes itself, which settle most rows.
    private static func matchPrefix(
        _ views: UnsafePointer<BytesView>, _ count: Int, _ piece: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        let headCount = min(piece.count, 4)
        var head: UInt64 = 0
        for index in 0..<headCount { head |= UInt64(piece[index]) << UInt64(32 + index * 8) }
        let mask: UInt64 = headCount == 4 ? 0xFFFF_FFFF_0000_0000 : ((1 << UInt64(headCount * 8)) - 1) << 32
        for row in 0..<count {
            var isMatch = views[row].head & mask == head && views[row].count >= piece.count
            if isMatch, piece.count > 4 {
                let text = BytesView.bytes(at: views + row)
                isMatch = memcmp(text.baseAddress! + 4, piece.baseAddress! + 4, piece.count - 4) == 0
            }
            target[row] = isMatch ? 1 : 0
        }
    }

    private static func matchSuffix(
        _ views: UnsafePointer<BytesView>, _ count: Int, _ piece: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        let last = piece[piece.count - 1]
        for row in 0..<count {
            let text = BytesView.bytes(at: views + row)
            let start = text.count - piece.count
            let isMatch =
                start >= 0 && text[text.count - 1] == last
                && memcmp(text.baseAddress! + start, piece.baseAddress!, piece.count) == 0
            target[row] = isMatch ? 1 : 0
        }
    }

    private static func equal(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ bytes: [UInt8]) -> Bool {
        guard text.count - offset >= bytes.count else { return false }
        if bytes.isEmpty { return true }
        return bytes.withUnsafeBufferPointer {
            memcmp(text.baseAddress! + offset, $0.baseAddress!, bytes.count) == 0
        }
    }

    private static func matchPieces(
        _ text: UnsafeBufferPointer<UInt8>, _ pieces: [[UInt8]], _ isStartBound: Bool, _ isEndBound: Bool
    ) -> Bool {
        var offset = 0
        var end = text.count
        var first = 0
        var last = pieces.count
        if isStartBound {
            guard equal(text, 0, pieces[0]) else { return false }
            offset = pieces[0].count
            first = 1
        }
        if isEndBound, last > first {
            let piece = pieces[last - 1]
            end -= piece.count
            guard end >= offset, equal(text, end, piece) else { return false }
            last -= 1
        }
        for piece in pieces[first..<last] {
            guard let found = find(piece, in: text, offset, end) else { return false }
            offset = found + piece.count
        }
        return true
    }

    /// Finds where a piece first occurs within a range of the text.
    static func find(_ piece: [UInt8], in text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        piece.withUnsafeBufferPointer { find($0, in: text, start, end) }
    }

    /// Finds where a piece first occurs within a range of the text.
    @inline(__always)
    static func find(
        _ piece: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int? {
        guard end &- start >= piece.count else { return nil }
        guard let needle = piece.baseAddress, let base = text.baseAddress, piece.count > 0 else { return start }
        let last = end &- piece.count
        let raw = UnsafeRawPointer(base)
        var position = start
        // Most positions are ruled out by their first four bytes, taken as one word.
        if piece.count >= 4 {
            let head = UnsafeRawPointer(needle).loadUnaligned(as: UInt32.self)
            while position <= last {
                if raw.loadUnaligned(fromByteOffset: position, as: UInt32.self) == head,
                    memcmp(raw + position + 4, needle + 4, piece.count &- 4) == 0
                {
                    return position
                }
                position &+= 1
            }
            return nil
        }
        let first = needle[0]
        while position <= last {
            if base[position] == first, memcmp(base + position, needle, piece.count) == 0 { return position }
            position &+= 1
        }
        return nil
    }

    /// Matches greedily, going back to the latest `%` on a mismatch.
    private static func matchTokens(_ text: UnsafeBufferPointer<UInt8>, _ tokens: [Token]) -> Bool {
        var offset = 0
        var token = 0
        var runToken: Int?
        var runOffset = 0
        while true {
            if token < tokens.count {
                switch tokens[token] {
                case .anyRun:
                    runToken = token
                    runOffset = offset
                    token += 1
                    continue
                case .anyCharacter:
                    if offset < text.count {
                        offset = characterEnd(text, offset)
                        token += 1
                        continue
                    }
                case .literal(let bytes):
                    if equal(text, offset, bytes) {
                        offset += bytes.count
                        token += 1
                        continue
                    }
                }
            } else if offset == text.count {
                return true
            }
            guard let run = runToken, runOffset < text.count else { return false }
            runOffset = characterEnd(text, runOffset)
            offset = runOffset
            token = run + 1
        }
    }

    /// Where the UTF-8 character at `offset` ends.
    private static func characterEnd(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
        var end = offset + 1
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}
