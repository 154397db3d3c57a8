import HoneyCore

/// Makes decoders of LazyBinary cells: values without the length that comes before some of them within a row.
enum LazyBinaryCells {
    /// Where the cells come from, which decides what stands for null.
    enum Origin {
        /// A row, whose bits tell which values are there; their cells have a negative length.
        case row
        /// A column of RCFile: cells of no bytes are null, and an empty string is the one byte BF.
        case column

        /// The shortest cell that is not null.
        var minimumLength: Int32 { self == .column ? 1 : 0 }
    }

    /// The byte that stands for an empty string in a column; no UTF-8 has it alone.
    static let emptyString: UInt8 = 0xBF

    static func makeDecoder(for type: DataType, origin: Origin) throws -> any CellDecoder {
        switch type {
        case .boolean, .tinyint, .smallint, .float, .double:
            return LazyBinaryFixedDecoder(type, minimumLength: max(origin.minimumLength, 0))
        case .int, .date, .bigint: return LazyBinaryIntegerDecoder(type, minimumLength: origin.minimumLength)
        case .decimal(let precision, let scale):
            return LazyBinaryDecimalDecoder(
                type, precision: precision, scale: scale, minimumLength: origin.minimumLength)
        case .timestamp: return LazyBinaryTimestampDecoder(type, minimumLength: origin.minimumLength)
        case .string, .varchar, .char, .binary: return LazyBinaryBytesDecoder(type, origin: origin)
        case .array, .map: return try LazyBinaryListDecoder(type, minimumLength: origin.minimumLength)
        case .structure(let fields):
            return try LazyBinaryStructDecoder(type, fields: fields, minimumLength: origin.minimumLength)
        case .union(let branches):
            return try LazyBinaryUnionDecoder(type, branches: branches, minimumLength: origin.minimumLength)
        case .void, .intervalYearMonth, .intervalDayTime:
            throw HoneyError(.semantic, "UNSUPPORTED_TYPE", "LazyBinary SerDe cannot store a column of type \(type)")
        }
    }

    /// Finds which cells are null; nil when none is.
    static func validity(_ cells: Cells, minimumLength: Int32) -> Bitmap? {
        if let uniform = cells.uniformLength, uniform >= Int(minimumLength) { return nil }
        var shortest = Int32.max
        let lengths = cells.lengths
        for row in 0..<cells.count { shortest = min(shortest, lengths[row]) }
        if shortest >= minimumLength { return nil }
        let mask = Bitmap(count: cells.count, repeating: false)
        for row in 0..<cells.count {
            let isValid: UInt64 = lengths[row] >= minimumLength ? 1 : 0
            mask.words[row >> 6] |= isValid << UInt64(row & 63)
        }
        return mask
    }

    @inline(never)
    static func wrong(_ type: DataType) -> HoneyError {
        HoneyError.damaged("bytes of a value are not those of its type: \(type)")
    }
}

/// Decodes values of a fixed width: boolean, tinyint, smallint, float, double.
final class LazyBinaryFixedDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32

    init(_ type: DataType, minimumLength: Int32) {
        self.type = type
        self.minimumLength = minimumLength
    }

    func decode(_ cells: Cells) throws -> Column {
        switch type {
        case .boolean: try decode(cells, UInt8.self) { $0[0] == 1 ? 1 : 0 }
        case .tinyint: try decode(cells, Int8.self) { Int8(bitPattern: $0[0]) }
        case .smallint: try decode(cells, UInt16.self) { Self.load($0, UInt16.self) }
        case .float: try decode(cells, UInt32.self) { Self.load($0, UInt32.self) }
        default: try decode(cells, UInt64.self) { Self.load($0, UInt64.self) }
        }
    }

    @inline(__always)
    private static func load<T: FixedWidthInteger & BitwiseCopyable>(
        _ start: UnsafePointer<UInt8>, _: T.Type
    ) -> T {
        T(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: T.self))
    }

    /// Decodes every cell; those of null cells are read too (there is always something to read) and mean nothing.
    @inline(__always)
    private func decode<T: BitwiseCopyable>(
        _ cells: Cells, _: T.Type, _ read: (UnsafePointer<UInt8>) -> T
    ) throws -> Column {
        let width = Int32(MemoryLayout<T>.size)
        let data = Buffer(capacity: cells.count * MemoryLayout<T>.size)
        let target = data.pointer(to: T.self)
        let validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        let (base, starts, lengths) = (cells.bytes, cells.starts, cells.lengths)
        var wrong: Int32 = 0
        for row in 0..<cells.count {
            wrong |= lengths[row] < minimumLength ? 0 : lengths[row] ^ width
            target[row] = read(base + Int(starts[row]))
        }
        guard wrong == 0 else { throw LazyBinaryCells.wrong(type) }
        return Column(type: type, count: cells.count, validity: validity, data: data)
    }
}

