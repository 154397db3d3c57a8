import HoneyCore
import HoneyPlan

/// What candidate pairs must pass besides equal keys.
final class JoinResidual {
    private let condition: CompiledExpressions
    private let probeCount: Int
    private let usedProbe: [Int]
    private let usedBuild: [Int]

    init(
        _ condition: Expression, probe: [ColumnReference], build: [ColumnReference], in context: EvaluationContext
    ) throws {
        let used = condition.referencedColumns
        usedProbe = probe.indices.filter { used.contains(probe[$0].id) }
        usedBuild = build.indices.filter { used.contains(build[$0].id) }
        probeCount = usedProbe.count
        self.condition = try CompiledExpressions(
            [condition], over: usedProbe.map { probe[$0] } + usedBuild.map { build[$0] }, in: context)
    }

    /// The pairs whose condition is true (nil: all), and those whose condition is null.
    func test(
        _ pairs: JoinCandidates, probe: Batch, build: [Column], wantsUnknown: Bool
    ) throws -> (passed: Selection?, unknown: Selection?) {
        let count = pairs.count
        let columns =
            usedProbe.map { probe.columns[$0].gathered(pairs.probeRows, count: count) }
            + usedBuild.map { build[$0].gathered(pairs.buildRows, count: count) }
        let outcome = try condition.evaluate(columns, count: count)[0]
        let values = outcome.values(as: UInt8.self)
        let passed = SelectionLoop.select(outcome, count: count, among: nil) { values[$0] != 0 }
        var unknown: Selection?
        if wantsUnknown, outcome.mayHaveNulls {
            unknown = Selection(capacity: count) { target in
                var found = 0
                for pair in 0..<count where outcome.isNull(at: pair) {
                    target[found] = Int32(truncatingIfNeeded: pair)
                    found += 1
                }
                return found
            }
        }
        return (passed.count == count ? nil : passed, unknown)
    }
}

/// Finds the probe rows whose condition is null for some build row although the hash table has no such pair: where a key
/// is null on either side. (Pairs with equal keys and a null residual are seen on the way.)
final class JoinUnknowns {
    private let isPlain: Bool
    private let condition: JoinResidual?

    init(
        _ join: HashJoin, probe: [ColumnReference], build: [ColumnReference], in context: EvaluationContext
    ) throws {
        isPlain = join.keys.count == 1 && join.residual == nil
        guard !join.keys.isEmpty, !isPlain else {
            condition = nil
            return
        }
        let equalities = join.keys.map { key in
            Expression.call(
                Call(
                    key.isNullSafe ? Expression.Operator.identical : Expression.Operator.equal, [key.probe, key.build],
                    type: .boolean))
        }
        let whole = Expression.conjunction(equalities + (join.residual.map { [$0] } ?? []))!
        condition = try JoinResidual(whole, probe: probe, build: build, in: context)
    }

    func find(
        table: JoinTable, keys: KeyEncoder, batch: Batch, matched: [UInt8], unknown: inout [UInt8],
        candidates: JoinCandidates
    ) throws {
        guard table.rowCount > 0, keys.hasRejected || !table.nullRows.isEmpty else { return }
        var pairs: [(probe: Int32, build: Int32)] = []
        for position in 0..<batch.rowCount {
            let row = batch.selection.map { $0[position] } ?? position
            if matched[row] != 0 || unknown[row] != 0 { continue }
            let isRejected = keys.hasRejected && keys.rejected[position] != 0
            if isPlain {
                if isRejected || !table.nullRows.isEmpty { unknown[row] = 1 }
                continue
            }
            guard let condition else { continue }
            func test() throws {
                var start = 0
                while start < pairs.count {
                    let end = min(start + JoinCandidates.capacity, pairs.count)
                    candidates.set(pairs[start..<end])
                    let (_, unsure) = try condition.test(
                        candidates, probe: batch, build: table.columns, wantsUnknown: true)
                    if let unsure {
                        for pair in 0..<unsure.count { unknown[Int(candidates.probeRows[unsure[pair]])] = 1 }
                    }
                    start = end
                }
                pairs.removeAll(keepingCapacity: true)
            }
            let probe = Int32(truncatingIfNeeded: row)
            if isRejected {
                for build in 0..<table.rowCount {
                    pairs.append((probe, Int32(truncatingIfNeeded: build)))
                    if pairs.count == JoinCandidates.capacity { try test() }
                }
            } else {
                for build in table.nullRows { pairs.append((probe, build)) }
            }
            try test()
        }
    }
}
