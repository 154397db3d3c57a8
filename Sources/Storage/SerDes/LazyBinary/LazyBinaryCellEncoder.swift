import HoneyCore

/// Encodes columns as LazyBinary cells.
final class LazyBinaryCellEncoder: CellEncoder {
    private let type: DataType
    private let origin: LazyBinaryCells.Origin
    private let children: [LazyBinaryCellEncoder]
    private let childTypes: [DataType]

    init(_ type: DataType, origin: LazyBinaryCells.Origin) throws {
        self.type = type
        self.origin = origin
        _ = try LazyBinaryShape(type)
        childTypes = type.childTypes
        children = try childTypes.map { try LazyBinaryCellEncoder($0, origin: .row) }
    }

    func encode(_ column: Column, rows: CellRows, into cells: CellStore) throws {
        cells.reserve(rows.count)
        switch type {
        case .boolean, .tinyint:
            encode(column, UInt8.self, rows, cells) { value, bytes in bytes.append(value) }
        case .smallint: encode(column, UInt16.self, rows, cells) { value, bytes in bytes.append(bigEndian: value) }
        case .float: encode(column, UInt32.self, rows, cells) { value, bytes in bytes.append(bigEndian: value) }
        case .double: encode(column, UInt64.self, rows, cells) { value, bytes in bytes.append(bigEndian: value) }
        case .int:
            encode(column, Int32.self, rows, cells) { value, bytes in bytes.append(variable: Int64(value)) }
        case .date:
            encode(column, Int32.self, rows, cells) { value, bytes in
                bytes.append(variable: Int64(HybridCalendar.toHybrid(days: Int(value))))
            }
        case .bigint: encode(column, Int64.self, rows, cells) { value, bytes in bytes.append(variable: value) }
        case .decimal(_, let scale):
            if column.physical == .int64 {
                encode(column, Int64.self, rows, cells) { value, bytes in
                    LazyBinaryCellEncoder.append(decimal: value, scale: scale, to: bytes)
                }
            } else {
                encode(column, Int128.self, rows, cells) { value, bytes in
                    LazyBinaryCellEncoder.append(decimal: value, scale: scale, to: bytes)
                }
            }
        case .timestamp:
            encode(column, Int128.self, rows, cells) { value, bytes in
                LazyBinaryCellEncoder.append(timestamp: value, to: bytes)
            }
        case .string, .varchar, .char, .binary: try encodeBytes(column, rows, cells)
        case .array, .map: try encodeLists(column, rows, cells)
        case .structure: try encodeStructs(column, rows, cells)
        case .union: try encodeUnions(column, rows, cells)
        case .void, .intervalYearMonth, .intervalDayTime: throw LazyBinaryCells.wrong(type)
        }
    }

    @inline(__always)
    private func encode<T: BitwiseCopyable>(
        _ column: Column, _: T.Type, _ rows: CellRows, _ cells: CellStore, _ append: (T, ByteStore) -> Void
    ) {
        let values = column.values(as: T.self)
        let bytes = cells.bytes
        for position in 0..<rows.count {
            let row = rows[position]
            if column.isNull(at: row) {
                cells.append(length: -1)
            } else {
                let start = bytes.count
                append(values[row], bytes)
                cells.append(length: bytes.count - start)
            }
        }
    }

    private func encodeBytes(_ column: Column, _ rows: CellRows, _ cells: CellStore) throws {
        for position in 0..<rows.count {
            let row = rows[position]
            if column.isNull(at: row) {
                cells.append(length: -1)
                continue
            }
            let value = column.bytes(at: row)
            if value.isEmpty && origin == .column {
                // An empty varchar becomes null in a column, as in Hive; an empty char is never empty but padded.
                if type == .binary {
                    throw HoneyError(
                        .data, "EMPTY_BINARY",
                        "empty binary value cannot be stored by LazyBinaryColumnarSerDe, which would make it null (store it as null, or use another SerDe)"
                    )
                }
                if type == .string { cells.bytes.append(LazyBinaryCells.emptyString) }
                cells.append(length: type == .string ? 1 : 0)
                continue
            }
            cells.bytes.append(UnsafeRawBufferPointer(value))
            cells.append(length: value.count)
        }
    }

