import HoneyCore
import HoneyPlan

/// The operators on two numbers.
enum ArithmeticOperator: String, CaseIterable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case integerDivide = "div"
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "^"
}

/// Arithmetic on integers and floating-point numbers: integers wrap, division by zero gives null.
enum ArithmeticKernel {
    /// Makes the kernel of an operator whose arguments and result have one type (or are all decimals).
    static func make(_ operation: ArithmeticOperator, for site: CallSite) throws -> Kernel {
        let result = site.result
        if case .decimal = result {
            return try DecimalKernel.make(operation, site.arguments.map(\.type), result)
        }
        switch result {
        case .tinyint: return integers(Int8.self, operation, result)
        case .smallint: return integers(Int16.self, operation, result)
        case .int: return integers(Int32.self, operation, result)
        case .bigint: return integers(Int64.self, operation, result)
        case .float: return reals(Float.self, operation, result)
        case .double: return reals(Double.self, operation, result)
        default: throw HoneyError.unexpected("no arithmetic for type: \(result)")
        }
    }

    private static func integers<T: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(
        _: T.Type, _ operation: ArithmeticOperator, _ type: DataType
    ) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            let a = arguments[0]
            let b = arguments[1]
            let data: Buffer
            switch operation {
            case .add: data = ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x &+ y }
            case .subtract: data = ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x &- y }
            case .multiply: data = ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x &* y }
            case .bitAnd: data = ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x & y }
            case .bitOr: data = ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x | y }
            case .bitXor: data = ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x ^ y }
            case .remainder:
                return Column(
                    type: type, count: count, validity: nonzero(b, count, validity, T.self),
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in y == 0 || y == -1 ? 0 : x % y })
            case .divide, .integerDivide:
                return Column(
                    type: type, count: count, validity: nonzero(b, count, validity, T.self),
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in y == 0 ? 0 : y == -1 ? 0 &- x : x / y }
                )
            }
            return Column(type: type, count: count, validity: validity, data: data)
        }
    }

    private static func reals<T: BinaryFloatingPoint & BitwiseCopyable & SendableMetatype>(
        _: T.Type, _ operation: ArithmeticOperator, _ type: DataType
    ) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            let a = arguments[0]
            let b = arguments[1]
            switch operation {
            case .add:
                return Column(
                    type: type, count: count, validity: validity,
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x + y })
            case .subtract:
                return Column(
                    type: type, count: count, validity: validity,
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x - y })
            case .multiply:
                return Column(
                    type: type, count: count, validity: validity,
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x * y })
            case .divide:
                return Column(
                    type: type, count: count, validity: nonzero(b, count, validity, T.self),
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x / y })
            case .remainder:
                return Column(
                    type: type, count: count, validity: nonzero(b, count, validity, T.self),
                    data: ElementLoop.binary(a, b, count) { (x: T, y: T) -> T in x.truncatingRemainder(dividingBy: y) })
            default: throw HoneyError.unexpected("no such operator for real numbers: \(operation.rawValue)")
            }
        }
    }

    /// The mask of rows whose divisor is not zero.
    private static func nonzero<T: Numeric & BitwiseCopyable>(
        _ divisor: Column, _ count: Int, _ validity: Bitmap?, _: T.Type
    ) -> Bitmap? {
        let values = divisor.values(as: T.self)
        if divisor.isConstant {
            return values[0] == 0 ? Bitmap(count: count, repeating: false) : validity
        }
        return ElementLoop.mask(count, and: validity) { values[$0] == 0 ? 0 : 1 }
    }

    /// Makes the kernel of unary minus.
    static func makeNegative(_ type: DataType) throws -> Kernel {
        switch type.physical {
        case .int8: return negative(Int8.self, type)
        case .int16: return negative(Int16.self, type)
        case .int32: return negative(Int32.self, type)
        case .int64: return negative(Int64.self, type)
        case .int128: return negative(Int128.self, type)
        case .float: return unary(type) { (x: Float) -> Float in -x }
        case .double: return unary(type) { (x: Double) -> Double in -x }
        default: throw HoneyError.unexpected("no negative of type: \(type)")
        }
    }

    private static func negative<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, _ type: DataType) -> Kernel {
        unary(type) { (x: T) -> T in 0 &- x }
    }

    /// Makes the kernel of `~`.
    static func makeComplement(_ type: DataType) throws -> Kernel {
        switch type.physical {
        case .int8: return unary(type) { (x: Int8) -> Int8 in ~x }
        case .int16: return unary(type) { (x: Int16) -> Int16 in ~x }
        case .int32: return unary(type) { (x: Int32) -> Int32 in ~x }
        case .int64: return unary(type) { (x: Int64) -> Int64 in ~x }
        default: throw HoneyError.unexpected("no complement of type: \(type)")
        }
    }

    @inline(__always)
    private static func unary<A: BitwiseCopyable, R: BitwiseCopyable>(
        _ type: DataType, _ body: @escaping (A) -> R
    ) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            Column(
                type: type, count: count, validity: validity,
                data: ElementLoop.unary(arguments[0], count, A.self, R.self, body))
        }
    }

    /// The directions of shifts; the count is taken modulo the width, as in Java.
    enum Shift: Sendable { case left, right, rightUnsigned }

    /// Makes the kernel of a shift of int or bigint by an int.
    static func makeShift(_ shift: Shift, _ type: DataType) -> Kernel {
        StrictKernel.make(type) { arguments, count, validity in
            let data =
                type == .bigint
                ? shiftBuffer(shift, Int64.self, UInt64.self, arguments, count)
                : shiftBuffer(shift, Int32.self, UInt32.self, arguments, count)
            return Column(type: type, count: count, validity: validity, data: data)
        }
    }

    private static func shiftBuffer<T: FixedWidthInteger & BitwiseCopyable, U: FixedWidthInteger & BitwiseCopyable>(
        _ shift: Shift, _: T.Type, _: U.Type, _ arguments: [Column], _ count: Int
    ) -> Buffer {
        let a = arguments[0]
        let b = arguments[1]
        switch shift {
        case .left: return ElementLoop.binary(a, b, count) { (x: T, y: Int32) -> T in x &<< T(truncatingIfNeeded: y) }
        case .right: return ElementLoop.binary(a, b, count) { (x: T, y: Int32) -> T in x &>> T(truncatingIfNeeded: y) }
        case .rightUnsigned:
            return ElementLoop.binary(a, b, count) { (x: T, y: Int32) -> T in
                T(truncatingIfNeeded: U(truncatingIfNeeded: x) &>> U(truncatingIfNeeded: y))
            }
        }
    }
}
