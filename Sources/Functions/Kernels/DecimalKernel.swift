import HoneyCore
import HoneyPlan

/// Arithmetic on decimals. Where the types prove that nothing can overflow, rows are not checked.
enum DecimalKernel {
    static func make(_ operation: ArithmeticOperator, _ types: [DataType], _ result: DataType) throws -> Kernel {
        guard types.count == 2, case .decimal(let p1, let s1) = types[0], case .decimal(let p2, let s2) = types[1],
            case .decimal(let p, let s) = result
        else { throw HoneyError.unexpected("decimal arithmetic on other types: \(types)") }
        let shape = Shape(p1: p1, s1: s1, p2: p2, s2: s2, p: p, s: s, type: result)
        switch operation {
        case .add: return shape.sum(isDifference: false)
        case .subtract: return shape.sum(isDifference: true)
        case .multiply: return shape.product()
        case .divide: return shape.checked { DecimalMath.divide($0, scale: s1, by: $1, scale: s2, to: s) }
        case .remainder: return shape.remainder()
        default: throw HoneyError.unexpected("no such operator for decimals: \(operation.rawValue)")
        }
    }

    /// Precision and scale of the operands and of the result.
    private struct Shape: Sendable {
        let p1: Int, s1: Int, p2: Int, s2: Int, p: Int, s: Int
        let type: DataType

        private func column(_ count: Int, _ validity: Bitmap?, _ data: Buffer) -> Column {
            Column(type: type, count: count, validity: validity, data: data)
        }

        func sum(isDifference: Bool) -> Kernel {
            let common = max(s1, s2)
            guard s == common, max(p1 - s1, p2 - s2) + common + 1 <= p else {
                return checked { [s1, s2, s] x, y in
                    DecimalMath.add(x, scale: s1, isDifference ? -y : y, scale: s2, to: s)
                }
            }
            let sign: Int64 = isDifference ? -1 : 1
            if p <= DataType.maximumShortDecimalPrecision {
                return narrowSum(DecimalMath.powerOfTen64(s - s1), DecimalMath.powerOfTen64(s - s2) * sign)
            }
            let left = DecimalMath.powerOfTen(s - s1)
            let right = DecimalMath.powerOfTen(s - s2) * Int128(sign)
            return StrictKernel.make(type) { arguments, count, validity in
                column(count, validity, wide(arguments[0], arguments[1], count) { $0 &* left &+ $1 &* right })
            }
        }

        private func narrowSum(_ left: Int64, _ right: Int64) -> Kernel {
            StrictKernel.make(type) { arguments, count, validity in
                let a = arguments[0]
                let b = arguments[1]
                // Without a factor to multiply by, and with constants scaled once, the loops are vector additions.
                let data: Buffer
                if a.isConstant, right == 1 || right == -1 {
                    let constant = a.values(as: Int64.self)[0] &* left
                    data =
                        right == 1
                        ? ElementLoop.unary(b, count) { (y: Int64) -> Int64 in constant &+ y }
                        : ElementLoop.unary(b, count) { (y: Int64) -> Int64 in constant &- y }
                } else if b.isConstant, left == 1 {
                    let constant = b.values(as: Int64.self)[0] &* right
                    data = ElementLoop.unary(a, count) { (x: Int64) -> Int64 in x &+ constant }
                } else if left == 1, right == 1 {
                    data = ElementLoop.binary(a, b, count) { (x: Int64, y: Int64) -> Int64 in x &+ y }
                } else if left == 1, right == -1 {
                    data = ElementLoop.binary(a, b, count) { (x: Int64, y: Int64) -> Int64 in x &- y }
                } else {
                    data = ElementLoop.binary(a, b, count) { (x: Int64, y: Int64) -> Int64 in
                        x &* left &+ y &* right
                    }
                }
                return column(count, validity, data)
            }
        }

        func product() -> Kernel {
            if p1 + p2 <= DataType.maximumShortDecimalPrecision, p <= DataType.maximumShortDecimalPrecision {
                return StrictKernel.make(type) { arguments, count, validity in
                    column(
                        count, validity,
                        ElementLoop.binary(arguments[0], arguments[1], count) { (x: Int64, y: Int64) -> Int64 in x &* y
                        })
                }
            }
            if p1 + p2 <= p, s == s1 + s2 {
                return StrictKernel.make(type) { arguments, count, validity in
                    let a = arguments[0]
                    let b = arguments[1]
                    guard a.physical == .int64, b.physical == .int64 else {
                        return column(count, validity, wide(a, b, count) { $0 &* $1 })
                    }
                    return column(
                        count, validity,
                        ElementLoop.binary(a, b, count) { (x: Int64, y: Int64) -> Int128 in fullProduct(x, y) })
                }
            }
            let dropped = s1 + s2 - s
            let careful = checked { DecimalMath.multiply($0, $1, dropping: dropped) }
            guard dropped == 0, p == DataType.maximumDecimalPrecision else { return careful }
            // Factors that happen to fit 64 bits make products below 2^126 < 10^38.
            return StrictKernel.make(type) { arguments, count, validity in
                var excess: Int64 = 0
                let data = wide(arguments[0], arguments[1], count) { x, y in
                    excess |= overhang(x) | overhang(y)
                    return fullProduct(Int64(truncatingIfNeeded: x), Int64(truncatingIfNeeded: y))
                }
                return excess == 0 ? column(count, validity, data) : try careful(arguments, count)
            }
        }

