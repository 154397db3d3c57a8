import HoneyCore
import HoneyPlan

/// Three-valued logic over any number of operands.
enum LogicKernel {
    /// `and` with a deciding value of false, `or` with one of true: one operand that decides settles the row, else a null
    /// makes it null.
    static func make(decidedBy deciding: Bool) -> Kernel {
        { arguments, count in
            if arguments.allSatisfy({ $0.isConstant || $0.type == .void }) {
                return constant(arguments, deciding, count)
            }
            let varying = arguments.filter { !($0.isConstant || $0.type == .void) }
            let fixed = arguments.filter { $0.isConstant || $0.type == .void }
            if fixed.contains(where: { !$0.isConstantNull && ($0.values(as: UInt8.self)[0] != 0) == deciding }) {
                return .constant(.boolean(deciding), type: .boolean, count: count)
            }
            let hasConstantNull = fixed.contains(where: \.isConstantNull)
            if !hasConstantNull, varying.allSatisfy({ $0.validity == nil }) {
                return withoutNulls(varying, deciding, count)
            }
            return withNulls(varying, deciding, count, hasConstantNull)
        }
    }

    private static func constant(_ arguments: [Column], _ deciding: Bool, _ count: Int) -> Column {
        var hasNull = false
        for argument in arguments {
            if argument.isConstantNull {
                hasNull = true
            } else if (argument.values(as: UInt8.self)[0] != 0) == deciding {
                return .constant(.boolean(deciding), type: .boolean, count: count)
            }
        }
        return .constant(hasNull ? .null : .boolean(!deciding), type: .boolean, count: count)
    }

    private static func withoutNulls(_ arguments: [Column], _ deciding: Bool, _ count: Int) -> Column {
        if arguments.count == 1 { return arguments[0] }
        var result = arguments[0]
        for argument in arguments.dropFirst() {
            let data =
                deciding
                ? ElementLoop.binary(result, argument, count) { (x: UInt8, y: UInt8) -> UInt8 in x | y }
                : ElementLoop.binary(result, argument, count) { (x: UInt8, y: UInt8) -> UInt8 in x & y }
            result = Column(type: .boolean, count: count, data: data)
        }
        return result
    }

    private static func withNulls(
        _ arguments: [Column], _ deciding: Bool, _ count: Int, _ hasConstantNull: Bool
    ) -> Column {
        let buffer = Buffer(zeroed: count)
        // Becomes 1 where an operand decides.
        let decided = buffer.pointer(to: UInt8.self)
        let flip: UInt8 = deciding ? 0 : 1
        for argument in arguments {
            let values = argument.values(as: UInt8.self)
            guard let words = argument.validity?.words else {
                for row in 0..<count { decided[row] |= values[row] ^ flip }
                continue
            }
            for row in 0..<count {
                let isValid = UInt8(truncatingIfNeeded: words[row >> 6] >> UInt64(row & 63)) & 1
                decided[row] |= (values[row] ^ flip) & isValid
            }
        }
        var validity: Bitmap?
        if hasConstantNull {
            validity = Bitmap(count: count, repeating: false)
        } else {
            for argument in arguments { validity = Bitmap.intersection(validity, argument.validity, count: count) }
        }
        // A decided row is known whatever else is null.
        let known = validity!.copy()
        var row = 0
        while row < count {
            let end = min(row + 64, count)
            let start = row
            var word: UInt64 = 0
            while row < end {
                word |= UInt64(decided[row]) << UInt64(row - start)
                decided[row] ^= flip
                row += 1
            }
            known.words[start >> 6] |= word
        }
        return Column(type: .boolean, count: count, validity: known, data: buffer)
    }

    static func makeNot() -> Kernel {
        StrictKernel.make(.boolean) { arguments, count, validity in
            Column(
                type: .boolean, count: count, validity: validity,
                data: ElementLoop.unary(arguments[0], count) { (x: UInt8) -> UInt8 in x ^ 1 })
        }
    }
}
