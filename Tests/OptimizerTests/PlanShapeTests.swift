import HoneyCatalog
import HoneyCore
import HoneyOptimizer
import HoneyPlan
import Testing

struct PlanShapeTests {
    let maker = PlanMaker()
    let catalog = TestCatalog(sizes: ["r": 1_000_000, "s": 10_000, "t": 100])

    private func optimized(_ plan: LogicalPlan) throws -> LogicalPlan { try catalog.optimizer.optimize(plan) }

    @Test func scansReadOnlyWhatIsUsed() throws {
        let r = maker.scan("r", "a", "b", "c")
        let plan = try optimized(maker.project(r.filtered(.op("=", r[1], .int(1))), r[0]))
        #expect(plan.scans.first?.columns.map(\.reference.name) == ["a", "b"])
        let counted = try optimized(maker.aggregate(r, [AggregateCall("count", [], type: .bigint)]))
        #expect(counted.scans.first?.columns.isEmpty == true)
    }

    @Test func aggregatesThatNothingReadsAreDropped() throws {
        let r = maker.scan("r", "a", "b")
        let grouped = maker.aggregate(
            r, by: [r[0]], [AggregateCall("sum", [r[1]], type: .int), AggregateCall("max", [r[0]], type: .int)])
        let plan = try optimized(maker.project(grouped, grouped[2]))
        #expect(plan.scans.first?.columns.map(\.reference.name) == ["a"])
    }

    @Test func unionsKeepTheirInputsAlike() throws {
        let inputs = ["r", "s"].map { maker.scan($0, "a", "b", "c") }
        let union = LogicalPlan.union(
            Union(
                inputs: inputs,
                columns: inputs[0].output.map { ColumnReference(id: maker.ids.make(), name: $0.name, type: $0.type) }))
        let plan = try optimized(maker.project(union.filtered(.op("=", union[2], .int(1))), union[1]))
        for case .union(let node) in plan.nodes {
            #expect(node.inputs.allSatisfy { $0.output.count == node.columns.count })
        }
        #expect(plan.scans.map { $0.columns.map(\.reference.name) } == [["b", "c"], ["b", "c"]])
        #expect(plan.scans.allSatisfy { $0.filters.count == 1 })
    }

