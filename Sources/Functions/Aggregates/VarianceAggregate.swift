import HoneyCore
import HoneyPlan

/// Count, sum and sum of squared distances from the mean of each group, updated row by row and merged pairwise.
final class VarianceAccumulator: Accumulator {
    /// What is made of the moments.
    struct Statistic: Sendable {
        let isSample: Bool
        let isRoot: Bool
    }

    private let counts = GroupStates<Int64>(0)
    private let sums = GroupStates<Double>(0)
    private let squares = GroupStates<Double>(0)
    private let statistic: Statistic

    init(_ statistic: Statistic) { self.statistic = statistic }

    func reserve(groupCount: Int) {
        counts.reserve(groupCount)
        sums.reserve(groupCount)
        squares.reserve(groupCount)
    }

    var memoryBytes: Int { counts.memoryBytes + sums.memoryBytes + squares.memoryBytes }

    func update(_ arguments: [Column], rows: GroupedRows) {
        let values = arguments[0].values(as: Double.self)
        let counts = counts.base
        let sums = sums.base
        let squares = squares.base
        rows.forEach(in: arguments[0]) { group, row in
            let value = values[row]
            counts[group] &+= 1
            sums[group] += value
            let count = Double(counts[group])
            if counts[group] > 1 {
                let distance = count * value - sums[group]
                squares[group] += distance * distance / (count * (count - 1))
            }
        }
    }

    func merge(_ partials: [Column], rows: GroupedRows) {
        let otherCounts = partials[0].values(as: Int64.self)
        let otherSums = partials[1].values(as: Double.self)
        let otherSquares = partials[2].values(as: Double.self)
        rows.forEach(in: partials[0]) { group, row in
            let theirs = Double(otherCounts[row])
            guard theirs > 0 else { return }
            let ours = Double(counts.base[group])
            if ours == 0 {
                squares.base[group] = otherSquares[row]
            } else {
                let distance = (theirs / ours) * sums.base[group] - otherSums[row]
                squares.base[group] += otherSquares[row] + (ours / theirs) / (ours + theirs) * distance * distance
            }
            sums.base[group] += otherSums[row]
            counts.base[group] &+= otherCounts[row]
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] {
        [counts.column(.bigint, groups), sums.column(.double, groups), squares.column(.double, groups)]
    }

    func results(_ groups: Range<Int>) -> Column {
        let first = groups.lowerBound
        let (data, mask) = ElementLoop.optional(groups.count, nil, empty: 0.0) { index -> Double? in
            let count = counts.base[first + index]
            if count == 0 { return nil }
            // A single value has no spread, even as a sample.
            if count == 1 { return 0 }
            let variance = squares.base[first + index] / Double(statistic.isSample ? count - 1 : count)
            return statistic.isRoot ? variance.squareRoot() : variance
        }
        return Column(type: .double, count: groups.count, validity: mask, data: data)
    }
}

extension HiveFunctions {
    static let variances: [any AggregateFunction] = [
        variance(
            "var_pop", ["variance"], isSample: false, isRoot: false, "Gives the variance of a population.", "0.25"),
        variance("var_samp", [], isSample: true, isRoot: false, "Gives the variance of a sample.", "0.5"),
        variance(
            "stddev_pop", ["stddev", "std"], isSample: false, isRoot: true,
            "Gives the standard deviation of a population.", "0.5"),
        variance(
            "stddev_samp", [], isSample: true, isRoot: true, "Gives the standard deviation of a sample.",
            "0.7071067811865476"),
    ]

    private static func variance(
        _ name: String, _ aliases: [String], isSample: Bool, isRoot: Bool, _ summary: String, _ result: String
    ) -> any AggregateFunction {
        SimpleAggregate(
            name, aliases: aliases, usage: "\(name)(number)", summary: summary,
            example: ("select \(name)(x) from (select 1 x union all select 2) t", result)
        ) { arguments in
            guard let type = arguments.types(1)?.first, type.isNumeric || type.isText || type == .void else {
                return nil
            }
            return AggregateSignature([.double], partial: [.bigint, .double, .double], result: .double)
        } accumulator: { _ in
            VarianceAccumulator(VarianceAccumulator.Statistic(isSample: isSample, isRoot: isRoot))
        }
    }
}
