import HoneyCore
import HoneyOptimizer
import HoneyPlan
import Testing

/// The shapes that subqueries become; that their rows are right is `SameRowsTests`' matter.
struct SubqueryRemovalTests {
    let maker = PlanMaker()
    let catalog = TestCatalog(sizes: ["r": 1000, "s": 2000, "t": 500])

    private func kinds(_ plan: LogicalPlan) throws -> [Join.Kind] {
        try catalog.optimizer.optimize(plan).joins.map(\.kind)
    }

    @Test func correlatedExistsBecomesASemiJoin() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let inner = s.filtered(.op("and", .op("=", s[0], r[0]), .op("<>", s[1], r[1])))
        #expect(try kinds(r.filtered(.exists(inner))) == [.semi])
        #expect(try kinds(r.filtered(.exists(inner, not: true))) == [.anti])
        #expect(try kinds(r.filtered(.op("not", .exists(inner)))) == [.anti])
        let join = try #require(try catalog.optimizer.optimize(r.filtered(.exists(inner))).joins.first)
        #expect(join.condition?.conjuncts.count == 2)
    }

    @Test func notInBecomesANullAwareAntiJoin() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let values = maker.project(s, s[0])
        #expect(try kinds(r.filtered(.membership(r[0], of: values))) == [.semi])
        #expect(try kinds(r.filtered(.membership(r[0], of: values, not: true))) == [.nullAwareAnti])
    }

    @Test func correlatedConditionsOfNotInAreNeverNull() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let values = maker.project(s.filtered(.op("=", s[1], r[1])), s[0])
        let plan = try catalog.optimizer.optimize(r.filtered(.membership(r[0], of: values, not: true)))
        let join = try #require(plan.joins.first)
        #expect(join.condition?.conjuncts.first == .op("<=>", r[1], join.right[1]))
        #expect(plan.scan(of: "s")?.filters.count == 1)
    }

    @Test func subqueriesUnderOrBecomeMarks() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let condition = Expression.op("or", .op("=", r[0], .int(1)), .exists(s.filtered(.op("=", s[0], r[0]))))
        let joins = try catalog.optimizer.optimize(r.filtered(condition)).joins
        #expect(joins.count == 1)
        if case .mark? = joins.first?.kind {} else { Issue.record("\(joins)") }
    }

    @Test func correlatedAggregateIsGroupedByWhatCorrelates() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let total = maker.aggregate(
            s.filtered(.op("=", s[0], r[0])), [AggregateCall("sum", [s[1]], type: .int)])
        // The comparison drops rows without a group, so that the left join is an inner one.
        let plan = try catalog.optimizer.optimize(r.filtered(.op("<", r[1], .scalar(total))))
        #expect(plan.joins.map(\.kind) == [.inner])
        let aggregate = plan.nodes.compactMap { if case .aggregate(let node) = $0 { node } else { nil } }
        #expect(aggregate.first?.groups.map(\.expression) == [s[0]] || aggregate.first?.groups.count == 1)
    }

    @Test func countOfNoRowsIsZero() throws {
        let rows: [String: [[Value]]] = [
            "r": [[.integer(1), .integer(0)], [.integer(2), .integer(0)]], "s": [[.integer(1), .null]],
        ]
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let count = maker.aggregate(
            s.filtered(.op("=", s[0], r[0])), [AggregateCall("count", [s[0]], type: .bigint)])
        let plan = maker.project(r, r[0], .scalar(count))
        let optimized = try TestCatalog(rows: rows).optimizer.optimize(plan)
        let result = try ReferenceInterpreter(tables: rows).run(optimized)
        #expect(Set(result) == [[.integer(1), .integer(1)], [.integer(2), .integer(0)]])
    }

    @Test func uncorrelatedAggregateIsCrossed() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let largest = maker.aggregate(s, [AggregateCall("max", [s[1]], type: .int)])
        let joins = try catalog.optimizer.optimize(r.filtered(.op("<", r[1], .scalar(largest)))).joins
        #expect(joins.map(\.kind) == [.inner])
        #expect(joins.first?.right.scan(of: "s") != nil)
    }

    @Test func scalarSubqueryThatMayHaveSeveralRowsIsChecked() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let values = maker.project(s.filtered(.op("=", s[0], r[0])), s[1])
        #expect(try kinds(maker.project(r, .scalar(values))) == [.single])
    }

    @Test func limitsInsideExistsAreIgnored() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let inner = LogicalPlan.limit(Limit(input: s.filtered(.op("=", s[0], r[0])), count: 1))
        #expect(try kinds(r.filtered(.exists(inner))) == [.semi])
    }

    @Test func correlatedLimitsElsewhereAreRefused() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let inner = LogicalPlan.limit(Limit(input: maker.project(s.filtered(.op("=", s[0], r[0])), s[1]), count: 1))
        #expect(throws: HoneyError.self) { try catalog.optimizer.optimize(maker.project(r, .scalar(inner))) }
    }

    @Test func correlationThroughAUnionNeedsTheDomain() throws {
        let rows: [String: [[Value]]] = [
            "r": [[.integer(1), .integer(1)], [.null, .integer(2)], [.integer(3), .integer(3)]],
            "s": [[.integer(1), .null]], "t": [[.integer(3), .null]],
        ]
        let r = maker.scan("r", "a", "b")
        let parts = ["s", "t"].map { name in
            let part = maker.scan(name, "a", "b")
            return part.filtered(.op("=", part[0], r[0]))
        }
        let union = LogicalPlan.union(
            Union(
                inputs: parts,
                columns: parts[0].output.map { ColumnReference(id: maker.ids.make(), name: $0.name, type: $0.type) }))
        let plan = r.filtered(.exists(union))
        let optimized = try TestCatalog(rows: rows).optimizer.optimize(plan)
        #expect(Set(try ReferenceInterpreter(tables: rows).run(optimized)) == [rows["r"]![0], rows["r"]![2]])
    }
}
