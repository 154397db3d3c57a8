import HoneyCore
import HoneyPlan

/// The six ways to compare, in Hive's spelling.
enum ComparisonOperator: String, CaseIterable, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The operator that says the same with the operands exchanged.
    var flipped: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// Tells whether an order (negative, zero or positive) satisfies the operator.
    @inline(__always)
    func accepts(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

/// Compares two columns of one type, a byte of 0 or 1 a row.
enum ComparisonKernel {
    static func make(_ operation: ComparisonOperator) -> Kernel {
        StrictKernel.make(.boolean) { arguments, count, validity in
            Column(
                type: .boolean, count: count, validity: validity,
                data: compare(operation, arguments[0], arguments[1], count))
        }
    }

    /// Compares the values; what stands at null rows is compared too and means nothing.
    static func compare(_ operation: ComparisonOperator, _ a: Column, _ b: Column, _ count: Int) -> Buffer {
        if a.isConstant && !b.isConstant { return compare(operation.flipped, b, a, count) }
        switch a.physical {
        case .bool: return ordered(UInt8.self, operation, a, b, count)
        case .int8: return ordered(Int8.self, operation, a, b, count)
        case .int16: return ordered(Int16.self, operation, a, b, count)
        case .int32: return ordered(Int32.self, operation, a, b, count)
        case .int64: return longs(operation, a, b, count)
        case .int128: return ordered(Int128.self, operation, a, b, count)
        case .float: return reals(Float.self, operation, a, b, count)
        case .double: return reals(Double.self, operation, a, b, count)
        case .bytes: return bytes(operation, a, b, count)
        case .list, .structure: return nested(operation, a, b, count)
        }
    }

    private static func ordered<T: Comparable & BitwiseCopyable>(
        _: T.Type, _ operation: ComparisonOperator, _ a: Column, _ b: Column, _ count: Int
    ) -> Buffer {
        switch operation {
        case .equal: pairs(a, b, count) { (x: T, y: T) in x == y }
        case .notEqual: pairs(a, b, count) { (x: T, y: T) in x != y }
        case .less: pairs(a, b, count) { (x: T, y: T) in x < y }
        case .lessOrEqual: pairs(a, b, count) { (x: T, y: T) in x <= y }
        case .greater: pairs(a, b, count) { (x: T, y: T) in x > y }
        case .greaterOrEqual: pairs(a, b, count) { (x: T, y: T) in x >= y }
        }
    }

    /// Compares 64-bit integers by their differences' signs: plain x86-64 has no vector comparison of them.
    private static func longs(_ operation: ComparisonOperator, _ a: Column, _ b: Column, _ count: Int) -> Buffer {
        switch operation {
        case .equal, .notEqual: ordered(Int64.self, operation, a, b, count)
        case .less: flags(a, b, count) { isLess($0, $1) }
        case .lessOrEqual: flags(a, b, count) { isLess($1, $0) ^ 1 }
        case .greater: flags(a, b, count) { isLess($1, $0) }
        case .greaterOrEqual: flags(a, b, count) { isLess($0, $1) ^ 1 }
        }
    }

    @inline(__always)
    private static func isLess(_ x: Int64, _ y: Int64) -> UInt8 {
        let difference = x &- y
        let sign = difference ^ ((x ^ y) & (difference ^ x))
        return UInt8(truncatingIfNeeded: UInt64(bitPattern: sign) >> 63)
    }

    @inline(__always)
    private static func flags(_ a: Column, _ b: Column, _ count: Int, _ body: (Int64, Int64) -> UInt8) -> Buffer {
        ElementLoop.binary(a, b, count, Int64.self, Int64.self, UInt8.self, body)
    }

    /// Runs a condition over pairs whose first is never constant.
    @inline(__always)
    private static func pairs<T: BitwiseCopyable>(
        _ a: Column, _ b: Column, _ count: Int, _ body: (T, T) -> Bool
    ) -> Buffer {
        let buffer = Buffer(capacity: count)
        let target = buffer.pointer(to: UInt8.self)
        let x = a.values(as: T.self)
        let y = b.values(as: T.self)
        if b.isConstant {
            let right = y[0]
            for row in 0..<count { target[row] = unsafeBitCast(body(x[row], right), to: UInt8.self) }
        } else {
            for row in 0..<count { target[row] = unsafeBitCast(body(x[row], y[row]), to: UInt8.self) }
        }
        return buffer
    }

    /// Compares real numbers as Java orders them: NaN equals itself and comes after everything; both zeros are equal.
    private static func reals<T: BinaryFloatingPoint & BitwiseCopyable>(
        _: T.Type, _ operation: ComparisonOperator, _ a: Column, _ b: Column, _ count: Int
    ) -> Buffer {
        switch operation {
        case .equal: pairs(a, b, count) { (x: T, y: T) in realsEqual(x, y) }
        case .notEqual: pairs(a, b, count) { (x: T, y: T) in !realsEqual(x, y) }
        case .less: pairs(a, b, count) { (x: T, y: T) in realsLess(x, y) }
        case .lessOrEqual: pairs(a, b, count) { (x: T, y: T) in !realsLess(y, x) }
        case .greater: pairs(a, b, count) { (x: T, y: T) in realsLess(y, x) }
        case .greaterOrEqual: pairs(a, b, count) { (x: T, y: T) in !realsLess(x, y) }
        }
    }

    // `x != x` is true of NaN alone; single bars keep the loops free of branches.
    @inline(__always)
    private static func realsEqual<T: BinaryFloatingPoint>(_ x: T, _ y: T) -> Bool {
        bits(x == y) | (bits(x != x) & bits(y != y)) != 0
    }

    @inline(__always)
    private static func realsLess<T: BinaryFloatingPoint>(_ x: T, _ y: T) -> Bool {
        bits(x < y) | (bits(y != y) & bits(x == x)) != 0
    }

    @inline(__always)
    private static func bits(_ condition: Bool) -> UInt8 { unsafeBitCast(condition, to: UInt8.self) }

    private static func bytes(_ operation: ComparisonOperator, _ a: Column, _ b: Column, _ count: Int) -> Buffer {
        switch operation {
        case .equal where b.isConstant, .notEqual where b.isConstant:
            return bytesEqual(a, b.values(as: BytesView.self)[0], count, isNegated: operation == .notEqual)
        case .equal: return pairs(a, b, count) { (x: BytesView, y: BytesView) in x == y }
        case .notEqual: return pairs(a, b, count) { (x: BytesView, y: BytesView) in !(x == y) }
        case .less: return pairs(a, b, count) { (x: BytesView, y: BytesView) in BytesView.compare(x, y) < 0 }
        case .lessOrEqual: return pairs(a, b, count) { (x: BytesView, y: BytesView) in BytesView.compare(x, y) <= 0 }
        case .greater: return pairs(a, b, count) { (x: BytesView, y: BytesView) in BytesView.compare(x, y) > 0 }
        case .greaterOrEqual: return pairs(a, b, count) { (x: BytesView, y: BytesView) in BytesView.compare(x, y) >= 0 }
        }
    }

    /// Compares with one text; a short one is a matter of two words.
    private static func bytesEqual(_ a: Column, _ constant: BytesView, _ count: Int, isNegated: Bool) -> Buffer {
        let buffer = Buffer(capacity: count)
        let target = buffer.pointer(to: UInt8.self)
        let views = a.values(as: BytesView.self)
        let flip: UInt8 = isNegated ? 1 : 0
        if constant.isInline {
            let head = constant.head
            let tail = constant.tail
            for row in 0..<count {
                let difference = (views[row].head ^ head) | (views[row].tail ^ tail)
                target[row] = unsafeBitCast(difference == 0, to: UInt8.self) ^ flip
            }
        } else {
            for row in 0..<count { target[row] = unsafeBitCast(views[row] == constant, to: UInt8.self) ^ flip }
        }
        return buffer
    }

    private static func nested(_ operation: ComparisonOperator, _ a: Column, _ b: Column, _ count: Int) -> Buffer {
        let buffer = Buffer(capacity: count)
        let target = buffer.pointer(to: UInt8.self)
        for row in 0..<count { target[row] = operation.accepts(RowOrder.compare(a, row, b, row)) ? 1 : 0 }
        return buffer
    }

    /// `<=>`: equal, or both null; never null itself.
    static func makeIdentical() -> Kernel {
        { arguments, count in
            let a = arguments[0]
            let b = arguments[1]
            if a.isConstant && b.isConstant {
                let isEqual = RowOrder.compare(a, 0, b, 0) == 0
                return .constant(.boolean(isEqual), type: .boolean, count: count)
            }
            if a.type == .void || b.type == .void { return NullTest.make(a.type == .void ? b : a, count, isNull: true) }
            let buffer = compare(.equal, a, b, count)
            guard a.mayHaveNulls || b.mayHaveNulls else { return Column(type: .boolean, count: count, data: buffer) }
            let target = buffer.pointer(to: UInt8.self)
            for row in 0..<count {
                let nullA = a.isNull(at: row)
                let nullB = b.isNull(at: row)
                if nullA || nullB { target[row] = nullA && nullB ? 1 : 0 }
            }
            return Column(type: .boolean, count: count, data: buffer)
        }
    }
}
