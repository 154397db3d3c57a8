import HoneyCore
import HoneyOptimizer
import HoneyPlan
import Testing

struct SimplificationTests {
    let maker = PlanMaker()
    let table = PlanMaker.table(
        "r",
        [("i", .int), ("d", .decimal(precision: 15, scale: 2)), ("t", .string), ("day", .date), ("small", .tinyint)])

    /// The conditions that a scan is left with.
    private func filters(_ make: (LogicalPlan) -> Expression) throws -> [Expression] {
        let scan = maker.scan(table)
        let plan = try TestCatalog(sizes: ["r": 1000]).optimizer.optimize(scan.filtered(make(scan)))
        return plan.scans.first?.filters ?? [.boolean(false)]
    }

    private func decimal(_ unscaled: Int128, _ precision: Int, _ scale: Int) -> Expression {
        .literal(.decimal(unscaled), .decimal(precision: precision, scale: scale))
    }

    @Test func constantsAreComputed() throws {
        let found = try filters {
            .op("=", $0[0], .op("+", .int(1), .op("*", .int(2), .int(3), type: .int), type: .int))
        }
        #expect(found.map(\.right) == [.int(7)])
    }

    @Test func literalsStandOnTheRight() throws {
        let found = try filters { .op("<", .int(3), $0[0]) }
        #expect(found.map(\.function) == [">"])
    }

    @Test func castsOfColumnsAreUndone() throws {
        let wide = DataType.decimal(precision: 20, scale: 4)
        let exact = try filters { .op(">=", .cast($0[1], to: wide), decimal(500, 20, 4)) }
        #expect(exact.map(\.right) == [decimal(5, 15, 2)])
        #expect(exact.map(\.function) == [">="])
        let integer = try filters { .op("=", .cast($0[0], to: .bigint), .literal(.integer(5), .bigint)) }
        #expect(integer.map(\.right) == [.int(5)])
    }

    /// x < 0.0551 is x <= 0.05 or x < 0.06 at two digits: which, depends on how the literal rounds.
    @Test func literalsBetweenValuesMoveToTheirNeighbour() throws {
        let wide = DataType.decimal(precision: 20, scale: 4)
        let above = try filters { .op("<", .cast($0[1], to: wide), decimal(551, 20, 4)) }
        #expect(above.map(\.right) == [decimal(6, 15, 2)])
        #expect(above.map(\.function) == ["<"])
        let below = try filters { .op("<", .cast($0[1], to: wide), decimal(549, 20, 4)) }
        #expect(below.map(\.right) == [decimal(5, 15, 2)])
        #expect(below.map(\.function) == ["<="])
    }

    @Test func valuesOutOfTheColumnsRangeKeepTheCast() throws {
        let found = try filters { .op("<", .cast($0[4], to: .int), .int(1000)) }
        #expect(found == [.op("<", .cast(found[0].left.children[0], to: .int), .int(1000))])
    }

    @Test func membershipOfCastsIsUndoneToo() throws {
        let found = try filters {
            .op("in", .cast($0[4], to: .int), .int(3), .int(4), .int(3))
        }
        #expect(found.first?.children.count == 3)
        #expect(found.first?.left.type == .tinyint)
    }

    @Test func negationsMoveInwards() throws {
        let found = try filters { .op("not", .op("or", .op("<", $0[0], .int(1)), .op("isnull", $0[2]))) }
        #expect(Set(found.map(\.function)) == [">=", "isnotnull"])
    }

    @Test func commonConjunctsLeaveADisjunction() throws {
        let found = try filters {
            .op(
                "or", .op("and", .op("=", $0[0], .int(1)), .op("=", $0[4], .int(2))),
                .op("and", .op("=", $0[0], .int(1)), .op("isnull", $0[2])))
        }
        #expect(found.count == 2)
        #expect(found.contains { $0.function == "=" && $0.right == .int(1) })
    }

    @Test func equalitiesWithOneColumnBecomeMembership() throws {
        let found = try filters { .op("or", .op("=", $0[0], .int(1)), .op("=", $0[0], .int(2))) }
        #expect(found.map(\.function) == ["in"])
        let one = try filters { .op("in", $0[0], .int(1)) }
        #expect(one.map(\.function) == ["="])
    }

    @Test func patternsWithoutWildcardsAreEquality() throws {
        let plain = try filters { .op("like", $0[2], .literal(.string("honey"), .string)) }
        #expect(plain.map(\.function) == ["="])
        let wild = try filters { .op("like", $0[2], .literal(.string("honey%"), .string)) }
        #expect(wild.map(\.function) == ["like"])
    }

    @Test func conditionsThatAreNeverTrueLeaveNothing() throws {
        #expect(try filters { .op("and", .op("=", $0[0], .int(1)), .literal(.null, .boolean)) } == [.boolean(false)])
        #expect(try filters { .op("=", $0[0], .literal(.null, .int)) } == [.boolean(false)])
        #expect(try filters { .op("and", .op("isnull", $0[0]), .op("isnotnull", $0[0])) } == [.boolean(false)])
    }

    @Test func cheapConditionsComeFirst() throws {
        let found = try filters {
            .op("and", .op("like", $0[2], .literal(.string("a%"), .string)), .op("<", $0[3], .literal(.date(5), .date)))
        }
        #expect(found.map(\.function) == ["<", "like"])
    }
}

extension Expression {
    fileprivate var function: String { if case .call(let call) = self { call.function } else { "" } }
    fileprivate var left: Expression { children[0] }
    fileprivate var right: Expression { children[1] }
}
