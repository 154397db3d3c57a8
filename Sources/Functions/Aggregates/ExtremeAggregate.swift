import HoneyCore
import HoneyPlan

/// Keeps the least or greatest value of a fixed width.
final class ExtremeAccumulator<T: BitwiseCopyable>: Accumulator {
    /// Replaces values by better ones; made for one type by a generic function, which is specialized.
    typealias Loop = (Column, GroupedRows, UnsafeMutablePointer<T>, UnsafeMutablePointer<UInt8>) -> Void

    private let values: GroupStates<T>
    private let filled = GroupStates<UInt8>(0)
    private let type: DataType
    private let take: Loop

    init(_ type: DataType, zero: T, _ take: @escaping Loop) {
        self.type = type
        self.take = take
        values = GroupStates(zero)
    }

    func reserve(groupCount: Int) {
        values.reserve(groupCount)
        filled.reserve(groupCount)
    }

    var memoryBytes: Int { values.memoryBytes + filled.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) { take(arguments[0], rows, values.base, filled.base) }
    func merge(_ partials: [Column], rows: GroupedRows) { update(partials, rows: rows) }
    func partials(_ groups: Range<Int>) -> [Column] { [results(groups)] }
    func results(_ groups: Range<Int>) -> Column { values.column(type, groups, validity: filled.mask(groups)) }
}

/// Makes accumulators of least and greatest values for each type, with loops of their own.
private enum Extremes {
    @inline(__always)
    static func make<T: Comparable & BitwiseCopyable>(
        _ type: DataType, isMaximum: Bool, zero: T
    ) -> any Accumulator {
        isMaximum
            ? ExtremeAccumulator(type, zero: zero, loop { (a: T, b: T) in a > b })
            : ExtremeAccumulator(type, zero: zero, loop { (a: T, b: T) in a < b })
    }

    /// NaN is greater than every number.
    @inline(__always)
    static func makeReal<T: BinaryFloatingPoint & BitwiseCopyable>(
        _ type: DataType, isMaximum: Bool, zero: T
    ) -> any Accumulator {
        isMaximum
            ? ExtremeAccumulator(type, zero: zero, loop { (a: T, b: T) in a > b || a != a })
            : ExtremeAccumulator(type, zero: zero, loop { (a: T, b: T) in a < b || b != b })
    }

    @inline(__always)
    private static func loop<T: BitwiseCopyable>(
        _ isBetter: @escaping (T, T) -> Bool
    ) -> ExtremeAccumulator<T>.Loop {
        { column, rows, values, filled in
            let source = column.values(as: T.self)
            rows.forEach(in: column) { group, row in
                let value = source[row]
                if filled[group] == 0 || isBetter(value, values[group]) {
                    values[group] = value
                    filled[group] = 1
                }
            }
        }
    }
}

/// Keeps the least or greatest text, in bytes of its own.
final class TextExtremeAccumulator: Accumulator {
    private let values = GroupStates<BytesView>(BytesView())
    private let filled = GroupStates<UInt8>(0)
    private let type: DataType
    private let isMaximum: Bool
    private var arena = BytesArena()
    /// Bytes in the arena that some group still needs.
    private var liveBytes = 0

    init(_ type: DataType, isMaximum: Bool) {
        self.type = type
        self.isMaximum = isMaximum
    }

    func reserve(groupCount: Int) {
        values.reserve(groupCount)
        filled.reserve(groupCount)
    }

    var memoryBytes: Int { values.memoryBytes + filled.memoryBytes + arena.allocatedBytes }

    func update(_ arguments: [Column], rows: GroupedRows) {
        let source = arguments[0].values(as: BytesView.self)
        rows.forEach(in: arguments[0]) { group, row in
            if filled.base[group] != 0 {
                let order = BytesView.compare(source[row], values.base[group])
                if isMaximum ? order <= 0 : order >= 0 { return }
                if !values.base[group].isInline { liveBytes -= values.base[group].count }
            }
            if !source[row].isInline { liveBytes += source[row].count }
            values.base[group] = arena.insert(source[row])
            filled.base[group] = 1
        }
        if arena.allocatedBytes > 4 * liveBytes + (1 << 20) { compact() }
    }

