import HoneyCore

extension CastKernel {
    /// Converts text by reading it as the target's literals are read; what is not one becomes null.
    func textConversion() -> Conversion? {
        switch to {
        case .boolean:
            // Any text but the empty one counts as true, `false` included.
            return { mapped($0, $1, $2) { (x: BytesView) -> UInt8 in x.count > 0 ? 1 : 0 } }
        case .tinyint: return reading(empty: 0 as Int8) { IntegerText.parse($0).flatMap { Int8(exactly: $0) } }
        case .smallint: return reading(empty: 0 as Int16) { IntegerText.parse($0).flatMap { Int16(exactly: $0) } }
        case .int: return reading(empty: 0 as Int32) { IntegerText.parse($0).flatMap { Int32(exactly: $0) } }
        case .bigint: return reading(empty: 0 as Int64) { IntegerText.parse($0) }
        case .float: return reading(empty: 0 as Float) { RealText.parseFloat($0) }
        case .double: return reading(empty: 0 as Double) { RealText.parseDouble($0) }
        case .decimal(let precision, let scale):
            if precision <= DataType.maximumShortDecimalPrecision {
                return reading(empty: 0 as Int64) {
                    DecimalText.parseShort(trimmed($0), precision: precision, scale: scale)
                }
            }
            return reading(empty: 0 as Int128) { DecimalText.parse(trimmed($0), precision: precision, scale: scale) }
        case .string, .varchar, .char, .binary: return textToText()
        case .date: return reading(empty: 0 as Int32) { CastText.date(trimmed($0)) }
        case .timestamp: return reading(empty: 0 as Int128) { CastText.timestamp(trimmed($0)) }
        case .intervalYearMonth: return reading(empty: 0 as Int32) { IntervalText.parseMonths(trimmed($0)) }
        case .intervalDayTime: return reading(empty: 0 as Int128) { IntervalText.parseNanoseconds(trimmed($0)) }
        default: return nil
        }
    }

    @inline(__always)
    private func reading<R: BitwiseCopyable>(
        empty: R, _ body: @escaping (UnsafeBufferPointer<UInt8>) -> R?
    ) -> Conversion {
        let to = to
        return { column, count, validity in
            let views = column.values(as: BytesView.self)
            let (data, mask) = ElementLoop.optional(count, validity, empty: empty) {
                body(BytesView.bytes(at: views + $0))
            }
            return Column(type: to, count: count, validity: mask, data: data)
        }
    }

    private func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        CastText.trimmed(bytes)
    }

    /// Converts between kinds of text: cut to the target's length, padded for char, char's padding taken off elsewhere.
    func textToText() -> Conversion {
        let to = to
        let fromChar = if case .char = from { true } else { false }
        if !fromChar, to == .string || to == .binary { return { column, _, _ in column.retyped(to) } }
        if case .char(let length) = to { return padding(to: length) }
        let limit = if case .varchar(let length) = to { length } else { Int.max }
        if case .varchar(let length) = from, length <= limit { return { column, _, _ in column.retyped(to) } }
        return { column, count, validity in
            let source = column.values(as: BytesView.self)
            let buffer = Buffer(capacity: count * MemoryLayout<BytesView>.stride)
            let target = buffer.pointer(to: BytesView.self)
            for row in 0..<count {
                let bytes = BytesView.bytes(at: source + row)
                var length = CastText.prefixLength(bytes, characters: limit)
                if fromChar { while length > 0, bytes[length - 1] == 0x20 { length -= 1 } }
                target[row] =
                    length == bytes.count
                    ? source[row] : length == 0 ? BytesView() : BytesView(bytes.baseAddress!, count: length)
            }
            return Column(type: to, count: count, validity: validity, data: buffer, owners: column.owners)
        }
    }

    private func padding(to length: Int) -> Conversion {
        let to = to
        return { column, count, validity in
            let source = column.values(as: BytesView.self)
            let buffer = Buffer(capacity: count * MemoryLayout<BytesView>.stride)
            let target = buffer.pointer(to: BytesView.self)
            var arena = BytesArena()
            var sink = ByteSink()
            for row in 0..<count {
                sink.removeAll()
                CastText.appendFitted(BytesView.bytes(at: source + row), to, length, to: &sink)
                target[row] = sink.withBytes { arena.insert($0) }
            }
            return Column(type: to, count: count, validity: validity, data: buffer, owners: arena.blocks)
        }
    }

    /// Prints values: booleans in capitals, decimals without trailing zeros, nested values as they look in JSON.
    func printing() -> Conversion {
        let to = to
        let from = from
        return { column, count, validity in
            let buffer = Buffer(zeroed: count * MemoryLayout<BytesView>.stride)
            let target = buffer.pointer(to: BytesView.self)
            var arena = BytesArena()
            var sink = ByteSink()
            var fitted = ByteSink()
            for row in 0..<count where validity?[row] ?? true {
                sink.removeAll()
                CastText.append(column, from, row: row, to: &sink)
                switch to {
                case .varchar(let length), .char(let length):
                    fitted.removeAll()
                    sink.withBytes { CastText.appendFitted($0, to, length, to: &fitted) }
                    target[row] = fitted.withBytes { arena.insert($0) }
                default: target[row] = sink.withBytes { arena.insert($0) }
                }
            }
            return Column(type: to, count: count, validity: validity, data: buffer, owners: arena.blocks)
        }
    }
}