        func remainder() -> Kernel {
            // Short values widened to the larger scale fit 128 bits, and mostly 64.
            let scale = max(s1, s2)
            if p1 - s1 + scale <= DataType.maximumShortDecimalPrecision,
                p2 - s2 + scale <= DataType.maximumShortDecimalPrecision,
                p <= DataType.maximumShortDecimalPrecision
            {
                let left = DecimalMath.powerOfTen64(scale - s1)
                let right = DecimalMath.powerOfTen64(scale - s2)
                return StrictKernel.make(type) { arguments, count, validity in
                    let (data, mask) = ElementLoop.binaryOptional(
                        arguments[0], arguments[1], count, validity, empty: 0 as Int64
                    ) {
                        (x: Int64, y: Int64) -> Int64? in y == 0 ? nil : (x &* left) % (y &* right)
                    }
                    return column(count, mask, data)
                }
            }
            return checked { [s1, s2, s] x, y in
                DecimalMath.remainder(x, scale: s1, by: y, scale: s2).flatMap {
                    DecimalMath.rescale($0, from: scale, to: s)
                }
            }
        }

        /// One machine multiplication, where 128-bit factors would take three.
        @inline(__always)
        private func fullProduct(_ x: Int64, _ y: Int64) -> Int128 {
            let (high, low) = x.multipliedFullWidth(by: y)
            return Int128(high) << 64 | Int128(low)
        }

        /// How far a value hangs over 64 bits: zero when it does not.
        @inline(__always)
        private func overhang(_ value: Int128) -> Int64 {
            Int64(truncatingIfNeeded: value >> 64) ^ (Int64(truncatingIfNeeded: value) >> 63)
        }

        /// Runs a body over pairs of unscaled values of either width into 128 bits.
        @inline(__always)
        private func wide(_ a: Column, _ b: Column, _ count: Int, _ body: (Int128, Int128) -> Int128) -> Buffer {
            switch (a.physical == .int64, b.physical == .int64) {
            case (true, true):
                ElementLoop.binary(a, b, count) { (x: Int64, y: Int64) -> Int128 in body(Int128(x), Int128(y)) }
            case (true, false):
                ElementLoop.binary(a, b, count) { (x: Int64, y: Int128) -> Int128 in body(Int128(x), y) }
            case (false, true):
                ElementLoop.binary(a, b, count) { (x: Int128, y: Int64) -> Int128 in body(x, Int128(y)) }
            case (false, false): ElementLoop.binary(a, b, count) { (x: Int128, y: Int128) -> Int128 in body(x, y) }
            }
        }

        /// Makes a kernel that checks each result against the precision and gives null beyond it.
        func checked(_ body: @escaping @Sendable (Int128, Int128) -> Int128?) -> Kernel {
            let precision = p
            let isShort = type.physical == .int64
            return StrictKernel.make(type) { arguments, count, validity in
                let a = DecimalReader(arguments[0])
                let b = DecimalReader(arguments[1])
                let fitted = { (row: Int) -> Int128? in
                    guard let value = body(a[row], b[row]), DecimalMath.fits(value, precision: precision) else {
                        return nil
                    }
                    return value
                }
                let (data, mask) =
                    isShort
                    ? ElementLoop.optional(count, validity, empty: 0 as Int64) {
                        fitted($0).map { Int64(truncatingIfNeeded: $0) }
                    }
                    : ElementLoop.optional(count, validity, empty: 0 as Int128, fitted)
                return column(count, mask, data)
            }
        }
    }
}

/// Reads a decimal column's unscaled values, whatever its width.
struct DecimalReader {
    private let narrow: UnsafePointer<Int64>?
    private let wide: UnsafePointer<Int128>
    private let stride: Int

    init(_ column: Column) {
        narrow = column.physical == .int64 ? column.values(as: Int64.self) : nil
        wide = column.values(as: Int128.self)
        stride = column.isConstant ? 0 : 1
    }

    @inline(__always)
    subscript(row: Int) -> Int128 {
        if let narrow { return Int128(narrow[row &* stride]) }
        return wide[row &* stride]
    }
}
