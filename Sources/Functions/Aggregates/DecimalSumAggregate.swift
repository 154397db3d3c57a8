import HoneyCore
import HoneyPlan

/// Sums decimals in 128 bits and counts them: the state of both `sum` and `avg`.
final class DecimalSums {
    let sums = GroupStates<Int128>(0)
    let counts = GroupStates<Int64>(0)
    /// 1 where a sum left 128 bits.
    let overflows = GroupStates<UInt8>(0)
    private let mayOverflow: Bool

    /// - Parameter precision: of the input; sums of 28 digits do not overflow before 10^10 rows.
    init(precision: Int) { mayOverflow = precision > 28 }

    func reserve(_ groupCount: Int) {
        sums.reserve(groupCount)
        counts.reserve(groupCount)
        overflows.reserve(groupCount)
    }

    var memoryBytes: Int { sums.memoryBytes + counts.memoryBytes + overflows.memoryBytes }

    func update(_ column: Column, _ rows: GroupedRows) {
        if column.physical == .int64 {
            updateShort(column, rows)
        } else if mayOverflow {
            let values = column.values(as: Int128.self)
            rows.forEach(in: column) { group, row in addChecked(values[row], count: 1, to: group) }
        } else {
            updateLong(column, rows)
        }
    }

    private func updateShort(_ column: Column, _ rows: GroupedRows) {
        let sums = sums.base
        let counts = counts.base
        if rows.groups == nil {
            // Low and high halves apart: each stays within 64 bits for as many rows as a batch can have.
            let (low, high, count) = rows.fold(column, (0 as Int64, 0 as Int64, 0 as Int64), Int64.self) {
                state, value in
                state.0 &+= value & 0xFFFF_FFFF
                state.1 &+= value >> 32
                state.2 &+= 1
            }
            sums[0] &+= Int128(low) &+ Int128(high) << 32
            counts[0] &+= count
            return
        }
        let values = column.values(as: Int64.self)
        rows.forEach(in: column) { group, row in
            sums[group] &+= Int128(values[row])
            counts[group] &+= 1
        }
    }

    private func updateLong(_ column: Column, _ rows: GroupedRows) {
        let sums = sums.base
        let counts = counts.base
        if rows.groups == nil {
            let (sum, count) = rows.fold(column, (0 as Int128, 0 as Int64), Int128.self) { state, value in
                state.0 &+= value
                state.1 &+= 1
            }
            sums[0] &+= sum
            counts[0] &+= count
            return
        }
        let values = column.values(as: Int128.self)
        rows.forEach(in: column) { group, row in
            sums[group] &+= values[row]
            counts[group] &+= 1
        }
    }

    /// Adds a sum of `count` rows and notes when it leaves 128 bits.
    @inline(__always)
    func addChecked(_ value: Int128, count: Int64, to group: Int) {
        let (sum, overflow) = sums.base[group].addingReportingOverflow(value)
        sums.base[group] = sum
        counts.base[group] &+= count
        if overflow { overflows.base[group] = 1 }
    }
}

/// `sum` of decimals: null when the result does not fit its type.
final class DecimalSumAccumulator: Accumulator {
    private let state: DecimalSums
    private let type: DataType
    private let scale: Int

    init(_ site: AggregateSite) {
        var inputPrecision = DataType.maximumDecimalPrecision
        if case .decimal(let precision, _) = site.arguments[0].type { inputPrecision = precision }
        if case .decimal(_, let scale) = site.result { self.scale = scale } else { scale = 0 }
        type = site.result
        state = DecimalSums(precision: inputPrecision)
    }

    func reserve(groupCount: Int) { state.reserve(groupCount) }
    var memoryBytes: Int { state.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) { state.update(arguments[0], rows) }

    /// Partial states are the sum and a tinyint: null sum and 1 mean that it overflowed.
    func merge(_ partials: [Column], rows: GroupedRows) {
        let sums = partials[0].values(as: Int128.self)
        rows.forEach(in: partials[0]) { group, row in state.addChecked(sums[row], count: 1, to: group) }
        let flags = partials[1].values(as: Int8.self)
        rows.forEach(in: partials[1]) { group, row in
            if flags[row] != 0 { state.overflows.base[group] = 1 }
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] {
        let flags = Buffer(capacity: groups.count)
        for group in groups { flags.pointer(to: Int8.self)[group - groups.lowerBound] = isLost(group) ? 1 : 0 }
        return [
            sums(groups, HiveFunctions.widest(scale)), Column(type: .tinyint, count: groups.count, data: flags),
        ]
    }

    func results(_ groups: Range<Int>) -> Column { sums(groups, type) }

    private func isLost(_ group: Int) -> Bool {
        state.overflows.base[group] != 0
            || !DecimalMath.fits(state.sums.base[group], precision: DataType.maximumDecimalPrecision)
    }

    private func sums(_ groups: Range<Int>, _ type: DataType) -> Column {
        guard case .decimal(let precision, _) = type else { return .null(type, count: groups.count) }
        let first = groups.lowerBound
        let fitted = { [state] (index: Int) -> Int128? in
            let group = first + index
            guard state.counts.base[group] > 0, state.overflows.base[group] == 0,
                DecimalMath.fits(state.sums.base[group], precision: precision)
            else { return nil }
            return state.sums.base[group]
        }
        let (data, mask) =
            type.physical == .int64
            ? ElementLoop.optional(groups.count, nil, empty: 0 as Int64) {
                fitted($0).map { Int64(truncatingIfNeeded: $0) }
            }
            : ElementLoop.optional(groups.count, nil, empty: 0 as Int128, fitted)
        return Column(type: type, count: groups.count, validity: mask, data: data)
    }
}
