import HoneyCatalog
import HoneyCore
import HoneyPlan

/// What is believed of a node's rows.
struct RelationProfile {
    var rows: Double
    var columns: [ColumnID: ColumnProfile]
}

/// Estimates how many rows plans give, from statistics where there are some and by the rules written here where not.
final class CardinalityEstimator {
    private let statistics: any StatisticsProvider
    private var known: [Scan: TableStatistics] = [:]

    /// Rows of a table of which nothing is known.
    static let defaultTableRows = 100_000.0

    init(statistics: any StatisticsProvider) { self.statistics = statistics }

    func rows(of plan: LogicalPlan) -> Double { profile(of: plan).rows }

    /// Tells whether the sizes of all tables in the plan are known.
    func knowsTables(of plan: LogicalPlan) -> Bool {
        if case .scan(let scan) = plan { return tableStatistics(scan).rowCount != nil }
        return plan.children.allSatisfy(knowsTables)
    }

    func profile(of plan: LogicalPlan) -> RelationProfile {
        switch plan {
        case .scan(let scan): return profile(of: scan)
        case .values(let values): return derived(Double(values.rows.count), values.columns)
        case .filter(let filter):
            var result = profile(of: filter.input)
            result.rows *= Selectivity(columns: result.columns).of(filter.predicate.conjuncts)
            return result
        case .project(let project):
            let input = profile(of: project.input)
            return RelationProfile(rows: input.rows, columns: profiles(of: project.outputs, input))
        case .aggregate(let aggregate): return profile(of: aggregate)
        case .join(let join): return profile(of: join)
        case .sort(let sort): return limited(profile(of: sort.input), sort.limit)
        case .limit(let limit): return limited(profile(of: limit.input), limit.count)
        case .union(let union):
            return derived(union.inputs.reduce(0) { $0 + rows(of: $1) }, union.columns)
        case .write(let write): return derived(1, write.columns)
        }
    }

    private func derived(_ rows: Double, _ columns: [ColumnReference]) -> RelationProfile {
        RelationProfile(
            rows: rows,
            columns: Dictionary(
                columns.map { ($0.id, ColumnProfile(sourceRows: rows, type: $0.type)) }, uniquingKeysWith: { a, _ in a }
            ))
    }

    private func limited(_ profile: RelationProfile, _ limit: Int?) -> RelationProfile {
        var result = profile
        if let limit { result.rows = min(result.rows, Double(limit)) }
        return result
    }

    private func profiles(of outputs: [NamedExpression], _ input: RelationProfile) -> [ColumnID: ColumnProfile] {
        var result: [ColumnID: ColumnProfile] = [:]
        for output in outputs {
            let source = output.expression.columnReference.flatMap { input.columns[$0.id] }
            result[output.id] = source ?? ColumnProfile(sourceRows: input.rows, type: output.expression.type)
        }
        return result
    }

    // MARK: Tables

    private func tableStatistics(_ scan: Scan) -> TableStatistics {
        var key = scan
        key.filters = []
        key.columns = []
        if let found = known[key] { return found }
        // Not knowing is no reason to fail.
        let found = (try? statistics.statistics(of: scan.table, partitions: scan.partitions)) ?? TableStatistics()
        known[key] = found
        return found
    }

    private func profile(of scan: Scan) -> RelationProfile {
        let table = tableStatistics(scan)
        let rows = max(table.rowCount ?? CardinalityEstimator.defaultTableRows, 1)
        var columns: [ColumnID: ColumnProfile] = [:]
        for column in scan.columns {
            var profile = ColumnProfile(sourceRows: rows, type: column.reference.type)
            if case .table(let index) = column.source, scan.table.columns.indices.contains(index),
                let found = table.columns[scan.table.columns[index].name]
            {
                profile.distinctCount = found.distinctCount
                profile.minimum = found.minimum?.position(in: column.reference.type)
                profile.maximum = found.maximum?.position(in: column.reference.type)
            }
            columns[column.reference.id] = profile
        }
        return RelationProfile(rows: rows * Selectivity(columns: columns).of(scan.filters), columns: columns)
    }

    // MARK: Groups

