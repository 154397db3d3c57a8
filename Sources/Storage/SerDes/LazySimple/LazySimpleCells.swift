public import HoneyCore

/// Decodes the text of fields into columns by LazySimpleSerDe's rules: what does not parse is null, never an error.
public struct LazySimpleCells {
    let parameters: LazySimpleParameters
    /// The null sequence's first bytes as a word, and which bits of the word count.
    private let nullWord: UInt64
    private let nullMask: UInt64
    /// The null sequence's bytes; without one a length that no cell has.
    private let nullLength: Int
    /// Whether a number or a date could spell the null sequence, so that it must be looked for first.
    let nullMayParse: Bool

    public init(_ parameters: LazySimpleParameters) {
        self.parameters = parameters
        let null = parameters.nullSequence
        var word: UInt64 = 0
        for (index, byte) in null.prefix(8).enumerated() { word |= UInt64(byte) << UInt64(index * 8) }
        nullWord = word
        nullMask = null.count >= 8 ? ~0 : (1 << UInt64(null.count * 8)) - 1
        nullLength = parameters.hasNullSequence ? null.count : .max
        nullMayParse = parameters.hasNullSequence && !null.isEmpty && null.allSatisfy { (0x2B...0x39).contains($0) }
    }

    /// Tells whether a cell is missing or holds the null sequence.
    @inline(__always)
    func isNull(_ start: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        if length < 0 { return true }
        guard length == nullLength else { return false }
        return Digits.word(start) & nullMask == nullWord && (length <= 8 || hasLongNull(start))
    }

    @inline(never)
    private func hasLongNull(_ start: UnsafePointer<UInt8>) -> Bool {
        parameters.nullSequence.withUnsafeBufferPointer {
            compareBytes($0, UnsafeBufferPointer(start: start, count: $0.count)) == 0
        }
    }

    /// Decodes one column; `level` is the nesting level of a complex type's members (1 for a table's columns).
    ///
    /// Fails with `NESTING_TOO_DEEP`.
    public func decode(_ type: DataType, _ cells: Cells, level: Int = 1) throws -> Column {
        switch type {
        case .boolean: return scalars(type, cells, UInt8.self) { parseBoolean($0) }
        case .tinyint: return integers(type, cells, Int8.self)
        case .smallint: return integers(type, cells, Int16.self)
        case .int: return integers(type, cells, Int32.self)
        case .bigint: return integers(type, cells, Int64.self)
        case .float: return scalars(type, cells, Float.self) { RealText.parseFloat($0) }
        case .double: return scalars(type, cells, Double.self) { RealText.parseDouble($0) }
        case .decimal(let precision, let scale): return decimals(type, cells, precision: precision, scale: scale)
        case .date: return dates(type, cells)
        case .timestamp: return scalars(type, cells, Int128.self) { parseTimestamp($0) }
        case .intervalYearMonth: return scalars(type, cells, Int32.self) { IntervalText.parseMonths($0) }
        case .intervalDayTime: return scalars(type, cells, Int128.self) { IntervalText.parseNanoseconds($0) }
        case .string: return strings(type, cells)
        case .varchar(let length): return varchars(type, cells, limit: length)
        case .char(let length): return chars(type, cells, limit: length)
        case .binary: return binaries(type, cells)
        case .void: return Column.constant(.null, type: type, count: cells.count)
        case .array(let element): return try arrays(type, element, cells, level: level)
        case .map(let key, let value): return try maps(type, key: key, value: value, cells, level: level)
        case .structure(let fields): return try structures(type, fields, cells, level: level)
        case .union(let branches): return try unions(type, branches, cells, level: level)
        }
    }

    /// Decodes fixed-width values one by one.
    @inline(__always)
    func scalars<T: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ type: DataType, _ cells: Cells, _: T.Type, parse: (UnsafeBufferPointer<UInt8>) -> T?
    ) -> Column {
        let data = Buffer(capacity: cells.count * MemoryLayout<T>.stride)
        let out = data.pointer(to: T.self)
        var nulls = NullMarks(count: cells.count)
        for row in 0..<cells.count {
            if !isNull(cells.start(row), cells.length(row)), let value = parse(cells[row]) {
                out[row] = value
            } else {
                out[row] = 0
                nulls.mark(row)
            }
        }
        return Column(type: type, count: cells.count, validity: nulls.bitmap, data: data)
    }

    private func parseBoolean(_ text: UnsafeBufferPointer<UInt8>) -> UInt8? {
        func spells(_ word: StaticString) -> Bool {
            (0..<text.count).allSatisfy { text[$0] | 0x20 == word.utf8Start[$0] }
        }
        if text.count == 4, spells("true") { return 1 }
        if text.count == 5, spells("false") { return 0 }
        guard parameters.hasExtendedBooleans, text.count == 1 else { return nil }
        switch text[0] {
        case 0x31, 0x54, 0x74: return 1
        case 0x30, 0x46, 0x66: return 0
        default: return nil
        }
    }

    private func parseTimestamp(_ text: UnsafeBufferPointer<UInt8>) -> Int128? {
        for pattern in parameters.timestampPatterns {
            if let timestamp = pattern.parse(text) { return timestamp }
        }
        return TimestampText.parse(text)
    }
}
