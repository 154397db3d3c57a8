import HoneyCore
import HoneyPlan

/// The fractions that a percentile call asks for: one, or an array of them.
struct Fractions {
    private(set) var values: [Double]?

    /// Takes the fractions from a column of doubles or arrays of doubles, unless they are known already.
    mutating func take(from column: Column, rows: GroupedRows) throws {
        guard values == nil, rows.count > 0 else { return }
        let row = rows.selection.map { $0[0] } ?? 0
        guard !column.isNull(at: row) else { return }
        let stored = column.storedIndex(row)
        let found: [Double]
        if column.physical == .list {
            let range = column.values(as: ListEntry.self)[stored].range
            found = range.map { column.children[0].values(as: Double.self)[column.children[0].storedIndex($0)] }
        } else {
            found = [column.values(as: Double.self)[stored]]
        }
        if let wrong = found.first(where: { !(0...1).contains($0) }) {
            throw HoneyError(.semantic, "BAD_FRACTION", "percentile fraction is not between 0 and 1: \(wrong)")
        }
        values = found
    }

    /// The fractions as a partial state, the same in every row.
    func column(_ count: Int) -> Column {
        let value = values.map { Value.array($0.map { .real($0) }) } ?? .null
        return .constant(value, type: .array(.double), count: count).flattened()
    }

    /// Makes results of what a body computes of a group and a fraction; nil for a group without values.
    func results(_ groups: Range<Int>, _ type: DataType, _ body: (Int, Double) -> Double?) -> Column {
        let builder = ColumnBuilder(type, capacity: groups.count)
        for group in groups {
            let found = (values ?? []).map { body(group, $0) }
            if found.isEmpty || found.contains(nil) {
                builder.appendNull()
            } else if type.isComplex {
                for value in found { builder.children[0].append(value ?? 0) }
                builder.appendList(elementCount: found.count)
            } else {
                builder.append(found[0] ?? 0)
            }
        }
        return builder.finish()
    }
}

/// The exact percentile of integers, between two of them in proportion.
final class PercentileAccumulator: Accumulator {
    private var values = GroupedValues(.bigint)
    private var fractions = Fractions()
    private let type: DataType

    init(_ type: DataType) { self.type = type }

    func reserve(groupCount: Int) { values.reserve(groupCount) }
    var memoryBytes: Int { values.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) throws {
        try fractions.take(from: arguments[1], rows: rows)
        values.append(arguments[0], rows)
    }

    func merge(_ partials: [Column], rows: GroupedRows) throws {
        try fractions.take(from: partials[1], rows: rows)
        values.appendElements(of: partials[0], rows)
    }

    func partials(_ groups: Range<Int>) -> [Column] {
        let (sorted, counts) = values.sorted(groups)
        return [.arrays(of: sorted, counts: counts, type: .array(.bigint)), fractions.column(groups.count)]
    }

    func results(_ groups: Range<Int>) -> Column {
        let (column, counts) = values.sorted(groups)
        let numbers = column.values(as: Int64.self)
        var lists: [[Int64]] = []
        var start = 0
        withExtendedLifetime(column) {
            for count in counts {
                lists.append(UnsafeBufferPointer(start: numbers + start, count: count).sorted())
                start += count
            }
        }
        return fractions.results(groups, type) { group, fraction in
            let list = lists[group - groups.lowerBound]
            guard !list.isEmpty else { return nil }
            let position = Double(list.count - 1) * fraction
            let lower = Int(position.rounded(.down))
            let upper = Int(position.rounded(.up))
            if lower == upper || list[lower] == list[upper] { return Double(list[lower]) }
            return (Double(upper) - position) * Double(list[lower]) + (position - Double(lower)) * Double(list[upper])
        }
    }
}

extension HiveFunctions {
    static let percentiles: [any AggregateFunction] = [
        SimpleAggregate(
            "percentile", usage: "percentile(integer, fraction or array of fractions)",
            summary: "Gives the exact percentile of integers, in proportion between two of them.",
            example: ("select percentile(x, 0.5) from (select 1 x union all select 2) t", "1.5")
        ) { arguments in
            guard let types = arguments.types(2), types[0].isInteger || types[0] == .void,
                let shape = fractionShape(types[1])
            else { return nil }
            return AggregateSignature(
                [.bigint, shape], partial: [.array(.bigint), .array(.double)], result: shape)
        } accumulator: { site in
            PercentileAccumulator(site.result)
        },
        SimpleAggregate(
            "percentile_approx", usage: "percentile_approx(number, fraction or array of fractions[, bins])",
            summary: "Gives an approximate percentile from a histogram of at most so many bins, 10000 unless told.",
            example: ("select percentile_approx(x, 0.5) from (select 1.0 x union all select 2.0) t", "1.0")
        ) { arguments in
            guard arguments.count == 2 || arguments.count == 3,
                arguments[0].type.isNumeric || arguments[0].type.isText || arguments[0].type == .void,
                let shape = fractionShape(arguments[1].type)
            else { return nil }
            let bins: [DataType] = arguments.count == 3 ? [.int] : []
            return AggregateSignature(
                [.double, shape] + bins, partial: [.array(.double), .array(.double), .int], result: shape)
        } accumulator: { site in
            HistogramAccumulator(.percentile, site.result)
        },
        SimpleAggregate(
            "histogram_numeric", usage: "histogram_numeric(number, bins)",
            summary: "Gives an approximate histogram as an array of centres and heights.",
            example: (
                "select histogram_numeric(x, 2) from (select 1 x union all select 2) t",
                #"[{"x":1.0,"y":1.0},{"x":2.0,"y":1.0}]"#
            )
        ) { arguments in
            guard let types = arguments.types(2), types[0].isNumeric || types[0].isText || types[0] == .void,
                types[1].isInteger
            else { return nil }
            return AggregateSignature(
                [.double, .int], partial: [.array(.double), .array(.double), .int],
                result: .array(.structure([Field("x", .double), Field("y", .double)])))
        } accumulator: { site in
            HistogramAccumulator(.histogram, site.result)
        },
    ]

    /// Double for one fraction, array of double for several.
    private static func fractionShape(_ type: DataType) -> DataType? {
        if case .array(let element) = type { return element.isNumeric ? .array(.double) : nil }
        return type.isNumeric ? .double : nil
    }
}