    /// As many groups as combinations of values, but fewer than rows.
    private func profile(of aggregate: Aggregate) -> RelationProfile {
        let input = profile(of: aggregate.input)
        let groups = profiles(of: aggregate.groups, input)
        var combinations = 1.0
        for profile in groups.values { combinations = min(combinations * profile.distinctGuess, 1e18) }
        let rows = aggregate.groups.isEmpty ? 1 : max(1, min(combinations, input.rows))
        var columns = groups
        for (id, profile) in groups { columns[id]?.sourceRows = min(profile.sourceRows, max(rows, 2)) }
        for item in aggregate.aggregates { columns[item.id] = ColumnProfile(sourceRows: rows, type: item.call.type) }
        let sets = Double(aggregate.groupingSets?.count ?? 1)
        return RelationProfile(rows: rows * sets, columns: columns)
    }

    // MARK: Joins

    private func profile(of join: Join) -> RelationProfile {
        let left = profile(of: join.left)
        let right = profile(of: join.right)
        var columns = left.columns.merging(right.columns) { first, _ in first }
        let rows = rows(of: join, left, right, columns)
        // After the join both keys range over the same values.
        if join.kind == .inner {
            for (a, b) in join.keyPairs {
                guard let x = columns[a], let y = columns[b] else { continue }
                let domain = ColumnProfile.domain([x, y])
                columns[a]?.sourceRows = min(x.sourceRows, max(domain, 1))
                columns[b]?.sourceRows = min(y.sourceRows, max(domain, 1))
            }
        }
        if let mark = join.markColumn { columns[mark.id] = ColumnProfile(sourceRows: rows, type: .boolean) }
        return RelationProfile(rows: rows, columns: columns)
    }

    private func rows(
        of join: Join, _ left: RelationProfile, _ right: RelationProfile, _ columns: [ColumnID: ColumnProfile]
    ) -> Double {
        let matches = matches(join.ownConditions, left.rows, right.rows, columns)
        switch join.kind {
        case .inner: return matches
        case .left: return max(matches, left.rows)
        case .right: return max(matches, right.rows)
        case .full: return max(matches, left.rows + right.rows)
        case .single, .mark: return left.rows
        case .semi, .anti, .nullAwareAnti:
            return left.rows * keptFraction(join.kind, join.ownConditions, right.rows, columns)
        }
    }

    /// |L| · |R| · selectivity of the conditions.
    func matches(
        _ conditions: [Expression], _ left: Double, _ right: Double, _ columns: [ColumnID: ColumnProfile]
    ) -> Double {
        var keys: [(ColumnProfile, ColumnProfile)] = []
        var others: [Expression] = []
        for condition in conditions {
            if let (a, b) = condition.keyColumns, let x = columns[a], let y = columns[b] {
                keys.append((x, y))
            } else {
                others.append(condition)
            }
        }
        let domain = ColumnProfile.combinedDomain(keys.map { ($0, $1, ColumnProfile.domain([$0, $1])) })
        let selectivity = Selectivity(columns: columns).of(others)
        return max(left * right * selectivity / domain, 1e-6)
    }

    /// Which part of the left rows a semi or anti join keeps: the part of the keys' values that the right side has.
    func keptFraction(
        _ kind: Join.Kind, _ conditions: [Expression], _ right: Double, _ columns: [ColumnID: ColumnProfile]
    ) -> Double {
        var domain = 1.0
        for condition in conditions {
            guard let (a, b) = condition.keyColumns, let x = columns[a], let y = columns[b] else { continue }
            domain = max(domain, ColumnProfile.domain([x, y]))
        }
        let found = domain > 1 ? min(0.9, max(0.001, right / domain)) : 0.5
        return kind == .semi ? found : max(0.1, 1 - found)
    }
}

extension Expression {
    /// The columns of `a = b` or `a <=> b`.
    var keyColumns: (ColumnID, ColumnID)? {
        guard let comparison = Comparison(self), comparison.isEquality, let a = comparison.left.columnReference,
            let b = comparison.right.columnReference
        else { return nil }
        return (a.id, b.id)
    }
}

extension Join {
    var keyPairs: [(ColumnID, ColumnID)] { ownConditions.compactMap(\.keyColumns) }
}
