import HoneyCore
import HoneyFunctions
import HoneyPlan
import Testing

/// Groups, selections, batches and merges must not change what an aggregate gives.
@Suite struct GroupingTests {
    static let calls: [(name: String, types: [DataType])] = [
        ("count", []), ("count", [.int]), ("count", [.int, .string]), ("sum", [.smallint]), ("sum", [.bigint]),
        ("sum", [.decimal(precision: 12, scale: 2)]), ("sum", [.decimal(precision: 26, scale: 4)]),
        ("sum", [.decimal(precision: 34, scale: 4)]), ("avg", [.int]), ("avg", [.decimal(precision: 12, scale: 2)]),
        ("avg", [.decimal(precision: 30, scale: 3)]), ("min", [.boolean]), ("max", [.tinyint]), ("min", [.double]),
        ("max", [.double]), ("max", [.float]), ("min", [.string]), ("max", [.string]), ("min", [.timestamp]),
        ("max", [.date]), ("max", [.array(.int)]), ("max", [.decimal(precision: 30, scale: 3)]),
        ("collect_list", [.string]), ("collect_set", [.smallint]), ("collect_set", [.array(.string)]),
    ]

    /// What an aggregate gives for the rows of one group, value by value.
    static func expected(_ name: String, _ rows: [[Value]], _ type: DataType, _ inputScale: Int) -> Value {
        let known = rows.filter { !$0.contains(.null) }
        let values = known.compactMap(\.first)
        func decimals() -> Int128 {
            values.reduce(0) { if case .decimal(let x) = $1 { $0 + x } else { $0 } }
        }
        switch name {
        case "count": return .integer(Int64(rows.first?.isEmpty ?? true ? rows.count : known.count))
        case "collect_list": return .array(values)
        case "collect_set":
            return .array(values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        case _ where values.isEmpty: return .null
        case "min": return values.dropFirst().reduce(values[0]) { ComparisonTests.order($1, $0) < 0 ? $1 : $0 }
        case "max": return values.dropFirst().reduce(values[0]) { ComparisonTests.order($1, $0) > 0 ? $1 : $0 }
        case "sum" where type.isDecimal: return .decimal(decimals())
        case "sum":
            return .integer(values.reduce(0) { if case .integer(let x) = $1 { $0 &+ x } else { $0 } })
        case "avg" where type.isDecimal:
            guard case .decimal(_, let scale) = type,
                let average = DecimalMath.divide(
                    decimals(), scale: inputScale, by: Int128(values.count), scale: 0, to: scale)
            else { return .null }
            return .decimal(average)
        default:
            let sum = values.reduce(0.0) { if case .integer(let x) = $1 { $0 + Double(x) } else { $0 } }
            return .real(sum / Double(values.count))
        }
    }

    @Test(arguments: calls.indices) func groupsAgreeWithTheirRows(index: Int) throws {
        let (name, types) = Self.calls[index]
        var random = RandomColumns()
        for round in 0..<12 {
            let call = try AggregateCall(name, types)
            let groupCount = round % 3 == 0 ? 1 : random.number(1...6)
            var rows = [[[Value]]](repeating: [], count: groupCount)
            var partials: [any Accumulator] = []
            for _ in 0..<3 {
                // Each part sees some batches, some with selections, the groups perhaps not told when there is one.
                let accumulator = try call.accumulator(groupCount)
                partials.append(accumulator)
                for _ in 0..<random.number(0...3) {
                    let count = random.number(1...100)
                    let columns = types.map { random.column($0, count) }
                    let isSelected = Bool.random(using: &random.generator)
                    let selected = isSelected ? (0..<count).filter { _ in random.number(0...2) > 0 } : Array(0..<count)
                    let groups = selected.map { _ in Int32(random.number(0...(groupCount - 1))) }
                    let omitsGroups = groupCount == 1 && Bool.random(using: &random.generator)
                    try call.update(
                        accumulator, columns, count: count, groups: omitsGroups ? nil : groups,
                        selected: isSelected ? selected.map { Int32($0) } : nil)
                    for (position, row) in selected.enumerated() {
                        rows[Int(groups[position])].append(columns.map { $0.value(at: row) })
                    }
                }
            }
            let total = try call.accumulator(groupCount)
            let order = (0..<groupCount).map { Int32($0) }
            for partial in partials {
                let states = try partial.partials(0..<groupCount)
                try order.withUnsafeBufferPointer {
                    try total.merge(states, rows: GroupedRows(count: groupCount, groups: $0.baseAddress))
                }
            }
            let result = try total.results(0..<groupCount)
            #expect(result.type == call.signature.result)
            let scale = if case .decimal(_, let scale)? = types.first { scale } else { 0 }
            for group in 0..<groupCount {
                let wanted = Self.expected(name, rows[group], result.type, scale)
                let found = result.value(at: group)
                #expect(
                    ComparisonTests.order(found, wanted) == 0,
                    "\(name)\(types): \(found) is not \(wanted), seed \(random.seed)")
            }
            // A range of groups is the same part of all of them.
            let some = try total.results(groupCount / 2..<groupCount)
            #expect(some.count == groupCount - groupCount / 2)
            #expect(
                zip(some.allValues, result.allValues[(groupCount / 2)...]).allSatisfy {
                    ComparisonTests.order($0, $1) == 0
                })
            if rows.contains(where: { $0.contains { !$0.contains(.null) } }) { #expect(total.memoryBytes > 0) }
        }
    }

    @Test(arguments: ["var_pop", "stddev_samp", "covar_pop", "corr", "percentile_approx"])
    func mergedStatisticsAreNearThoseOfOneRun(name: String) throws {
        var random = RandomColumns()
        let isPair = name == "covar_pop" || name == "corr"
        let types: [DataType] = isPair ? [.double, .double] : name.hasPrefix("perc") ? [.double, .double] : [.double]
        let call = try AggregateCall(name, types)
        func columns() -> [Column] {
            let x = (0..<50).map { _ in Value.real(Double(random.number(-100...100))) }
            let y = x.map { value -> Value in
                if case .real(let number) = value { .real(number * 2 + Double(random.number(-20...20))) } else { .null }
            }
            let second = isPair ? Column.of(.double, y) : Column.constant(.real(0.25), type: .double, count: 50)
            return types.count == 2 ? [.of(.double, x), second] : [.of(.double, x)]
        }
        let whole = try call.accumulator(1)
        let merged = try call.accumulator(1)
        for _ in 0..<4 {
            let batch = columns()
            let part = try call.accumulator(1)
            try call.update(whole, batch, count: 50, groups: nil)
            try call.update(part, batch, count: 50, groups: nil)
            try merged.merge(try part.partials(0..<1), rows: GroupedRows(count: 1))
        }
        guard
            case (.real(let a), .real(let b)) = (
                try whole.results(0..<1).value(at: 0), try merged.results(0..<1).value(at: 0)
            )
        else {
            Issue.record("no result of \(name), seed \(random.seed)")
            return
        }
        #expect((a - b).magnitude <= 1e-9 * max(1, a.magnitude), "\(name), seed \(random.seed)")
    }
}
