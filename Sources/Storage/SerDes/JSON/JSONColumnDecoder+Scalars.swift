import HoneyCore

extension JSONColumnDecoder {
    /// Decodes fixed-width values one by one; text that does not parse is null or damage.
    @inline(__always)
    func scalars<T: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ tokens: Cells, _ block: RecordBlock, _: T.Type, orNull: Bool = false,
        parse: (UnsafeBufferPointer<UInt8>) -> T?
    ) throws -> Column {
        let data = Buffer(capacity: tokens.count * MemoryLayout<T>.stride)
        let out = data.pointer(to: T.self)
        var nulls = NullMarks(count: tokens.count)
        for row in 0..<tokens.count {
            out[row] = 0
            if tokens.length(row) < 0 {
                nulls.mark(row)
            } else if let value = withText(tokens, row, parse) {
                out[row] = value
            } else if orNull, tokens.start(row)[0] != 0x7B, tokens.start(row)[0] != 0x5B {
                nulls.mark(row)
            } else {
                try mismatch(tokens, row, &nulls, block)
            }
        }
        return Column(type: type, count: tokens.count, validity: nulls.bitmap, data: data)
    }

    /// Decodes integers; fractions are dropped.
    @inline(__always)
    func integers<T: FixedWidthInteger & BitwiseCopyable>(
        _ tokens: Cells, _ block: RecordBlock, _: T.Type
    ) throws -> Column {
        let data = Buffer(capacity: tokens.count * MemoryLayout<T>.stride)
        let out = data.pointer(to: T.self)
        var nulls = NullMarks(count: tokens.count)
        for row in 0..<tokens.count {
            let start = tokens.start(row)
            let length = tokens.length(row)
            let sign = start[0] == 0x2D ? 1 : 0
            // Where leading zeros mean octal numbers they are left to others.
            if !dialect.isLenient || start[sign] != 0x30, let digits = Digits.parse(start + sign, length &- sign) {
                let mask = Int64(0 &- sign)
                let value = (Int64(truncatingIfNeeded: digits) ^ mask) &- mask
                out[row] = T(truncatingIfNeeded: value)
                if T.bitWidth < 64, Int64(T(truncatingIfNeeded: value)) != value {
                    try mismatch(tokens, row, &nulls, block)
                }
                continue
            }
            out[row] = 0
            if length < 0 {
                nulls.mark(row)
            } else if let value = withText(tokens, row, { carefulInteger($0) }), let fitting = T(exactly: value) {
                out[row] = fitting
            } else {
                try mismatch(tokens, row, &nulls, block)
            }
        }
        return Column(type: type, count: tokens.count, validity: nulls.bitmap, data: data)
    }

    /// Reads integers of any form: with a fraction or an exponent, and in OpenX's dialect hexadecimal and octal ones.
    @inline(never)
    private func carefulInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if dialect.isLenient, text.count > 1, text[0] == 0x30, text[1] != 0x2E {
            let isHexadecimal = text[1] | 0x20 == 0x78
            let digits = String(decoding: text.dropFirst(isHexadecimal ? 2 : 1), as: UTF8.self)
            if let value = Int64(digits, radix: isHexadecimal ? 16 : 8) { return value }
        }
        if let value = IntegerText.parse(text) { return value }
        guard text.contains(where: { $0 | 0x20 == 0x65 }) else { return nil }
        return DecimalText.parse(text, precision: 38, scale: 9).flatMap { Int64(exactly: $0 / 1_000_000_000) }
    }

    /// Reads a boolean: `true` in any case is true, numbers but zero are, all other text is false; nil for what has members.
    func boolean(_ text: UnsafeBufferPointer<UInt8>) -> UInt8? {
        guard let first = text.first else { return 0 }
        switch first {
        case 0x74, 0x54: return text.count == 4 && zip(text, "true".utf8).allSatisfy { $0 | 0x20 == $1 } ? 1 : 0
        case 0x2D, 0x30...0x39: return (RealText.parseDouble(text) ?? 0) != 0 ? 1 : 0
        case 0x7B, 0x5B: return nil
        default: return 0
        }
    }

    /// Decodes strings: the text between quotes, and the JSON itself of anything else.
    func strings(_ tokens: Cells) -> Column {
        let data = Buffer(capacity: tokens.count * 16)
        let out = data.pointer(to: BytesView.self)
        var nulls = NullMarks(count: tokens.count)
        var arena = BytesArena()
        for row in 0..<tokens.count {
            let start = tokens.start(row)
            let length = tokens.length(row)
            if length < 0 {
                out[row] = BytesView()
                nulls.mark(row)
            } else if start[0] != 0x22, start[0] != 0x27 {
                out[row] = BytesView(padded: start, count: length)
            } else if length & JSONToken.escapedBit == 0 {
                out[row] = BytesView(padded: start + 1, count: length &- 2)
            } else {
                let text = UnsafeBufferPointer(start: start + 1, count: (length & ~JSONToken.escapedBit) &- 2)
                out[row] = unescaped(text, into: &arena)
            }
        }
        return Column(
            type: .string, count: tokens.count, validity: nulls.bitmap, data: data,
            owners: [tokens.owner] + arena.blocks)
    }

    @inline(never)
    private func unescaped(_ text: UnsafeBufferPointer<UInt8>, into arena: inout BytesArena) -> BytesView {
        let target = arena.allocate(text.count)
        let count = JSONEscapes.unescape(text, into: target)
        let view = BytesView(target, count: count)
        arena.giveBack(view.isInline ? text.count : text.count - count)
        return view
    }

    /// Decodes base64; other text is damage.
    func binaries(_ tokens: Cells, _ block: RecordBlock) throws -> Column {
        let data = Buffer(capacity: tokens.count * 16)
        let out = data.pointer(to: BytesView.self)
        var nulls = NullMarks(count: tokens.count)
        var arena = BytesArena()
        for row in 0..<tokens.count {
            out[row] = BytesView()
            if tokens.length(row) < 0 {
                nulls.mark(row)
                continue
            }
            let view: BytesView? = withText(tokens, row) { text in
                guard Base64.mayBe(text) else { return nil }
                let room = text.count / 4 * 3 + 3
                let target = arena.allocate(room)
                let view = BytesView(target, count: Base64.decode(text, into: target))
                arena.giveBack(view.isInline ? room : room - view.count)
                return view
            }
            if let view { out[row] = view } else { try mismatch(tokens, row, &nulls, block) }
        }
        return Column(
            type: type, count: tokens.count, validity: nulls.bitmap, data: data, owners: arena.blocks)
    }
}