    private func encodeLists(_ column: Column, _ rows: CellRows, _ cells: CellStore) throws {
        let entries = column.values(as: ListEntry.self)
        var indices: [Int32] = []
        for position in 0..<rows.count where !column.isNull(at: rows[position]) {
            for index in entries[rows[position]].range { indices.append(Int32(truncatingIfNeeded: index)) }
        }
        let members = try encodeChildren(column, indices)
        var walks = members.map { LazyBinaryCellWalk($0) }
        for position in 0..<rows.count {
            let row = rows[position]
            if column.isNull(at: row) {
                cells.append(length: -1)
                continue
            }
            let start = cells.bytes.count
            let count = Int(entries[row].count)
            cells.bytes.append(variable: Int64(count))
            appendBits(count, walks, cells.bytes)
            for _ in 0..<count {
                for child in children.indices { walks[child].appendNext(of: childTypes[child], to: cells.bytes) }
            }
            cells.append(length: cells.bytes.count - start)
        }
    }

    private func encodeChildren(_ column: Column, _ indices: [Int32]) throws -> [CellStore] {
        try children.indices.map { child in
            let store = CellStore()
            let flat = column.children[child].flattened()
            if !indices.isEmpty {
                try indices.withUnsafeBufferPointer {
                    try children[child].encode(flat, rows: CellRows($0.baseAddress!, count: $0.count), into: store)
                }
            }
            return store
        }
    }

    /// Appends a bit for each of the next `count` members of every child in turn, padded to bytes.
    private func appendBits(_ count: Int, _ walks: [LazyBinaryCellWalk], _ bytes: ByteStore) {
        var byte: UInt8 = 0
        var bit = 0
        for index in 0..<count {
            for walk in walks {
                if !walk.isNull(ahead: index) { byte |= 1 << UInt8(bit & 7) }
                bit += 1
                if bit & 7 == 0 {
                    bytes.append(byte)
                    byte = 0
                }
            }
        }
        if bit & 7 != 0 { bytes.append(byte) }
    }

    private func encodeStructs(_ column: Column, _ rows: CellRows, _ cells: CellStore) throws {
        var indices: [Int32] = []
        for position in 0..<rows.count where !column.isNull(at: rows[position]) {
            indices.append(Int32(truncatingIfNeeded: rows[position]))
        }
        var walks = try encodeChildren(column, indices).map { LazyBinaryCellWalk($0) }
        for position in 0..<rows.count {
            if column.isNull(at: rows[position]) {
                cells.append(length: -1)
                continue
            }
            let start = cells.bytes.count
            LazyBinaryCellEncoder.appendStruct(&walks, types: childTypes, to: cells.bytes)
            cells.append(length: cells.bytes.count - start)
        }
    }

    /// Appends the tag, then the value of its branch; a null value has no bytes.
    private func encodeUnions(_ column: Column, _ rows: CellRows, _ cells: CellStore) throws {
        var indices: [Int32] = []
        for position in 0..<rows.count where !column.isNull(at: rows[position]) {
            indices.append(Int32(truncatingIfNeeded: rows[position]))
        }
        var walks = try encodeChildren(column, indices).map { LazyBinaryCellWalk($0) }
        for position in 0..<rows.count {
            if column.isNull(at: rows[position]) {
                cells.append(length: -1)
                continue
            }
            let start = cells.bytes.count
            // The tag is there in each row, and of the branches one at most has a cell.
            for child in walks.indices { walks[child].appendNext(of: childTypes[child], to: cells.bytes) }
            cells.append(length: cells.bytes.count - start)
        }
    }

