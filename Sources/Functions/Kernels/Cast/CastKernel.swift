import HoneyCore
import HoneyPlan

/// Converts columns between types as Hive's CAST does: what cannot be converted becomes null.
struct CastKernel {
    /// Converts rows of a column that is not constant; `validity` is the column's own.
    typealias Conversion = (_ column: Column, _ count: Int, _ validity: Bitmap?) throws -> Column

    let from: DataType
    let to: DataType
    /// Whether integers become timestamps as seconds rather than milliseconds.
    var integersAreSeconds = false

    /// Makes the kernel of a cast, or fails with a `semantic` error when Hive has no such cast.
    static func make(from: DataType, to: DataType, session: SessionValues) throws -> Kernel {
        var cast = CastKernel(from: from, to: to)
        cast.integersAreSeconds = session.settings["hive.int.timestamp.conversion.in.seconds"]?.lowercased() == "true"
        if from == to { return { arguments, _ in arguments[0] } }
        if from == .void { return { _, count in .null(to, count: count) } }
        let convert = try cast.conversion()
        return { arguments, count in
            let column = arguments[0]
            if column.isConstantNull { return .null(to, count: count) }
            if column.isConstant { return try convert(column.asSingleRow(), 1, nil).asConstant(count: count) }
            return try convert(column, count, column.validity)
        }
    }

    /// Chooses the conversion, once a call.
    func conversion() throws -> Conversion {
        if from == to || from == .void { return identity }
        if from.isComplex || to.isComplex { return try nestedConversion() }
        let conversion: Conversion? =
            switch from {
            case .boolean: integerConversion(UInt8.self)
            case .tinyint: integerConversion(Int8.self)
            case .smallint: integerConversion(Int16.self)
            case .int: integerConversion(Int32.self)
            case .bigint: integerConversion(Int64.self)
            case .float: realConversion(Float.self)
            case .double: realConversion(Double.self)
            case .decimal(let precision, let scale): decimalConversion(precision: precision, scale: scale)
            case .string, .varchar, .char: textConversion()
            case .binary: to.isText ? textToText() : nil
            case .date: dateConversion()
            case .timestamp: timestampConversion()
            case .intervalYearMonth, .intervalDayTime: to.isText ? printing() : nil
            case .void, .array, .map, .structure, .union: nil
            }
        guard let conversion else { throw impossible() }
        return conversion
    }

    /// The rows as they are, or nulls of the new type when there is nothing but nulls.
    private var identity: Conversion {
        let isVoid = from == .void
        let to = to
        return { column, count, _ in isVoid ? .null(to, count: count).flattened() : column }
    }

    func impossible() -> HoneyError {
        HoneyError(.semantic, "CAST_NOT_POSSIBLE", "cannot cast \(from) to type: \(to)")
    }

    /// Converts each value by a body that never fails; called inside a conversion's own closure, it is inlined with it.
    @inline(__always)
    func mapped<A: BitwiseCopyable, R: BitwiseCopyable>(
        _ column: Column, _ count: Int, _ validity: Bitmap?, _ body: (A) -> R
    ) -> Column {
        Column(
            type: to, count: count, validity: validity, data: ElementLoop.unary(column, count, A.self, R.self, body))
    }

    /// Makes a conversion that gives null where the body gives nil.
    @inline(__always)
    func trying<A: BitwiseCopyable, R: BitwiseCopyable>(empty: R, _ body: @escaping (A) -> R?) -> Conversion {
        let to = to
        return { column, count, validity in
            let (data, mask) = ElementLoop.unaryOptional(column, count, validity, empty: empty, A.self, body)
            return Column(type: to, count: count, validity: mask, data: data)
        }
    }

    /// Makes a conversion to a decimal from unscaled values that the body computes in 128 bits; what does not fit is null.
    @inline(__always)
    func toDecimal<A: BitwiseCopyable>(_ precision: Int, _ body: @escaping (A) -> Int128?) -> Conversion {
        if precision <= DataType.maximumShortDecimalPrecision {
            return trying(empty: 0 as Int64) { (value: A) -> Int64? in
                guard let unscaled = body(value), DecimalMath.fits(unscaled, precision: precision) else { return nil }
                return Int64(truncatingIfNeeded: unscaled)
            }
        }
        return trying(empty: 0 as Int128) { (value: A) -> Int128? in
            guard let unscaled = body(value), DecimalMath.fits(unscaled, precision: precision) else { return nil }
            return unscaled
        }
    }
}

extension CastKernel {
    /// Converts element by element and part by part.
    private func nestedConversion() throws -> Conversion {
        switch (from, to) {
        case (.array(let element), .array(let target)):
            return try children([(element, target)])
        case (.map(let key, let value), .map(let targetKey, let targetValue)):
            return try children([(key, targetKey), (value, targetValue)])
        case (.structure(let fields), .structure(let targets)) where fields.count == targets.count:
            return try children(zip(fields, targets).map { ($0.type, $1.type) })
        case (.union(let branches), .union(let targets)) where branches.count == targets.count:
            return try children([(.tinyint, .tinyint)] + zip(branches, targets).map { ($0, $1) })
        case (_, .string), (_, .varchar), (_, .char):
            return printing()
        default: throw impossible()
        }
    }

    private func children(_ types: [(from: DataType, to: DataType)]) throws -> Conversion {
        let conversions = try types.map { pair in
            try CastKernel(from: pair.from, to: pair.to, integersAreSeconds: integersAreSeconds).conversion()
        }
        let to = to
        return { column, count, validity in
            let children = try zip(column.children, conversions).map { child, convert in
                let rows = child.flattened()
                return try convert(rows, rows.count, rows.validity)
            }
            return Column(
                type: to, count: count, validity: validity, data: column.data, owners: column.owners,
                children: children)
        }
    }
}
