import HoneyCore
import HoneyPlan

/// Adds up a column's values into sums and marks the groups that had any.
///
/// Made by generic functions for one type each: methods of generic classes would not be specialized.
typealias SumLoop<Sum> = (
    _ column: Column, _ rows: GroupedRows, _ sums: UnsafeMutablePointer<Sum>, _ filled: UnsafeMutablePointer<UInt8>
) -> Void

/// Sums integers in 64 bits, wrapping as Hive does; a group of nothing but nulls gives null.
final class IntegerSumAccumulator: Accumulator {
    private let sums = GroupStates<Int64>(0)
    private let filled = GroupStates<UInt8>(0)
    private let add: SumLoop<Int64>
    private let addPartial: SumLoop<Int64> = IntegerSumAccumulator.loop(over: Int64.self)

    init(_ add: @escaping SumLoop<Int64>) { self.add = add }

    func reserve(groupCount: Int) {
        sums.reserve(groupCount)
        filled.reserve(groupCount)
    }

    var memoryBytes: Int { sums.memoryBytes + filled.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) { add(arguments[0], rows, sums.base, filled.base) }
    func merge(_ partials: [Column], rows: GroupedRows) { addPartial(partials[0], rows, sums.base, filled.base) }

    static func loop<T: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(over _: T.Type) -> SumLoop<Int64> {
        { column, rows, sums, filled in
            if rows.groups == nil {
                let (sum, count) = rows.fold(column, (0 as Int64, 0), T.self) { state, value in
                    state.0 &+= Int64(truncatingIfNeeded: value)
                    state.1 &+= 1
                }
                sums[0] &+= sum
                if count > 0 { filled[0] = 1 }
                return
            }
            let values = column.values(as: T.self)
            rows.forEach(in: column) { group, row in
                sums[group] &+= Int64(truncatingIfNeeded: values[row])
                filled[group] = 1
            }
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] { [results(groups)] }
    func results(_ groups: Range<Int>) -> Column { sums.column(.bigint, groups, validity: filled.mask(groups)) }
}

/// Sums floating-point numbers as doubles.
final class RealSumAccumulator: Accumulator {
    private let sums = GroupStates<Double>(0)
    private let filled = GroupStates<UInt8>(0)
    private let add: SumLoop<Double>
    private let addPartial: SumLoop<Double> = RealSumAccumulator.loop { (value: Double) in value }

    init(_ add: @escaping SumLoop<Double>) { self.add = add }

    func reserve(groupCount: Int) {
        sums.reserve(groupCount)
        filled.reserve(groupCount)
    }

    var memoryBytes: Int { sums.memoryBytes + filled.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) { add(arguments[0], rows, sums.base, filled.base) }
    func merge(_ partials: [Column], rows: GroupedRows) { addPartial(partials[0], rows, sums.base, filled.base) }

    @inline(__always)
    static func loop<T: BitwiseCopyable>(_ convert: @escaping (T) -> Double) -> SumLoop<Double> {
        { column, rows, sums, filled in
            if rows.groups == nil {
                let (sum, count) = rows.fold(column, (0.0, 0), T.self) { state, value in
                    state.0 += convert(value)
                    state.1 &+= 1
                }
                sums[0] += sum
                if count > 0 { filled[0] = 1 }
                return
            }
            let values = column.values(as: T.self)
            rows.forEach(in: column) { group, row in
                sums[group] += convert(values[row])
                filled[group] = 1
            }
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] { [results(groups)] }
    func results(_ groups: Range<Int>) -> Column { sums.column(.double, groups, validity: filled.mask(groups)) }
}

extension HiveFunctions {
    static let sum = SimpleAggregate(
        "sum", usage: "sum(number)", summary: "Adds up the values that are not null.",
        example: ("select sum(x) from (select 1 x union all select 2) t", "3")
    ) { arguments in
        guard let type = arguments.types(1)?.first else { return nil }
        switch type {
        case .tinyint, .smallint, .int, .bigint: return AggregateSignature([type], partial: [.bigint], result: .bigint)
        case .float, .double: return AggregateSignature([type], partial: [.double], result: .double)
        case .string, .varchar, .char: return AggregateSignature([.double], partial: [.double], result: .double)
        case .void: return AggregateSignature([.bigint], partial: [.bigint], result: .bigint)
        case .decimal(let precision, let scale):
            let result = sumType(precision, scale)
            return AggregateSignature([type], partial: [widest(scale), .tinyint], result: result)
        default: return nil
        }
    } accumulator: { site in
        switch site.arguments[0].type {
        case .tinyint: IntegerSumAccumulator(IntegerSumAccumulator.loop(over: Int8.self))
        case .smallint: IntegerSumAccumulator(IntegerSumAccumulator.loop(over: Int16.self))
        case .int: IntegerSumAccumulator(IntegerSumAccumulator.loop(over: Int32.self))
        case .bigint: IntegerSumAccumulator(IntegerSumAccumulator.loop(over: Int64.self))
        case .float: RealSumAccumulator(RealSumAccumulator.loop { (value: Float) in Double(value) })
        case .double: RealSumAccumulator(RealSumAccumulator.loop { (value: Double) in value })
        case .decimal: DecimalSumAccumulator(site)
        default: throw HoneyError.unexpected("no sum of type: \(site.arguments[0].type)")
        }
    }

    /// A sum has ten digits more than what it adds.
    static func sumType(_ precision: Int, _ scale: Int) -> DataType {
        .decimal(precision: min(DataType.maximumDecimalPrecision, precision + 10), scale: scale)
    }

    /// The decimal that carries sums of a scale.
    static func widest(_ scale: Int) -> DataType {
        .decimal(precision: DataType.maximumDecimalPrecision, scale: scale)
    }
}
