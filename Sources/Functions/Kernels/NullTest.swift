import HoneyCore
import HoneyPlan

/// Tells nulls from values.
enum NullTest {
    /// Gives 1 for null rows (or for the others, without `isNull`).
    static func make(_ column: Column, _ count: Int, isNull: Bool) -> Column {
        if column.isConstant || column.type == .void || column.validity == nil {
            let hasNulls = column.type == .void || (column.isConstant && column.isNull(at: 0))
            return .constant(.boolean(hasNulls == isNull), type: .boolean, count: count)
        }
        let words = column.validity!.words
        let flip: UInt8 = isNull ? 1 : 0
        let buffer = Buffer(capacity: count)
        let target = buffer.pointer(to: UInt8.self)
        for row in 0..<count {
            target[row] = UInt8(truncatingIfNeeded: words[row >> 6] >> UInt64(row & 63)) & 1 ^ flip
        }
        return Column(type: .boolean, count: count, data: buffer)
    }

    static func kernel(isNull: Bool) -> Kernel { { arguments, count in make(arguments[0], count, isNull: isNull) } }

    /// Gives 1 where a boolean has (or with `isNegated` does not have) a value; null counts as neither true nor false.
    static func truthKernel(of value: Bool, isNegated: Bool) -> Kernel {
        { arguments, count in
            let column = arguments[0]
            if column.isConstant || column.type == .void {
                let isMatch = !column.isConstantNull && (column.values(as: UInt8.self)[0] != 0) == value
                return .constant(.boolean(isMatch != isNegated), type: .boolean, count: count)
            }
            let values = column.values(as: UInt8.self)
            let buffer = Buffer(capacity: count)
            let target = buffer.pointer(to: UInt8.self)
            let wanted: UInt8 = value ? 1 : 0
            let flip: UInt8 = isNegated ? 1 : 0
            for row in 0..<count {
                let isMatch = !column.isNull(at: row) && values[row] == wanted
                target[row] = (isMatch ? 1 : 0) ^ flip
            }
            return Column(type: .boolean, count: count, data: buffer)
        }
    }
}
