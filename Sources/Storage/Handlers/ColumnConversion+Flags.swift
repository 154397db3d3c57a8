import HoneyCore

extension ColumnConversion {
    /// Converts booleans to other types, and numbers and timestamps to booleans; nil when neither is at hand.
    static func flags(_ column: Column, to type: DataType) throws -> Column? {
        if column.type == .boolean { return try fromFlags(column, to: type) }
        guard type == .boolean else { return nil }
        switch column.type {
        case .tinyint: return mapped(column, type) { (value: Int8) in value != 0 ? 1 : 0 as UInt8 }
        case .smallint: return mapped(column, type) { (value: Int16) in value != 0 ? 1 : 0 as UInt8 }
        case .int: return mapped(column, type) { (value: Int32) in value != 0 ? 1 : 0 as UInt8 }
        case .bigint: return mapped(column, type) { (value: Int64) in value != 0 ? 1 : 0 as UInt8 }
        case .float: return mapped(column, type) { (value: Float) in value != 0 ? 1 : 0 as UInt8 }
        case .double: return mapped(column, type) { (value: Double) in value != 0 ? 1 : 0 as UInt8 }
        case .decimal:
            return column.physical == .int64
                ? mapped(column, type) { (value: Int64) in value != 0 ? 1 : 0 as UInt8 }
                : mapped(column, type) { (value: Int128) in value != 0 ? 1 : 0 as UInt8 }
        case .timestamp: return mapped(column, type) { (value: Int128) in seconds(value) != 0 ? 1 : 0 as UInt8 }
        default: return nil
        }
    }

    /// True is 1, a millisecond after the epoch, or `TRUE`.
    private static func fromFlags(_ column: Column, to type: DataType) throws -> Column? {
        switch type {
        case .tinyint: return mapped(column, type) { (flag: UInt8) in Int8(flag) }
        case .smallint: return mapped(column, type) { (flag: UInt8) in Int16(flag) }
        case .int: return mapped(column, type) { (flag: UInt8) in Int32(flag) }
        case .bigint: return mapped(column, type) { (flag: UInt8) in Int64(flag) }
        case .float: return mapped(column, type) { (flag: UInt8) in Float(flag) }
        case .double: return mapped(column, type) { (flag: UInt8) in Double(flag) }
        case .decimal(let precision, let scale) where precision > scale:
            let one = DecimalMath.powerOfTen(scale)
            return type.physical == .int64
                ? mapped(column, type) { (flag: UInt8) in Int64(truncatingIfNeeded: one) * Int64(flag) }
                : mapped(column, type) { (flag: UInt8) in one * Int128(flag) }
        case .timestamp: return mapped(column, type) { (flag: UInt8) in Int128(flag) * millisecondNanoseconds }
        case .string, .varchar, .char:
            // Both words are short enough to lie in the views themselves.
            let words = ["FALSE", "TRUE"].map { word in
                Array(word.utf8).withUnsafeBufferPointer { BytesView($0.baseAddress!, count: $0.count) }
            }
            let texts = mapped(column, .string) { (flag: UInt8) in words[Int(flag & 1)] }
            return try convert(texts, to: type)
        default: return nil
        }
    }
}