    /// Appends the next row of a struct's members.
    static func appendStruct(_ walks: inout [LazyBinaryCellWalk], types: [DataType], to bytes: ByteStore) {
        for first in stride(from: 0, to: walks.count, by: 8) {
            let group = first..<min(first + 8, walks.count)
            var bits: UInt8 = 0
            for field in group where !walks[field].isNull(ahead: 0) { bits |= 1 << UInt8(field - first) }
            bytes.append(bits)
            for field in group { walks[field].appendNext(of: types[field], to: bytes) }
        }
    }
}

/// Goes through written cells in order, to put them into rows and nested values.
struct LazyBinaryCellWalk {
    private let cells: CellStore
    private var index = 0
    private var offset = 0

    init(_ cells: CellStore) { self.cells = cells }

    @inline(__always)
    func isNull(ahead: Int) -> Bool { cells.lengths[index + ahead] < 0 }

    /// Appends the next cell, unless it is null, with the length that its type wants before it.
    @inline(__always)
    mutating func appendNext(of type: DataType, to bytes: ByteStore) {
        let length = Int(cells.lengths[index])
        index += 1
        guard length >= 0 else { return }
        switch type {
        case .string, .varchar, .char, .binary: bytes.append(variable: Int64(length))
        case .array, .map, .structure, .union: bytes.append(bigEndian: Int32(truncatingIfNeeded: length))
        default: break
        }
        bytes.append(cells.bytes.base + offset, count: length)
        offset += length
    }
}

extension LazyBinaryCellEncoder {
    /// Appends a decimal without its trailing zeros.
    static func append(decimal value: Int64, scale: Int, to bytes: ByteStore) {
        var value = value
        var scale = value == 0 ? 0 : scale
        while scale > 0 {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
            if remainder != 0 { break }
            value = quotient
            scale -= 1
        }
        bytes.append(variable: Int64(scale))
        let magnitude = value < 0 ? ~value : value
        let count = (72 - magnitude.leadingZeroBitCount) >> 3
        bytes.append(variable: Int64(count))
        let shifted = (UInt64(bitPattern: value) << UInt64(64 - 8 * count)).bigEndian
        UnsafeMutableRawPointer(bytes.room(for: 8)).storeBytes(of: shifted, as: UInt64.self)
        bytes.advance(count)
    }

    static func append(decimal value: Int128, scale: Int, to bytes: ByteStore) {
        var value = value
        var scale = scale
        while scale > 0, value % 10 == 0, value != 0 {
            value /= 10
            scale -= 1
        }
        if let short = Int64(exactly: value) { return append(decimal: short, scale: scale, to: bytes) }
        let magnitude = value < 0 ? ~value : value
        let count = (136 - magnitude.leadingZeroBitCount) >> 3
        bytes.append(variable: Int64(scale))
        bytes.append(variable: Int64(count))
        for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> Int128(index * 8))) }
    }

    /// Appends nanoseconds since 1970-01-01 00:00:00.
    static func append(timestamp value: Int128, to bytes: ByteStore) {
        var (quotient, remainder) = value.quotientAndRemainder(dividingBy: 1_000_000_000)
        if remainder < 0 {
            quotient -= 1
            remainder += 1_000_000_000
        }
        let seconds = HybridCalendar.toHybrid(seconds: Int64(truncatingIfNeeded: quotient))
        var nanoseconds = Int64(remainder)
        let high = seconds >> 31
        let hasMore = nanoseconds != 0 || high != 0
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: seconds & 0x7FFF_FFFF) | (hasMore ? 0x8000_0000 : 0))
        guard hasMore else { return }
        var reversed: Int64 = 0
        for _ in 0..<9 {
            reversed = reversed * 10 + nanoseconds % 10
            nanoseconds /= 10
        }
        bytes.append(variable: high == 0 ? reversed : -reversed - 1)
        if high != 0 { bytes.append(variable: high) }
    }
}
