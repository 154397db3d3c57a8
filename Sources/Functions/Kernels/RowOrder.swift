import HoneyCore

/// Orders and hashes single rows of any type; for nested values, and where rows are compared one at a time.
enum RowOrder {
    /// Compares two rows of columns of one type: nulls first, NaN last, nested values part by part.
    static func compare(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        let nullA = a.isNull(at: i) || a.type == .void
        let nullB = b.isNull(at: j) || b.type == .void
        if nullA || nullB { return nullA == nullB ? 0 : nullA ? -1 : 1 }
        let x = a.storedIndex(i)
        let y = b.storedIndex(j)
        switch a.physical {
        case .bool: return order(a.values(as: UInt8.self)[x], b.values(as: UInt8.self)[y])
        case .int8: return order(a.values(as: Int8.self)[x], b.values(as: Int8.self)[y])
        case .int16: return order(a.values(as: Int16.self)[x], b.values(as: Int16.self)[y])
        case .int32: return order(a.values(as: Int32.self)[x], b.values(as: Int32.self)[y])
        case .int64: return order(a.values(as: Int64.self)[x], b.values(as: Int64.self)[y])
        case .int128: return order(a.values(as: Int128.self)[x], b.values(as: Int128.self)[y])
        case .float: return realOrder(a.values(as: Float.self)[x], b.values(as: Float.self)[y])
        case .double: return realOrder(a.values(as: Double.self)[x], b.values(as: Double.self)[y])
        case .bytes: return BytesView.compare(a.values(as: BytesView.self)[x], b.values(as: BytesView.self)[y])
        case .list: return compareLists(a, x, b, y)
        case .structure:
            for (left, right) in zip(a.children, b.children) {
                let order = compare(left, x, right, y)
                if order != 0 { return order }
            }
            return 0
        }
    }

    private static func compareLists(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        let left = a.values(as: ListEntry.self)[i]
        let right = b.values(as: ListEntry.self)[j]
        for offset in 0..<Int(min(left.count, right.count)) {
            for (x, y) in zip(a.children, b.children) {
                let order = compare(x, Int(left.start) + offset, y, Int(right.start) + offset)
                if order != 0 { return order }
            }
        }
        return Int(left.count) - Int(right.count)
    }

    @inline(__always)
    private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

    @inline(__always)
    static func realOrder<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> Int {
        if a < b { return -1 }
        if a > b { return 1 }
        if a == b { return 0 }
        return a.isNaN == b.isNaN ? 0 : a.isNaN ? 1 : -1
    }

    /// Hashes a row so that rows that compare equal hash alike.
    static func hash(_ column: Column, _ index: Int, into hasher: inout Hasher) {
        if column.isNull(at: index) || column.type == .void { return hasher.combine(0xA5 as UInt8) }
        let row = column.storedIndex(index)
        switch column.physical {
        case .bool: hasher.combine(column.values(as: UInt8.self)[row])
        case .int8: hasher.combine(column.values(as: Int8.self)[row])
        case .int16: hasher.combine(column.values(as: Int16.self)[row])
        case .int32: hasher.combine(column.values(as: Int32.self)[row])
        case .int64: hasher.combine(column.values(as: Int64.self)[row])
        case .int128: hasher.combine(column.values(as: Int128.self)[row])
        case .float: hashReal(Double(column.values(as: Float.self)[row]), into: &hasher)
        case .double: hashReal(column.values(as: Double.self)[row], into: &hasher)
        case .bytes: hasher.combine(bytes: UnsafeRawBufferPointer(column.bytes(at: index)))
        case .list:
            let entry = column.values(as: ListEntry.self)[row]
            hasher.combine(entry.count)
            for element in entry.range { for child in column.children { hash(child, element, into: &hasher) } }
        case .structure: for child in column.children { hash(child, row, into: &hasher) }
        }
    }

    private static func hashReal(_ value: Double, into hasher: inout Hasher) {
        // All NaNs compare equal here, and Double already hashes both zeros alike.
        hasher.combine(value.isNaN ? Double.nan.bitPattern : (value == 0 ? 0 : value.bitPattern))
    }
}
