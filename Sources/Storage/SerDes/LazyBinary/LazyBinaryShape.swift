import HoneyCore

/// How a value lies within a row or a nested value, so that it can be stepped over without decoding it.
enum LazyBinaryShape {
    /// So many bytes.
    case fixed(Int)
    /// A vint.
    case variable
    /// A vint count of bytes, then the bytes.
    case counted
    /// A vint scale, a vint count of bytes, then the bytes.
    case decimal
    /// Four bytes and perhaps two vints.
    case timestamp
    /// An int32 count of bytes, then the bytes.
    case sized

    init(_ type: DataType) throws {
        switch type {
        case .boolean, .tinyint: self = .fixed(1)
        case .smallint: self = .fixed(2)
        case .float: self = .fixed(4)
        case .double: self = .fixed(8)
        case .int, .bigint, .date: self = .variable
        case .string, .varchar, .char, .binary: self = .counted
        case .decimal: self = .decimal
        case .timestamp: self = .timestamp
        case .array, .map, .structure, .union: self = .sized
        case .void, .intervalYearMonth, .intervalDayTime:
            throw HoneyError(.semantic, "UNSUPPORTED_TYPE", "LazyBinary SerDe cannot store a column of type \(type)")
        }
    }

    /// Steps over a value and returns its cell: the value without the length before it.
    @inline(__always)
    func take(_ cursor: inout WritableCursor) throws -> (start: Int, length: Int) {
        let length: Int
        switch self {
        case .fixed(let width): length = width
        case .variable:
            guard cursor.position < cursor.end else { throw WritableCursor.cutShort() }
            length = VariableInteger.byteCount(first: cursor.base[cursor.position])
        case .counted: length = try cursor.readCount(of: "length of a value")
        case .sized: length = try cursor.readInt32()
        case .decimal, .timestamp: length = try lengthAhead(cursor)
        }
        return (try cursor.take(length), length)
    }

    private func lengthAhead(_ cursor: WritableCursor) throws -> Int {
        var ahead = cursor
        if case .decimal = self {
            _ = try ahead.readVariable()
            _ = try ahead.take(try ahead.readCount(of: "length of a decimal"))
        } else if try ahead.readInt32() < 0, try ahead.readVariable() < 0 {
            _ = try ahead.readVariable()
        }
        return ahead.position - cursor.position
    }
}