    @Test func outputsKeepIdentityNameAndOrder() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let plan = s.joined(.inner, r, .op("=", r[0], s[0]))
        let result = try optimized(plan)
        #expect(result.output == plan.output)
        #expect(result.output.map(\.name) == plan.output.map(\.name))
        #expect(result.joins.first?.right.scan(of: "s") != nil, "the smaller side is on the right")
    }

    @Test func sortsKeepOnlyTheRowsOfTheirLimit() throws {
        let r = maker.scan("r", "a", "b")
        let sorted = LogicalPlan.sort(Sort(input: r, keys: [Sort.Key(r[0], nullsFirst: true)]))
        if case .sort(let sort) = try optimized(.limit(Limit(input: sorted, count: 5))) {
            #expect(sort.limit == 5)
        } else {
            Issue.record("a sort is expected")
        }
        let skipping = try optimized(.limit(Limit(input: sorted, count: 5, offset: 2)))
        #expect(skipping.nodes.contains { if case .sort(let sort) = $0 { sort.limit == 7 } else { false } })
        if case .limit(let limit) = skipping { #expect(limit.offset == 2) } else { Issue.record("\(skipping)") }
    }

    @Test func limitsReachTheInputsOfUnions() throws {
        let inputs = ["r", "s"].map { maker.scan($0, "a") }
        let union = LogicalPlan.union(
            Union(inputs: inputs, columns: [ColumnReference(id: maker.ids.make(), name: "a", type: .int)]))
        let plan = try optimized(.limit(Limit(input: union, count: 3)))
        #expect(plan.nodes.filter { if case .limit(let limit) = $0 { limit.count == 3 } else { false } }.count == 3)
    }

    @Test func sortsThatNothingSeesAreDropped() throws {
        let r = maker.scan("r", "a", "b")
        let sorted = LogicalPlan.sort(Sort(input: r, keys: [Sort.Key(r[0], nullsFirst: true)]))
        let counted = maker.aggregate(sorted, by: [r[1]], [AggregateCall("count", [], type: .bigint)])
        let isSort = { (plan: LogicalPlan) in if case .sort = plan { true } else { false } }
        #expect(try !optimized(counted).nodes.contains(where: isSort))
        let collected = maker.aggregate(sorted, by: [r[1]], [AggregateCall("collect_list", [r[0]], type: .array(.int))])
        #expect(try optimized(collected).nodes.contains(where: isSort))
    }

    @Test func removingDuplicatesTwiceIsOnce() throws {
        let r = maker.scan("r", "a", "b")
        let once = maker.aggregate(r, by: [r[0], r[1]], [])
        let twice = maker.aggregate(once, by: [once[0], once[1]], [])
        #expect(try optimized(twice).nodes.filter { if case .aggregate = $0 { true } else { false } }.count == 1)
    }

    @Test func chainsOfCommaJoinsAreOrderedWithoutCrossProducts() throws {
        // Written so that the first two tables have nothing in common.
        let r = maker.scan("r", "id", "s_id")
        let t = maker.scan("t", "id", "name")
        let s = maker.scan("s", "id", "t_id")
        let plan = r.joined(.inner, t).joined(.inner, s).filtered(
            .op(
                "and", .op("=", r[1], s[0]), .op("=", s[1], t[0]),
                .op("=", t[1], .int(1))))
        let result = try optimized(plan)
        #expect(result.joins.count == 2)
        #expect(result.joins.allSatisfy { $0.condition != nil })
        // The big table is probed with everything else.
        #expect(result.joins[0].left.scan(of: "r") != nil)
        #expect(result.joins[0].right.scan(of: "s") != nil)
    }

    @Test func semiJoinsGoWhereTheyDropRowsEarly() throws {
        let r = maker.scan("r", "id", "s_id")
        let s = maker.scan("s", "id", "name")
        let t = maker.scan("t", "id", "name")
        let few = maker.project(t.filtered(.op("=", t[1], .int(1))), t[0])
        let plan = try optimized(
            r.joined(.inner, s, .op("=", r[1], s[0])).filtered(.membership(s[0], of: few)))
        let top = try #require(plan.joins.first)
        #expect(top.kind == .inner)
        #expect(top.right.joins.map(\.kind) == [.semi])
    }

    @Test func manyRelationsAreOrderedGreedily() throws {
        let scans = (0..<14).map { maker.scan($0 == 7 ? "r" : "t", "id", "next_id") }
        var plan = scans[0]
        for scan in scans.dropFirst() { plan = plan.joined(.inner, scan) }
        let links = (1..<14).map { Expression.op("=", scans[$0 - 1][1], scans[$0][0]) }
        let result = try optimized(plan.filtered(.call(Call("and", links, type: .boolean))))
        #expect(result.joins.count == 13)
        #expect(result.joins.allSatisfy { $0.condition != nil })
        #expect(result.output == plan.output)
    }

    @Test func estimatesFollowTheSizesOfTables() throws {
        let r = maker.scan("r", "id", "s_id")
        let s = maker.scan("s", "id", "name")
        #expect(catalog.optimizer.estimate(r) == 1_000_000)
        #expect(catalog.optimizer.estimate(r.joined(.inner, s, .op("=", r[1], s[0]))) == 1_000_000)
        #expect(catalog.optimizer.estimate(maker.scan("unknown", "a")) == nil)
    }

    @Test func traceTellsWhichRulesChangedThePlan() throws {
        let r = maker.scan("r", "a", "b")
        let trace = try catalog.optimizer.traced(r.filtered(.op("=", r[0], .int(1)))).trace
        #expect(trace.map(\.rule) == ["predicate pushdown"])
    }
}
