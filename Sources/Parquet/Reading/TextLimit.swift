import HoneyCore

/// Cuts and pads byte strings to what varchar and char hold.
struct TextLimit {
    private let limit: Int
    private let isPadded: Bool

    /// `limit` counts code points.
    init(_ limit: Int, isPadded: Bool) {
        self.limit = limit
        self.isPadded = isPadded
    }

    /// Writes the views of cut or padded values; returns what keeps padded ones alive.
    func apply(
        _ source: UnsafePointer<BytesView>, count: Int, into target: UnsafeMutableRawPointer
    ) -> [AnyObject] {
        let target = target.assumingMemoryBound(to: BytesView.self)
        guard isPadded else {
            for index in 0..<count {
                let view = source[index]
                target[index] = view.count <= limit ? view : cut(source + index)
            }
            return []
        }
        var arena = BytesArena()
        for index in 0..<count { target[index] = padded(source + index, &arena) }
        return arena.blocks
    }

    private func cut(_ view: UnsafePointer<BytesView>) -> BytesView {
        let bytes = BytesView.bytes(at: view)
        guard let start = bytes.baseAddress else { return BytesView() }
        return BytesView(start, count: TextLimit.prefix(of: bytes, codePoints: limit).bytes)
    }

    private func padded(_ view: UnsafePointer<BytesView>, _ arena: inout BytesArena) -> BytesView {
        let bytes = BytesView.bytes(at: view)
        let (count, codePoints) = TextLimit.prefix(of: bytes, codePoints: limit)
        guard let start = bytes.baseAddress else { return spaces(&arena, after: nil, count: 0, limit) }
        if codePoints == limit { return BytesView(start, count: count) }
        return spaces(&arena, after: start, count: count, limit - codePoints)
    }

    private func spaces(
        _ arena: inout BytesArena, after start: UnsafePointer<UInt8>?, count: Int, _ missing: Int
    ) -> BytesView {
        let room = arena.allocate(count + missing)
        if let start { room.update(from: start, count: count) }
        (room + count).update(repeating: UInt8(ascii: " "), count: missing)
        let view = BytesView(room, count: count + missing)
        if view.isInline { arena.giveBack(count + missing) }
        return view
    }

    /// How much of the bytes the first code points take, and how many there are.
    static func prefix(of bytes: UnsafeBufferPointer<UInt8>, codePoints limit: Int) -> (bytes: Int, codePoints: Int) {
        var codePoints = 0
        for index in 0..<bytes.count where bytes[index] & 0xC0 != 0x80 {
            if codePoints == limit { return (index, codePoints) }
            codePoints += 1
        }
        return (bytes.count, codePoints)
    }
}

/// Spells the 16 bytes of a UUID as text.
enum UUIDText {
    private static let byteCount = 36

    /// Writes views of texts, all of which lie in the buffer returned.
    static func convert(_ raw: UnsafeRawPointer, count: Int, into target: UnsafeMutableRawPointer) -> Buffer {
        let digits = StaticString("0123456789abcdef").utf8Start
        let texts = Buffer(capacity: count * byteCount)
        let views = target.assumingMemoryBound(to: BytesView.self)
        var next = texts.pointer(to: UInt8.self)
        for index in 0..<count {
            let start = next
            for position in 0..<16 {
                if position == 4 || position == 6 || position == 8 || position == 10 {
                    next[0] = UInt8(ascii: "-")
                    next += 1
                }
                let byte = raw.load(fromByteOffset: index &* 16 &+ position, as: UInt8.self)
                next[0] = digits[Int(byte >> 4)]
                next[1] = digits[Int(byte & 15)]
                next += 2
            }
            views[index] = BytesView(start, count: byteCount)
        }
        return texts
    }
}
