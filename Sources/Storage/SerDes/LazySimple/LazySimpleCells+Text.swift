import HoneyCore

extension BytesView {
    /// Views `count` bytes at `start` as `init(_:count:)` does, without its branches; 16 bytes must be readable.
    @inline(__always)
    init(padded start: UnsafePointer<UInt8>, count: Int) {
        let low = Digits.word(start)
        let length = UInt64(truncatingIfNeeded: count)
        if count > 12 {
            self.init()
            head = length | low << 32
            tail = UInt64(UInt(bitPattern: start))
        } else {
            let high = Digits.word(start + 4) >> 32
            // Shifts past the width give zero.
            let lowMask: UInt64 = ~(~0 << (length &* 8) as UInt64)
            let highMask: UInt64 = count <= 8 ? 0 : ~(~0 << ((length &- 8) &* 8) as UInt64)
            let kept = low & lowMask
            self.init()
            head = length | kept << 32
            tail = kept >> 32 | (high & highMask) << 32
        }
    }
}

extension LazySimpleCells {
    /// Decodes strings: views of the cells themselves, or copies where an escape is in them.
    func strings(_ type: DataType, _ cells: Cells) -> Column {
        let data = Buffer(capacity: cells.count * 16)
        let out = data.pointer(to: BytesView.self)
        var nulls = NullMarks(count: cells.count)
        var longest = 0
        if parameters.escape != nil { return escapedStrings(type, cells) }
        for row in 0..<cells.count {
            let start = cells.start(row)
            let length = cells.length(row)
            if isNull(start, length) {
                out[row] = BytesView()
                nulls.mark(row)
            } else {
                out[row] = BytesView(padded: start, count: length)
                longest = max(longest, length)
            }
        }
        return Column(
            type: type, count: cells.count, validity: nulls.bitmap, data: data,
            owners: longest > BytesView.inlineCapacity ? [cells.owner] : [])
    }

    private func escapedStrings(_ type: DataType, _ cells: Cells) -> Column {
        texts(type, cells) { text, arena in
            needsUnescaping(text) ? unescaped(text, into: &arena) : BytesView(text.baseAddress!, count: text.count)
        }
    }

    func varchars(_ type: DataType, _ cells: Cells, limit: Int) -> Column {
        texts(type, cells) { text, arena in
            let whole = needsUnescaping(text) ? unescaped(text, into: &arena) : nil
            // As many bytes as code points allowed cannot be too long.
            if (whole?.count ?? text.count) <= limit { return whole ?? BytesView(text.baseAddress!, count: text.count) }
            guard let whole else {
                let prefix = CodePoints.prefix(text, limit)
                return BytesView(prefix.baseAddress!, count: prefix.count)
            }
            return whole.withBytes { arena.insert(CodePoints.prefix($0, limit)) }
        }
    }

    /// Decodes values padded with spaces to `limit` code points.
    func chars(_ type: DataType, _ cells: Cells, limit: Int) -> Column {
        texts(type, cells) { text, arena in
            let whole =
                needsUnescaping(text) ? unescaped(text, into: &arena) : BytesView(text.baseAddress!, count: text.count)
            return whole.withBytes { bytes in
                let prefix = CodePoints.prefix(bytes, limit)
                let missing = limit - CodePoints.count(prefix)
                guard missing > 0 else {
                    return prefix.count == bytes.count ? whole : arena.insert(prefix)
                }
                let padded = arena.allocate(prefix.count + missing)
                if let base = prefix.baseAddress { padded.update(from: base, count: prefix.count) }
                (padded + prefix.count).update(repeating: 0x20, count: missing)
                return BytesView(padded, count: prefix.count + missing)
            }
        }
    }

    /// Decodes base64 where every byte could be of it and some come of it, and takes the bytes as they are elsewhere.
    func binaries(_ type: DataType, _ cells: Cells) -> Column {
        texts(type, cells) { text, arena in
            guard Base64.mayBe(text) else { return BytesView(text.baseAddress!, count: text.count) }
            let room = text.count / 4 * 3 + 3
            let start = arena.allocate(room)
            let count = Base64.decode(text, into: start)
            guard count > 0 else {
                arena.giveBack(room)
                return BytesView(text.baseAddress!, count: text.count)
            }
            let view = BytesView(start, count: count)
            arena.giveBack(view.isInline ? room : room - count)
            return view
        }
    }

    /// Decodes bytes cell by cell; views may point into the cells or the arena.
    @inline(__always)
    private func texts(
        _ type: DataType, _ cells: Cells, view: (UnsafeBufferPointer<UInt8>, inout BytesArena) -> BytesView
    ) -> Column {
        let data = Buffer(capacity: cells.count * 16)
        let out = data.pointer(to: BytesView.self)
        var nulls = NullMarks(count: cells.count)
        var arena = BytesArena()
        for row in 0..<cells.count {
            if isNull(cells.start(row), cells.length(row)) {
                out[row] = BytesView()
                nulls.mark(row)
            } else {
                out[row] = view(cells[row], &arena)
            }
        }
        return Column(
            type: type, count: cells.count, validity: nulls.bitmap, data: data, owners: [cells.owner] + arena.blocks)
    }

    @inline(__always)
    private func needsUnescaping(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let escape = parameters.escape else { return false }
        return text.contains(escape)
    }

    /// Copies text without its escapes: escape + `n` is LF, escape + `r` is CR, a last lone escape stays.
    @inline(never)
    private func unescaped(_ text: UnsafeBufferPointer<UInt8>, into arena: inout BytesArena) -> BytesView {
        let target = arena.allocate(text.count)
        var written = 0
        var index = 0
        while index < text.count {
            var byte = text[index]
            if byte == parameters.escape, index + 1 < text.count {
                index += 1
                byte = text[index]
                if byte == 0x6E { byte = 0x0A } else if byte == 0x72 { byte = 0x0D }
            }
            target[written] = byte
            written += 1
            index += 1
        }
        let view = BytesView(target, count: written)
        arena.giveBack(view.isInline ? text.count : text.count - written)
        return view
    }
}

/// Counts and cuts UTF-8 by code points; a byte that continues none counts with the one before.
enum CodePoints {
    static func count(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// The first `limit` code points.
    static func prefix(_ text: UnsafeBufferPointer<UInt8>, _ limit: Int) -> UnsafeBufferPointer<UInt8> {
        if text.count <= limit { return text }
        var seen = 0
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 {
            if seen == limit { return UnsafeBufferPointer(rebasing: text[..<index]) }
            seen += 1
        }
        return text
    }
}