    private func compact() {
        var fresh = BytesArena(firstBlockBytes: max(4096, liveBytes))
        for group in 0..<values.count { values.base[group] = fresh.insert(values.base[group]) }
        arena = fresh
    }

    func merge(_ partials: [Column], rows: GroupedRows) { update(partials, rows: rows) }
    func partials(_ groups: Range<Int>) -> [Column] { [results(groups)] }

    func results(_ groups: Range<Int>) -> Column {
        let column = values.column(type, groups, validity: filled.mask(groups))
        return Column(
            type: type, count: column.count, validity: column.validity, data: column.data, owners: arena.blocks)
    }
}

/// Keeps the least or greatest value with parts, as a column of one row.
final class NestedExtremeAccumulator: Accumulator {
    private var values: [Column?] = []
    private let type: DataType
    private let isMaximum: Bool

    init(_ type: DataType, isMaximum: Bool) {
        self.type = type
        self.isMaximum = isMaximum
    }

    func reserve(groupCount: Int) {
        if groupCount > values.count { values += [Column?](repeating: nil, count: groupCount - values.count) }
    }

    var memoryBytes: Int { values.reduce(0) { $0 + 16 + ($1?.memoryBytes ?? 0) } }

    func update(_ arguments: [Column], rows: GroupedRows) {
        let column = arguments[0].flattened()
        rows.forEach(in: column) { group, row in
            if let best = values[group] {
                let order = RowOrder.compare(column, row, best, 0)
                if isMaximum ? order <= 0 : order >= 0 { return }
            }
            values[group] = Column.of(type, [column.value(at: row)])
        }
    }

    func merge(_ partials: [Column], rows: GroupedRows) { update(partials, rows: rows) }
    func partials(_ groups: Range<Int>) -> [Column] { [results(groups)] }
    func results(_ groups: Range<Int>) -> Column { .of(type, groups.map { values[$0]?.value(at: 0) ?? .null }) }
}

extension HiveFunctions {
    static let minimum = extreme(
        "min", isMaximum: false, "Gives the least value that is not null.",
        ("select min(x) from (select 'b' x union all select 'a') t", "a"))
    static let maximum = extreme(
        "max", isMaximum: true, "Gives the greatest value that is not null.",
        ("select max(x) from (select 'b' x union all select 'a') t", "b"))

    private static func extreme(
        _ name: String, isMaximum: Bool, _ summary: String, _ example: (String, String)
    ) -> SimpleAggregate {
        SimpleAggregate(name, usage: "\(name)(a)", summary: summary, example: example) { arguments in
            guard let type = arguments.types(1)?.first else { return nil }
            return AggregateSignature([type], partial: [type], result: type, ignoresDuplicates: true)
        } accumulator: { site in
            let type = site.arguments[0].type
            return switch type.physical {
            case .bool: Extremes.make(type, isMaximum: isMaximum, zero: 0 as UInt8)
            case .int8: Extremes.make(type, isMaximum: isMaximum, zero: 0 as Int8)
            case .int16: Extremes.make(type, isMaximum: isMaximum, zero: 0 as Int16)
            case .int32: Extremes.make(type, isMaximum: isMaximum, zero: 0 as Int32)
            case .int64: Extremes.make(type, isMaximum: isMaximum, zero: 0 as Int64)
            case .int128: Extremes.make(type, isMaximum: isMaximum, zero: 0 as Int128)
            case .float: Extremes.makeReal(type, isMaximum: isMaximum, zero: 0 as Float)
            case .double: Extremes.makeReal(type, isMaximum: isMaximum, zero: 0 as Double)
            case .bytes: TextExtremeAccumulator(type, isMaximum: isMaximum)
            case .list, .structure: NestedExtremeAccumulator(type, isMaximum: isMaximum)
            }
        }
    }
}
