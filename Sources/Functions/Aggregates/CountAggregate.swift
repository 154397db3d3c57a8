import HoneyCore
import HoneyPlan

/// Counts rows, or those in which no argument is null.
final class CountAccumulator: Accumulator {
    private let counts = GroupStates<Int64>(0)

    func reserve(groupCount: Int) { counts.reserve(groupCount) }
    var memoryBytes: Int { counts.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) {
        if arguments.contains(where: \.isConstantNull) { return }
        let nullable = arguments.filter { $0.validity != nil && !$0.isConstant }
        let base = counts.base
        if nullable.isEmpty {
            guard let groups = rows.groups else { return base[0] += Int64(rows.count) }
            for position in 0..<rows.count { base[Int(groups[position])] &+= 1 }
        } else if nullable.count == 1 {
            if rows.groups == nil {
                base[0] += rows.fold(nullable[0], 0 as Int64, UInt8.self) { total, _ in total &+= 1 }
            } else {
                rows.forEach(in: nullable[0]) { group, _ in base[group] &+= 1 }
            }
        } else {
            for position in 0..<rows.count {
                let row = rows.selection.map { $0[position] } ?? position
                if nullable.contains(where: { $0.isNull(at: row) }) { continue }
                base[rows.groups.map { Int($0[position]) } ?? 0] &+= 1
            }
        }
    }

    func merge(_ partials: [Column], rows: GroupedRows) {
        let values = partials[0].values(as: Int64.self)
        let base = counts.base
        rows.forEach(in: partials[0]) { group, row in base[group] &+= values[row] }
    }

    func partials(_ groups: Range<Int>) -> [Column] { [counts.column(.bigint, groups)] }
    func results(_ groups: Range<Int>) -> Column { counts.column(.bigint, groups) }
}

extension HiveFunctions {
    static let count = SimpleAggregate(
        "count", usage: "count(*) or count(a, …)",
        summary: "Counts rows, or those in which no argument is null.",
        example: ("select count(*) from (select 1 union all select null) t", "2")
    ) { arguments in
        AggregateSignature(arguments.map(\.type), partial: [.bigint], result: .bigint)
    } accumulator: { _ in
        CountAccumulator()
    }
}
