import HoneyCatalog
import HoneyCore
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

private let start = SourcePosition(line: 1, column: 1)

private func target(
    _ definition: String, partition: [(String, Bool)] = [], columns: [String] = []
) -> InsertTarget {
    InsertTarget(
        table: Table(definition),
        partition: partition.map { InsertTarget.PartitionKey($0.0, isStatic: $0.1, position: start) },
        columns: columns, position: start)
}

private func text(_ query: String, into target: InsertTarget) throws -> String {
    renumbered(try BindingWorld.shop.bind(query, into: target).text)
}

private func error(_ query: String, into target: InsertTarget) -> String {
    do {
        return try BindingWorld.shop.bind(query, into: target).text
    } catch {
        return "\(error)"
    }
}

private let plain = "shop.target (a int, b string, c decimal(10,2))"
private let parted = "shop.target (a int, b string) partitioned by (day date, hour int)"

@Test func insertCastsColumnsByPosition() throws {
    #expect(
        try text("select id, price, name from item", into: target(plain)) == """
            project [cast(id#1 as int) as a#2, cast(price#3 as string) as b#4, cast(name#5 as decimal(10,2)) as c#6]
              project [id#7 as id#1, price#8 as price#3, name#9 as name#5]
                scan shop.item [id#7, name#9, price#8]
            """)
    #expect(
        try text("values (1, 'x', null)", into: target(plain)) == """
            project [col1#1 as a#2, col2#3 as b#4, cast(col3#5 as decimal(10,2)) as c#6]
              values [col1#1, col2#3, col3#5] (1, 'x', null)
            """)
}

@Test func insertFillsUnlistedColumnsWithNull() throws {
    #expect(
        try text("select price, id from item", into: target(plain, columns: ["C", "a"])) == """
            project [cast(id#1 as int) as a#2, null as b#3, cast(price#4 as decimal(10,2)) as c#5]
              project [price#6 as price#4, id#7 as id#1]
                scan shop.item [id#7, name#8, price#6]
            """)
}

@Test func dynamicPartitionKeysComeLast() throws {
    let first = target(parted, partition: [("day", true), ("hour", false)])
    #expect(first.dynamicPartitionKeys.map(\.name) == ["hour"])
    #expect(
        try text("select id, name, 7 from item", into: first) == """
            project [cast(id#1 as int) as a#2, name#3 as b#4, _c2#5 as hour#6]
              project [id#7 as id#1, name#8 as name#3, 7 as _c2#5]
                scan shop.item [id#7, name#8, price#9]
            """)
    let both = try BindingWorld.shop.bind("select 1, 'x', '2020-01-01', 3", into: target(parted))
    #expect(both.output.map(\.name) == ["a", "b", "day", "hour"])
    #expect(both.output.map(\.type) == [.int, .string, .date, .int])
    let fixed = try BindingWorld.shop.bind(
        "select 1, 'x'", into: target(parted, partition: [("day", true), ("hour", true)]))
    #expect(fixed.output.map(\.name) == ["a", "b"])
    let listed = target(parted, partition: [("day", false), ("hour", false)], columns: ["b"])
    #expect(
        try text("select 'x', date '2020-01-01', 3", into: listed) == """
            project [null as a#1, _c0#2 as b#3, _c1#4 as day#5, _c2#6 as hour#7]
              project ['x' as _c0#2, date '2020-01-01' as _c1#4, 3 as _c2#6]
                values [] ()
            """)
    #expect(
        try text("select 'x', 3", into: target(parted, columns: ["b", "hour"])) == """
            project [null as a#1, _c0#2 as b#3, null as day#4, _c1#5 as hour#6]
              project ['x' as _c0#2, 3 as _c1#5]
                values [] ()
            """)
    let named = try BindingWorld.shop.bind(
        "select 3, date '2020-01-01', 'x'", into: target(parted, columns: ["hour", "day", "b"]))
    #expect(named.output.map(\.type) == [.int, .string, .date, .int])
}

@Test func insertsThatDoNotFitSaySo() {
    #expect(error("select 1, 'x', 2, 3", into: target(plain)) == "line 1:1: table has 3 columns, query gives 4")
    #expect(
        error("select 1", into: target(plain, columns: ["a", "b"]))
            == "line 1:1: column list asks for 2 columns, query gives 1")
    #expect(
        error("select array(1), 'x', 2", into: target(plain))
            == "line 1:1: column a of type int cannot take a value of type array<int>")
    #expect(
        error("select date '2020-01-01', 'x', 2", into: target(plain))
            == "line 1:1: column a of type int cannot take a value of type date")
    #expect(
        error("select 1", into: target(plain, columns: ["aa"])) == "line 1:1: no such column: aa (did you mean a?)")
    #expect(error("select 1, 2", into: target(plain, columns: ["a", "A"])) == "line 1:1: column is listed twice: a")
    #expect(
        error("select 1", into: target(parted, partition: [("dya", true)]))
            == "line 1:1: no such partition column: dya (did you mean day?)")
    #expect(
        error("select 1", into: target(parted, partition: [("day", true)]))
            == "line 1:1: partition clause lacks a partition column: hour")
    #expect(
        error("select 1", into: target(parted, partition: [("day", true), ("day", true)]))
            == "line 1:1: partition column is named twice: day")
    #expect(
        error("select 1, 'x', 2", into: target(parted, partition: [("day", false), ("hour", true)]))
            == "line 1:1: dynamic partition column cannot come before a static one: day before hour")
    let view = InsertTarget(table: Table("shop.v (a int)", kind: .view, text: "select 1"), position: start)
    #expect(error("select 1", into: view) == "line 1:1: cannot insert into a view: shop.v")
}
