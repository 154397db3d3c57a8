import Foundation
import HoneyCore
import HoneyPlan

/// Functions that give a number near a number, in its own type.
enum Rounding {
    static let all: [any ScalarFunction] = [
        Round(
            name: "round", isBankers: false,
            documentation: FunctionDocumentation(
                .mathematical, usage: "round(number[, decimals])",
                summary: "Rounds to decimals, halves away from zero; negative decimals round to tens, hundreds …",
                example: ("select round(2.5), round(3.14159, 2)", "3\t3.14"))),
        Round(
            name: "bround", isBankers: true,
            documentation: FunctionDocumentation(
                .mathematical, usage: "bround(number[, decimals])",
                summary: "Rounds to decimals, halves to the even neighbour.",
                example: ("select bround(2.5), bround(3.5)", "2\t4"))),
        WholeNumber(
            name: "floor", aliases: [],
            documentation: FunctionDocumentation(
                .mathematical, usage: "floor(number)", summary: "Gives the largest whole number that is not larger.",
                example: ("select floor(-1.5)", "-2"))),
        WholeNumber(
            name: "ceil", aliases: ["ceiling"],
            documentation: FunctionDocumentation(
                .mathematical, usage: "ceil(number)", summary: "Gives the smallest whole number that is not smaller.",
                example: ("select ceil(-1.5)", "-1"))),
        SameType(
            name: "abs",
            documentation: FunctionDocumentation(
                .mathematical, usage: "abs(number)", summary: "Gives a number without its sign.",
                example: ("select abs(-2.5)", "2.5"))),
        PositiveModulo(),
    ]
}

/// The numbers that functions keep the type of; texts become doubles.
private func numberType(_ argument: Argument?, of name: String, usage: String) throws -> DataType {
    guard let type = argument?.type else { throw ArgumentErrors.count(of: name, usage: usage, 0) }
    if type.isNumeric { return type }
    guard type.isText || type == .void else { throw ArgumentErrors.types(of: name, usage: usage, [type]) }
    return .double
}

/// A decimal argument's unscaled value in either width.
private func unscaled(_ row: ArgumentRow, _ index: Int) -> Int128 {
    row.columns[index].physical == .int64 ? Int128(row.bigint(index)) : row.value(index, as: Int128.self)
}

/// Appends an unscaled value in the width of the builder's type; null when it has too many digits.
private func appendDecimal(_ value: Int128, to builder: ColumnBuilder) {
    guard case .decimal(let precision, _) = builder.type, DecimalMath.fits(value, precision: precision) else {
        return builder.appendNull()
    }
    if builder.physical == .int64 { builder.append(Int64(truncatingIfNeeded: value)) } else { builder.append(value) }
}

/// `round` and `bround`.
struct Round: ScalarFunction {
    let name: String
    let isBankers: Bool
    let documentation: FunctionDocumentation

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard (1...2).contains(arguments.count) else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        let type = try numberType(arguments.first, of: name, usage: documentation.usage)
        let places: [DataType] = arguments.count > 1 ? [.int] : []
        guard case .decimal(let precision, let scale) = type else { return Signature([type] + places, type) }
        var decimals = 0
        if arguments.count > 1 {
            guard case .integer(let value)? = arguments[1].constant else {
                throw HoneyError(.semantic, "NOT_CONSTANT", "\(name) of a decimal needs a constant number of decimals")
            }
            decimals = Int(clamping: value)
        }
        // One more integer digit for what carries over.
        let newScale = min(max(decimals, 0), scale)
        let newPrecision = min(
            precision - scale + newScale + (newScale < scale ? 1 : 0), DataType.maximumDecimalPrecision)
        return Signature([type] + places, .decimal(precision: max(newPrecision, 1), scale: newScale))
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let type = site.arguments[0].type
        return RowKernel.building(site) { row, builder in
            let decimals = row.count > 1 ? row.int(1) : 0
            switch type {
            case .decimal(_, let scale): roundDecimal(unscaled(row, 0), scale: scale, to: decimals, builder)
            case .float: builder.append(Float(rounded(Double(row.value(0, as: Float.self)), decimals)))
            case .double: builder.append(rounded(row.double(0), decimals))
            default: roundInteger(row.columns[0].value(at: row.row), to: decimals, builder)
            }
        }
    }

    private func roundDecimal(_ value: Int128, scale: Int, to decimals: Int, _ builder: ColumnBuilder) {
        guard case .decimal(_, let newScale) = builder.type else { return builder.appendNull() }
        let dropped = scale - min(decimals, scale)
        guard dropped <= DataType.maximumDecimalPrecision else { return appendDecimal(0, to: builder) }
        let shorter = dropping(value, dropped)
        // Decimals left of the point are filled with zeros again.
        let missing = newScale - min(decimals, scale)
        let (product, overflow) = shorter.multipliedReportingOverflow(
            by: DecimalMath.powerOfTen(min(max(missing, 0), 38)))
        if overflow { builder.appendNull() } else { appendDecimal(product, to: builder) }
    }

    private func dropping(_ value: Int128, _ digits: Int) -> Int128 {
        guard digits > 0 else { return value }
        guard isBankers else { return DecimalMath.dropDigits(value, digits) }
        let unit = DecimalMath.powerOfTen(digits)
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
        let twice = remainder.magnitude * 2
        let isUp = twice > unit.magnitude || twice == unit.magnitude && quotient & 1 != 0
        return isUp ? quotient + (value < 0 ? -1 : 1) : quotient
    }

    private func roundInteger(_ value: Value, to decimals: Int, _ builder: ColumnBuilder) {
        guard case .integer(let number) = value, decimals < 0 else { return builder.append(value) }
        guard decimals >= -19 else { return builder.append(.integer(0)) }
        let unit = DecimalMath.powerOfTen(-decimals)
        builder.append(.integer(Int64(truncatingIfNeeded: dropping(Int128(number), -decimals) * unit)))
    }

    /// Rounds the shortest decimal text of a double, so that 1.005 rounds as it reads.
    private func rounded(_ value: Double, _ decimals: Int) -> Double {
        guard value.isFinite, decimals < 17 else { return value }
        if decimals == 0 && !isBankers { return value.rounded(.toNearestOrAwayFromZero) }
        if decimals == 0 { return value.rounded(.toNearestOrEven) }
        guard abs(value) < 1e18, decimals > -19 else { return decimals < 0 && abs(value) < 1e18 ? 0 : value }
        let digits = 38 - 19
        guard let exact = DecimalMath.decimal(of: value, precision: 38, scale: digits) else { return value }
        let dropped = dropping(exact, digits - decimals)
        return decimals >= 0
            ? DecimalMath.double(of: dropped, scale: decimals)
            : DecimalMath.double(of: dropped * DecimalMath.powerOfTen(-decimals), scale: 0)
    }
}