/// Decodes vints and vlongs: int, date, bigint.
final class LazyBinaryIntegerDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32

    init(_ type: DataType, minimumLength: Int32) {
        self.type = type
        self.minimumLength = minimumLength
    }

    func decode(_ cells: Cells) throws -> Column {
        let validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        let data = Buffer(capacity: cells.count * type.physical.width)
        let isRight =
            type.physical == .int32
            ? decode(cells, to: data.pointer(to: Int32.self), mayBeNull: validity != nil)
            : decode(cells, to: data.pointer(to: Int64.self), mayBeNull: validity != nil)
        guard isRight else { throw LazyBinaryCells.wrong(type) }
        if type == .date { HybridCalendar.fromHybrid(data.pointer(to: Int32.self), count: cells.count) }
        return Column(type: type, count: cells.count, validity: validity, data: data)
    }

    /// Decodes 0 to 65,535 in three bytes each, as dates of our time are; false when a cell is anything else.
    @inline(__always)
    private func decodeTwoByteMagnitudes<T: FixedWidthInteger & BitwiseCopyable>(
        _ cells: Cells, to target: UnsafeMutablePointer<T>
    ) -> Bool {
        let (base, starts) = (cells.bytes, cells.starts)
        let positive = UInt32(UInt8(bitPattern: -114))
        var difference: UInt32 = 0
        for row in 0..<cells.count {
            let word = UInt32(bigEndian: UnsafeRawPointer(base + Int(starts[row])).loadUnaligned(as: UInt32.self))
            difference |= word >> 24 ^ positive
            target[row] = T(truncatingIfNeeded: word >> 8 & 0xFFFF)
        }
        return difference == 0
    }

    /// Decodes without a branch on a value's length, which in most columns cannot be foreseen.
    ///
    /// A cell of `n + 1` bytes has `n` of magnitude; its first byte must be one of the two that say so.
    @inline(__always)
    private func decode<T: FixedWidthInteger & BitwiseCopyable>(
        _ cells: Cells, to target: UnsafeMutablePointer<T>, mayBeNull: Bool
    ) -> Bool {
        let (base, starts, lengths) = (cells.bytes, cells.starts, cells.lengths)
        var wrong = 0
        if T.self == Int32.self, cells.uniformLength == 3, decodeTwoByteMagnitudes(cells, to: target) { return true }
        if let uniform = cells.uniformLength, (2...9).contains(uniform) {
            let magnitude = uniform - 1
            let positive = UInt8(truncatingIfNeeded: -112 - magnitude)
            let negative = UInt8(truncatingIfNeeded: -120 - magnitude)
            let shift = UInt64(64 - 8 * magnitude)
            for row in 0..<cells.count {
                let start = base + Int(starts[row])
                let first = start[0]
                let raw = UInt64(bigEndian: UnsafeRawPointer(start + 1).loadUnaligned(as: UInt64.self)) >> shift
                let value = Int64(bitPattern: first == negative ? ~raw : raw)
                target[row] = T(truncatingIfNeeded: value)
                wrong |= (first == positive ? 0 : 1) & (first == negative ? 0 : 1)
                wrong |= Int64(T(truncatingIfNeeded: value)) == value ? 0 : 1
            }
            return wrong == 0
        }
        for row in 0..<cells.count {
            let length = Int(lengths[row])
            let start = base + Int(starts[row])
            let first = start[0]
            let magnitude = length - 1
            let raw =
                UInt64(bigEndian: UnsafeRawPointer(start + 1).loadUnaligned(as: UInt64.self))
                &>> UInt64(truncatingIfNeeded: 64 - 8 * magnitude)
            let isNegative = Int8(bitPattern: first) < -120
            let long = Int64(bitPattern: isNegative ? ~raw : raw)
            let value = magnitude == 0 ? Int64(Int8(bitPattern: first)) : long
            let narrow = T(truncatingIfNeeded: value)
            target[row] = narrow
            let isWrong = VariableInteger.byteCount(first: first) != length || Int64(narrow) != value
            // Null cells are read too, and mean nothing.
            wrong |= isWrong && length >= Int(minimumLength) ? 1 : 0
        }
        return wrong == 0
    }
}
