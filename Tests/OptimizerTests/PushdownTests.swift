import HoneyCatalog
import HoneyCore
import HoneyOptimizer
import HoneyPlan
import Testing

struct PushdownTests {
    let maker = PlanMaker()
    let catalog = TestCatalog(sizes: ["r": 1000, "s": 2000, "t": 500])

    private func optimized(_ plan: LogicalPlan) throws -> LogicalPlan { try catalog.optimizer.optimize(plan) }

    @Test func conditionsReachScansThroughProjectionsAndGroups() throws {
        let r = maker.scan("r", "a", "b")
        let renamed = maker.project(r, r[0], .op("+", r[1], .int(1), type: .int))
        let grouped = maker.aggregate(renamed, by: [renamed[0]], [AggregateCall("sum", [renamed[1]], type: .int)])
        let plan = try optimized(grouped.filtered(.op("=", grouped[0], .int(3))))
        #expect(plan.scan(of: "r")?.filters == [.op("=", r[0], .int(3))])
    }

    @Test func conditionsOnAggregatesStayAbove() throws {
        let r = maker.scan("r", "a", "b")
        let grouped = maker.aggregate(r, by: [r[0]], [AggregateCall("sum", [r[1]], type: .int)])
        let plan = try optimized(grouped.filtered(.op(">", grouped[1], .int(3))))
        #expect(plan.scan(of: "r")?.filters == [])
        #expect(plan.nodes.contains { if case .filter = $0 { true } else { false } })
    }

    @Test func commaJoinsBecomeInnerJoins() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let plan = try optimized(
            r.joined(.inner, s).filtered(.op("and", .op("=", r[0], s[0]), .op("<", s[1], .int(5)))))
        #expect(plan.joins.first?.condition?.equalityColumns == [r[0], s[0]])
        #expect(plan.scan(of: "s")?.filters == [.op("<", s[1], .int(5))])
    }

    @Test func equalColumnsShareTheirConditions() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let plan = try optimized(r.joined(.inner, s, .op("=", r[0], s[0])).filtered(.op("=", r[0], .int(5))))
        #expect(plan.scan(of: "r")?.filters == [.op("=", r[0], .int(5))])
        #expect(plan.scan(of: "s")?.filters == [.op("=", s[0], .int(5))])
    }

    @Test func leftJoinKeepsConditionsOnItsRightSideAbove() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let join = r.joined(.left, s, .op("=", r[0], s[0]))
        let plan = try optimized(join.filtered(.op("isnull", s[1])))
        #expect(plan.scan(of: "s")?.filters == [])
        // The smaller side is built from: r has fewer rows.
        #expect(plan.joins.first?.kind == .right)
    }

    @Test func conditionThatRejectsNullsMakesALeftJoinInner() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let join = r.joined(.left, s, .op("=", r[0], s[0]))
        let plan = try optimized(join.filtered(.op(">", s[1], .int(1))))
        #expect(plan.joins.first?.kind == .inner)
        #expect(plan.scan(of: "s")?.filters == [.op(">", s[1], .int(1))])
    }

    @Test func fullJoinLosesTheSidesThatAreDropped() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let join = r.joined(.full, s, .op("=", r[0], s[0]))
        #expect(try optimized(join.filtered(.op(">", r[1], .int(1)))).scan(of: "r")?.filters.count == 1)
        #expect(try optimized(join.filtered(.op(">", r[1], s[1]))).joins.first?.kind == .inner)
    }

    @Test func antiJoinConditionsOnTheLeftStay() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let condition = Expression.op("and", .op("=", r[0], s[0]), .op("=", r[1], .int(1)), .op("=", s[1], .int(2)))
        let plan = try optimized(r.joined(.anti, s, condition))
        #expect(plan.scan(of: "r")?.filters == [])
        #expect(plan.scan(of: "s")?.filters == [.op("=", s[1], .int(2))])
    }

    @Test func disjunctionsTellSomethingOfEachSide() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        func branch(_ x: Int, _ y: Int) -> Expression {
            .op("and", .op("=", r[0], s[0]), .op("=", r[1], .int(x)), .op("=", s[1], .int(y)))
        }
        let plan = try optimized(r.joined(.inner, s).filtered(.op("or", branch(1, 2), branch(2, 1))))
        #expect(plan.scan(of: "r")?.filters == [.op("in", r[1], .int(1), .int(2))])
        #expect(plan.scan(of: "s")?.filters == [.op("in", s[1], .int(2), .int(1))])
        #expect(plan.joins.first?.condition?.conjuncts.first?.equalityColumns == [r[0], s[0]])
    }

    @Test func conditionsDoNotPassLimits() throws {
        let r = maker.scan("r", "a", "b")
        let limited = LogicalPlan.limit(Limit(input: r, count: 3))
        #expect(try optimized(limited.filtered(.op("=", r[0], .int(1)))).scan(of: "r")?.filters == [])
    }

    @Test func randomConditionsStayWhereTheyAre() throws {
        let r = maker.scan("r", "a", "b")
        let random = Expression.op("=", .op("random", type: .int), r[0])
        let plan = try optimized(r.filtered(.op("and", random, .op("=", r[1], .int(1)))))
        #expect(plan.scan(of: "r")?.filters == [.op("=", r[1], .int(1))])
        if case .filter(let filter) = plan { #expect(filter.predicate == random) } else { Issue.record("\(plan)") }
    }

    @Test func contradictionsLeaveNoRows() throws {
        let r = maker.scan("r", "a", "b")
        let s = maker.scan("s", "a", "b")
        let never = r.joined(.inner, s, .op("=", r[0], s[0])).filtered(.op("=", .int(1), .int(2)))
        let plan = try optimized(never)
        #expect(plan == .values(Values(columns: never.output, rows: [])))
    }

    @Test func partitionsAreChosenByTheirValues() throws {
        let table = PlanMaker.table("sales", [("amount", .int)], keys: [("day", .int), ("shop", .string)])
        let partitions = [["1", "a"], ["2", "b"], ["3", Partition.nullValue], ["10", "a"]].map {
            Partition(values: $0, storage: table.storage)
        }
        let scan = maker.scan(table)
        let optimizer = TestCatalog(partitions: ["sales": partitions]).optimizer
        let after = try optimizer.optimize(scan.filtered(.op(">", scan[1], .int(2))))
        #expect(after.scans.first?.partitions?.map(\.values) == [["3", Partition.nullValue], ["10", "a"]])
        #expect(after.scans.first?.filters == [])
        let named = try optimizer.optimize(
            scan.filtered(.op("and", .op("=", scan[2], .literal(.string("a"), .string)), .op("<", scan[0], .int(7)))))
        #expect(named.scans.first?.partitions?.map(\.values) == [["1", "a"], ["10", "a"]])
        #expect(named.scans.first?.filters == [.op("<", scan[0], .int(7))])
        #expect(try optimizer.optimize(scan).scans.first?.partitions?.count == 4)
        let none = try optimizer.optimize(scan.filtered(.op("=", scan[1], .int(99))))
        #expect(none.scans.isEmpty)
    }
}

extension Expression {
    /// The sides of an equality, whichever way round it is written, in the order of the columns' numbers.
    var equalityColumns: [Expression]? {
        guard case .call(let call) = self, call.function == "=" else { return nil }
        return call.arguments.sorted { a, b in
            guard case .column(let x) = a, case .column(let y) = b else { return false }
            return x.id.number < y.id.number
        }
    }
}