/// `floor` and `ceil`: bigint of integers and doubles, a decimal without decimals of a decimal.
struct WholeNumber: ScalarFunction {
    let name: String
    let aliases: [String]
    let documentation: FunctionDocumentation

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard arguments.count == 1 else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        let type = try numberType(arguments[0], of: name, usage: documentation.usage)
        if case .decimal(let precision, let scale) = type {
            let digits = min(precision - scale + (scale > 0 ? 1 : 0), DataType.maximumDecimalPrecision)
            return Signature([type], .decimal(precision: max(digits, 1), scale: 0))
        }
        return type.isInteger ? Signature([.bigint], .bigint) : Signature([.double], .bigint)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let isFloor = name == "floor"
        let type = site.arguments[0].type
        return RowKernel.building(site) { row, builder in
            switch type {
            case .decimal(_, let scale):
                let (quotient, remainder) = unscaled(row, 0).quotientAndRemainder(
                    dividingBy: DecimalMath.powerOfTen(scale))
                let step: Int128 = isFloor ? (remainder < 0 ? -1 : 0) : (remainder > 0 ? 1 : 0)
                appendDecimal(quotient + step, to: builder)
            case .double:
                let value = row.double(0).rounded(isFloor ? .down : .up)
                // As Java converts: NaN is 0, what is too large is the largest.
                builder.append(value.isNaN ? 0 : Int64(exactly: value) ?? (value < 0 ? Int64.min : Int64.max))
            default: builder.append(row.bigint(0))
            }
        }
    }
}

/// `abs`: the argument's own type.
struct SameType: ScalarFunction {
    let name: String
    let documentation: FunctionDocumentation

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard arguments.count == 1 else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        let type = try numberType(arguments[0], of: name, usage: documentation.usage)
        let wide: DataType = type == .tinyint || type == .smallint ? .int : type
        return Signature([wide], wide)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let type = site.result
        return RowKernel.building(site) { row, builder in
            switch type {
            case .int: builder.append(Int32(truncatingIfNeeded: row.int(0).magnitude))
            case .bigint: builder.append(Int64(truncatingIfNeeded: row.bigint(0).magnitude))
            case .float: builder.append(abs(row.value(0, as: Float.self)))
            case .double: builder.append(abs(row.double(0)))
            default: appendDecimal(abs(unscaled(row, 0)), to: builder)
            }
        }
    }
}

/// `pmod(a, b)`: the remainder that has the divisor's sign.
struct PositiveModulo: ScalarFunction {
    let name = "pmod"
    let documentation = FunctionDocumentation(
        .mathematical, usage: "pmod(a, b)",
        summary: "Gives the remainder of a division, with the divisor's sign; null by zero.",
        example: ("select pmod(-7, 3)", "2"))

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard arguments.count == 2 else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        let types = try arguments.map { try numberType($0, of: name, usage: documentation.usage) }
        guard let type = DataType.commonNumber(types[0], types[1]) else {
            throw ArgumentErrors.types(of: name, usage: documentation.usage, types)
        }
        let wide: DataType = type == .tinyint || type == .smallint ? .int : type == .float ? .double : type
        return Signature([wide, wide], wide)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let type = site.result
        return RowKernel.building(site) { row, builder in
            switch type {
            case .double:
                let (a, b) = (row.double(0), row.double(1))
                let rest = fmod(a, b)
                if b == 0 {
                    builder.appendNull()
                } else {
                    builder.append(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
                }
            case .int:
                append(Int128(row.int(0)), Int128(row.int(1)), builder) {
                    builder.append(Int32(truncatingIfNeeded: $0))
                }
            case .bigint:
                append(Int128(row.bigint(0)), Int128(row.bigint(1)), builder) {
                    builder.append(Int64(truncatingIfNeeded: $0))
                }
            default: append(unscaled(row, 0), unscaled(row, 1), builder) { appendDecimal($0, to: builder) }
            }
        }
    }

    private func append(_ a: Int128, _ b: Int128, _ builder: ColumnBuilder, _ append: (Int128) -> Void) {
        guard b != 0 else { return builder.appendNull() }
        guard b != -1 else { return append(0) }
        let rest = a % b
        append(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
    }
}
