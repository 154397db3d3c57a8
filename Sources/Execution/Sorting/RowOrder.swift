package import HoneyCore
package import HoneyPlan

/// One sort key's direction.
package struct KeyDirection: Hashable, Sendable {
    package var isAscending: Bool
    package var nullsFirst: Bool

    package init(isAscending: Bool, nullsFirst: Bool) {
        self.isAscending = isAscending
        self.nullsFirst = nullsFirst
    }

    package init(_ key: Sort.Key) { self.init(isAscending: key.isAscending, nullsFirst: key.nullsFirst) }
}

/// Compares a row of some columns with a row of others (of the same types) by several keys.
package struct RowOrder {
    package let directions: [KeyDirection]

    package init(_ directions: [KeyDirection]) { self.directions = directions }

    /// Orders row `i` of `a` against row `j` of `b`: negative, zero or positive.
    package func compare(_ a: [Column], _ i: Int, _ b: [Column], _ j: Int) -> Int {
        for (index, direction) in directions.enumerated() {
            let x = a[index]
            let y = b[index]
            let xNull = x.isNull(at: i)
            let yNull = y.isNull(at: j)
            if xNull || yNull {
                if xNull && yNull { continue }
                return xNull == direction.nullsFirst ? -1 : 1
            }
            let order = RowOrder.compareValues(x, i, y, j)
            if order != 0 { return direction.isAscending ? order : -order }
        }
        return 0
    }

    /// Orders two values that are not null; NaN is above all numbers, lists and structs go element by element.
    static func compareValues(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        let i = a.storedIndex(i)
        let j = b.storedIndex(j)
        switch a.physical {
        case .bool: return order(a.values(as: UInt8.self)[i], b.values(as: UInt8.self)[j])
        case .int8: return order(a.values(as: Int8.self)[i], b.values(as: Int8.self)[j])
        case .int16: return order(a.values(as: Int16.self)[i], b.values(as: Int16.self)[j])
        case .int32: return order(a.values(as: Int32.self)[i], b.values(as: Int32.self)[j])
        case .int64: return order(a.values(as: Int64.self)[i], b.values(as: Int64.self)[j])
        case .int128: return order(a.values(as: Int128.self)[i], b.values(as: Int128.self)[j])
        case .float: return orderReal(Double(a.values(as: Float.self)[i]), Double(b.values(as: Float.self)[j]))
        case .double: return orderReal(a.values(as: Double.self)[i], b.values(as: Double.self)[j])
        case .bytes: return compareBytes(BytesView.bytes(at: a.values() + i), BytesView.bytes(at: b.values() + j))
        case .list:
            let x = a.values(as: ListEntry.self)[i].range
            let y = b.values(as: ListEntry.self)[j].range
            for (m, n) in zip(x, y) {
                for (p, q) in zip(a.children, b.children) {
                    let result = compareNullable(p, m, q, n)
                    if result != 0 { return result }
                }
            }
            return order(x.count, y.count)
        case .structure:
            for (p, q) in zip(a.children, b.children) {
                let result = compareNullable(p, i, q, j)
                if result != 0 { return result }
            }
            return 0
        }
    }

    private static func compareNullable(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
        switch (a.isNull(at: i), b.isNull(at: j)) {
        case (true, true): 0
        case (true, false): -1
        case (false, true): 1
        case (false, false): compareValues(a, i, b, j)
        }
    }

    @inline(__always) private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

    private static func orderReal(_ a: Double, _ b: Double) -> Int {
        if a.isNaN || b.isNaN { return a.isNaN ? (b.isNaN ? 0 : 1) : -1 }
        return order(a, b)
    }
}

/// A number a row that orders as the first sort key does, as far as 63 bits tell: equal numbers say nothing.
enum SortPrefix {
    /// Writes the prefixes of all rows of a key column.
    static func fill(_ target: UnsafeMutablePointer<UInt64>, _ column: Column, count: Int, _ direction: KeyDirection) {
        switch column.physical {
        case .bool: fill(target, column, count) { UInt64(($0 as UInt8)) }
        case .int8: fill(target, column, count) { flip(Int64($0 as Int8)) }
        case .int16: fill(target, column, count) { flip(Int64($0 as Int16)) }
        case .int32: fill(target, column, count) { flip(Int64($0 as Int32)) }
        case .int64: fill(target, column, count) { flip($0 as Int64) }
        case .int128:
            fill(target, column, count) { (value: Int128) in flip(Int64(truncatingIfNeeded: value >> 64)) }
        case .float: fill(target, column, count) { real(Double($0 as Float)) }
        case .double: fill(target, column, count) { real($0 as Double) }
        case .bytes: fill(target, column, count) { (view: BytesView) in leading(view) }
        case .list, .structure: target.initialize(repeating: 0, count: count)
        }
        let flipped: UInt64 = direction.isAscending ? 0 : ~0 >> 1
        for row in 0..<count { target[row] = (target[row] >> 1 ^ flipped) | (direction.nullsFirst ? 1 << 63 : 0) }
        if column.mayHaveNulls {
            let null: UInt64 = direction.nullsFirst ? 0 : ~0
            for row in 0..<count where column.isNull(at: row) { target[row] = null }
        }
    }

    @inline(__always)
    private static func fill<T: BitwiseCopyable>(
        _ target: UnsafeMutablePointer<UInt64>, _ column: Column, _ count: Int, _ number: (T) -> UInt64
    ) {
        let source = column.values(as: T.self)
        if column.isConstant {
            target.initialize(repeating: number(source[0]), count: count)
        } else {
            for row in 0..<count { target[row] = number(source[row]) }
        }
    }

    @inline(__always) private static func flip(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    @inline(__always) private static func real(_ value: Double) -> UInt64 {
        // + 0 makes the two zeros one; all NaNs are one and above all.
        let bits = (value.isNaN ? Double.nan : value + 0).bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    /// The first eight bytes, zero-filled, the first the highest.
    @inline(__always) private static func leading(_ view: BytesView) -> UInt64 {
        if view.isInline { return ((view.head >> 32) | (view.tail << 32)).byteSwapped }
        return view.withBytes { UnsafeRawPointer($0.baseAddress!).loadUnaligned(as: UInt64.self).byteSwapped }
    }
}

/// Gives the order of rows by their key columns.
enum RowSorting {
    private struct Entry {
        var prefix: UInt64
        var row: Int32
    }

    /// The rows in order (equal ones in any), at most `limit` of them.
    static func sortedRows(_ keys: [Column], count: Int, order: RowOrder, limit: Int?) -> [Int32] {
        guard let first = keys.first else { return (0..<min(count, limit ?? count)).map { Int32($0) } }
        let prefixes = UnsafeMutablePointer<UInt64>.allocate(capacity: max(count, 1))
        defer { prefixes.deallocate() }
        SortPrefix.fill(prefixes, first, count: count, order.directions[0])
        var entries = (0..<count).map { Entry(prefix: prefixes[$0], row: Int32(truncatingIfNeeded: $0)) }
        entries.withUnsafeMutableBufferPointer { buffer in
            buffer.sort { a, b in
                if a.prefix != b.prefix { return a.prefix < b.prefix }
                let result = order.compare(keys, Int(a.row), keys, Int(b.row))
                return result == 0 ? a.row < b.row : result < 0
            }
        }
        return entries.prefix(limit ?? count).map(\.row)
    }
}
