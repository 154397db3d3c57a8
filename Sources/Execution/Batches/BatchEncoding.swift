package import HoneyCore

/// Turns batches into bytes, to travel between processes; `BatchDecoder` reads them.
///
/// All numbers are little-endian.
/// ```
/// batch    "HGB" 1 | rows u32 | columns u32 | column …
/// column   type | flags u8 (1 constant, 2 null mask) | rows u32 | null mask: 64-bit words | values | children: u8, column …
/// values   fixed width: as in memory   bytes: length u32 each, then all bytes   list: element count u32 each
/// type     tag u8 | precision u8, scale u8 (decimal) · length u32 (varchar, char) · types of elements
///          struct: fields u32, each: name length u32, name, type · union: branches u8, types
/// ```
/// A constant column has one row of values. A selection does not travel: only selected rows do.
package struct BatchEncoder {
    private(set) var bytes: [UInt8] = []

    /// Encodes one batch.
    package static func encode(_ batch: Batch) -> [UInt8] {
        var encoder = BatchEncoder()
        let whole = batch.materialized()
        encoder.bytes += [0x48, 0x47, 0x42, 1]
        encoder.append(UInt32(truncatingIfNeeded: whole.count))
        encoder.append(UInt32(truncatingIfNeeded: whole.columns.count))
        for column in whole.columns { encoder.append(column.withDenseLists) }
        return encoder.bytes
    }

    private mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ column: Column) {
        append(column.type)
        bytes.append((column.isConstant ? 1 : 0) | (column.validity == nil ? 0 : 2))
        append(UInt32(truncatingIfNeeded: column.count))
        let rows = column.storedCount
        if let validity = column.validity {
            // A word that is partly used is padded with ones, so that equal columns give equal bytes.
            for index in 0..<Bitmap.wordCount(for: rows) {
                let used = rows - index * 64
                append(used >= 64 ? validity.words[index] : validity.words[index] | ~0 << UInt64(used))
            }
        }
        switch column.physical {
        case .bytes:
            for row in 0..<rows {
                append(UInt32(truncatingIfNeeded: column.isNull(at: row) ? 0 : column.bytes(at: row).count))
            }
            for row in 0..<rows where !column.isNull(at: row) { bytes.append(contentsOf: column.bytes(at: row)) }
        case .list:
            let entries = column.values(as: ListEntry.self)
            for row in 0..<rows { append(UInt32(truncatingIfNeeded: Int(entries[row].count))) }
        case .structure: break
        default: appendValues(column, rows)
        }
        bytes.append(UInt8(truncatingIfNeeded: column.children.count))
        for child in column.children { append(child) }
    }

    /// Appends fixed-width values; what is undefined under a null travels as zero.
    private mutating func appendValues(_ column: Column, _ rows: Int) {
        let width = column.physical.width
        let start = bytes.count
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: column.data.base, count: rows * width))
        guard column.mayHaveNulls else { return }
        for row in 0..<rows where column.isNull(at: row) {
            for offset in 0..<width { bytes[start + row * width + offset] = 0 }
        }
    }

    private mutating func append(_ type: DataType) {
        bytes.append(type.tag)
        switch type {
        case .decimal(let precision, let scale): bytes += [UInt8(precision), UInt8(scale)]
        case .varchar(let length), .char(let length): append(UInt32(length))
        case .array(let element): append(element)
        case .map(let key, let value):
            append(key)
            append(value)
        case .structure(let fields):
            append(UInt32(truncatingIfNeeded: fields.count))
            for field in fields {
                append(UInt32(truncatingIfNeeded: field.name.utf8.count))
                bytes.append(contentsOf: field.name.utf8)
                append(field.type)
            }
        case .union(let branches):
            bytes.append(UInt8(truncatingIfNeeded: branches.count))
            for branch in branches { append(branch) }
        default: break
        }
    }
}

extension DataType {
    /// The number that stands for the type in an encoded batch.
    var tag: UInt8 {
        switch self {
        case .void: 0
        case .boolean: 1
        case .tinyint: 2
        case .smallint: 3
        case .int: 4
        case .bigint: 5
        case .float: 6
        case .double: 7
        case .decimal: 8
        case .string: 9
        case .varchar: 10
        case .char: 11
        case .binary: 12
        case .date: 13
        case .timestamp: 14
        case .intervalYearMonth: 15
        case .intervalDayTime: 16
        case .array: 17
        case .map: 18
        case .structure: 19
        case .union: 20
        }
    }
}

extension Column {
    /// The same column with its lists' elements back to back, in the order of the rows, and nothing besides.
    fileprivate var withDenseLists: Column {
        guard !children.isEmpty else { return self }
        let appender = ColumnAppender(type, capacity: storedCount)
        appender.append(isConstant ? asConstant : self, rows: storedCount)
        let dense = appender.finish()
        guard isConstant else { return dense }
        return Column(
            type: type, count: count, isConstant: true, validity: dense.validity, data: dense.data,
            owners: dense.owners, children: dense.children)
    }
}
