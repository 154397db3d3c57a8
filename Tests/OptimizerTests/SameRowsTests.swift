import HoneyCore
import HoneyOptimizer
import HoneyPlan
import Testing

/// Optimized plans against the reference interpreter.
struct SameRowsTests {
    @Test(arguments: 0..<8)
    func optimizedRandomPlansGiveTheSameRows(_ part: Int) throws {
        var compared = 0
        for number in 0..<30 {
            let seed = UInt64(part * 1_000_000 + number)
            if try check(seed: seed) { compared += 1 }
        }
        // Most random plans can be run; those that cannot have scalar subqueries of several rows.
        #expect(compared > 12)
    }

    /// False when the plan has no rows to compare, because it fails by its own fault.
    private func check(seed: UInt64) throws -> Bool {
        var random = RandomPlans(seed: seed)
        let tables = random.tables()
        let plan = random.relation(4)
        let interpreter = ReferenceInterpreter(tables: tables)
        let catalog = TestCatalog(rows: tables)
        let expected: [[Value]]
        do { expected = try interpreter.run(plan) } catch { return false }
        let result: (plan: LogicalPlan, trace: [RuleApplication])
        do { result = try catalog.optimizer.traced(plan) } catch let error as HoneyError where error.kind == .semantic {
            return false
        }
        let optimized = result.plan
        #expect(optimized.output == plan.output, "seed \(seed)")
        #expect(optimized.output.map(\.name) == plan.output.map(\.name), "seed \(seed)")
        let actual: [[Value]]
        do { actual = try interpreter.run(optimized) } catch is ReferenceInterpreter.TooLong {
            return false
        } catch is ReferenceInterpreter.TooManyRows {
            // A scalar subquery is now computed for outer rows that a condition above would have dropped.
            return false
        } catch {
            Issue.record("seed \(seed): \(error)\n\(faultyRule(result.trace, interpreter, expected))")
            return true
        }
        if !same(actual, expected) {
            Issue.record(
                "seed \(seed): \(actual) instead of \(expected)\n\(faultyRule(result.trace, interpreter, expected))")
        }
        for join in optimized.joins {
            #expect(Set(join.left.output.map(\.id)).isDisjoint(with: join.right.output.map(\.id)), "seed \(seed)")
        }
        return true
    }

    private func same(_ a: [[Value]], _ b: [[Value]]) -> Bool {
        a.map { "\($0)" }.sorted() == b.map { "\($0)" }.sorted()
    }

    private func faultyRule(
        _ trace: [RuleApplication], _ interpreter: ReferenceInterpreter, _ expected: [[Value]]
    ) -> String {
        for step in trace {
            guard let rows = try? interpreter.run(step.plan), same(rows, expected) else { return "by \(step.rule)" }
        }
        return "at the end"
    }
}
