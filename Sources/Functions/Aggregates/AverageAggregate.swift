import HoneyCore
import HoneyPlan

/// Averages integers and real numbers as doubles.
final class AverageAccumulator: Accumulator {
    /// Adds a column's values to sums and counts; made for one type by a generic function, which is specialized.
    typealias Loop = (Column, GroupedRows, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Int64>) -> Void

    private let sums = GroupStates<Double>(0)
    private let counts = GroupStates<Int64>(0)
    private let add: Loop

    init(_ add: @escaping Loop) { self.add = add }

    @inline(__always)
    static func loop<Input: BitwiseCopyable>(_ convert: @escaping (Input) -> Double) -> Loop {
        { column, rows, sums, counts in
            let values = column.values(as: Input.self)
            if rows.groups == nil {
                let (sum, count) = rows.fold(column, (0.0, 0 as Int64), Input.self) { state, value in
                    state.0 += convert(value)
                    state.1 &+= 1
                }
                sums[0] += sum
                counts[0] &+= count
                return
            }
            rows.forEach(in: column) { group, row in
                sums[group] += convert(values[row])
                counts[group] &+= 1
            }
        }
    }

    func reserve(groupCount: Int) {
        sums.reserve(groupCount)
        counts.reserve(groupCount)
    }

    var memoryBytes: Int { sums.memoryBytes + counts.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) { add(arguments[0], rows, sums.base, counts.base) }

    func merge(_ partials: [Column], rows: GroupedRows) {
        let otherSums = partials[0].values(as: Double.self)
        let otherCounts = partials[1].values(as: Int64.self)
        rows.forEachPair(partials[0], partials[1]) { group, row in
            sums.base[group] += otherSums[partials[0].storedIndex(row)]
            counts.base[group] &+= otherCounts[partials[1].storedIndex(row)]
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] { [sums.column(.double, groups), counts.column(.bigint, groups)] }

    func results(_ groups: Range<Int>) -> Column {
        let first = groups.lowerBound
        let (data, mask) = ElementLoop.optional(groups.count, nil, empty: 0.0) { index -> Double? in
            let count = counts.base[first + index]
            return count == 0 ? nil : sums.base[first + index] / Double(count)
        }
        return Column(type: .double, count: groups.count, validity: mask, data: data)
    }
}

/// Averages decimals exactly, rounding once at the end.
final class DecimalAverageAccumulator: Accumulator {
    private let state: DecimalSums
    private let type: DataType
    private let precision: Int
    private let scale: Int
    private let inputScale: Int

    init(_ site: AggregateSite) throws {
        guard case .decimal(let inputPrecision, let inputScale) = site.arguments[0].type,
            case .decimal(let precision, let scale) = site.result
        else { throw HoneyError.unexpected("decimal average of type: \(site.arguments[0].type)") }
        type = site.result
        self.precision = precision
        self.scale = scale
        self.inputScale = inputScale
        state = DecimalSums(precision: inputPrecision)
    }

    func reserve(groupCount: Int) { state.reserve(groupCount) }
    var memoryBytes: Int { state.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) { state.update(arguments[0], rows) }

    /// Partial states are the sum and the count; a null sum means that it overflowed.
    func merge(_ partials: [Column], rows: GroupedRows) {
        let sums = partials[0].values(as: Int128.self)
        let counts = partials[1].values(as: Int64.self)
        rows.forEach(in: partials[1]) { group, stored in state.counts.base[group] &+= counts[stored] }
        rows.forEach(in: partials[0]) { group, stored in state.addChecked(sums[stored], count: 0, to: group) }
        guard partials[0].validity != nil else { return }
        for position in 0..<rows.count {
            let row = rows.selection.map { $0[position] } ?? position
            if partials[0].isNull(at: row) { state.overflows.base[rows.groups.map { Int($0[position]) } ?? 0] = 1 }
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] {
        let first = groups.lowerBound
        let (data, mask) = ElementLoop.optional(groups.count, nil, empty: 0 as Int128) { index -> Int128? in
            state.overflows.base[first + index] != 0 ? nil : state.sums.base[first + index]
        }
        let sums = Column(
            type: HiveFunctions.widest(inputScale), count: groups.count, validity: mask, data: data)
        return [sums, state.counts.column(.bigint, groups)]
    }

    func results(_ groups: Range<Int>) -> Column {
        let first = groups.lowerBound
        let average = { [state, precision, scale, inputScale] (index: Int) -> Int128? in
            let group = first + index
            let count = state.counts.base[group]
            guard count > 0, state.overflows.base[group] == 0,
                let value = DecimalMath.divide(
                    state.sums.base[group], scale: inputScale, by: Int128(count), scale: 0, to: scale),
                DecimalMath.fits(value, precision: precision)
            else { return nil }
            return value
        }
        let (data, mask) =
            type.physical == .int64
            ? ElementLoop.optional(groups.count, nil, empty: 0 as Int64) {
                average($0).map { Int64(truncatingIfNeeded: $0) }
            }
            : ElementLoop.optional(groups.count, nil, empty: 0 as Int128, average)
        return Column(type: type, count: groups.count, validity: mask, data: data)
    }
}

extension HiveFunctions {
    static let average = SimpleAggregate(
        "avg", usage: "avg(number)", summary: "Averages the values that are not null.",
        example: ("select avg(x) from (select 1 x union all select 2) t", "1.5")
    ) { arguments in
        guard let type = arguments.types(1)?.first else { return nil }
        switch type {
        case .decimal(let precision, let scale):
            let integerDigits = precision - scale
            let newScale = min(scale + 4, DataType.maximumDecimalPrecision - integerDigits)
            let result = DataType.decimal(precision: integerDigits + newScale, scale: newScale)
            return AggregateSignature([type], partial: [widest(scale), .bigint], result: result)
        case .string, .varchar, .char, .void, .timestamp:
            return AggregateSignature([.double], partial: [.double, .bigint], result: .double)
        default:
            return type.isNumeric ? AggregateSignature([type], partial: [.double, .bigint], result: .double) : nil
        }
    } accumulator: { site in
        switch site.arguments[0].type {
        case .tinyint: AverageAccumulator(AverageAccumulator.loop { (value: Int8) in Double(value) })
        case .smallint: AverageAccumulator(AverageAccumulator.loop { (value: Int16) in Double(value) })
        case .int: AverageAccumulator(AverageAccumulator.loop { (value: Int32) in Double(value) })
        case .bigint: AverageAccumulator(AverageAccumulator.loop { (value: Int64) in Double(value) })
        case .float: AverageAccumulator(AverageAccumulator.loop { (value: Float) in Double(value) })
        case .double: AverageAccumulator(AverageAccumulator.loop { (value: Double) in value })
        case .decimal: try DecimalAverageAccumulator(site)
        default: throw HoneyError.unexpected("no average of type: \(site.arguments[0].type)")
        }
    }
}
