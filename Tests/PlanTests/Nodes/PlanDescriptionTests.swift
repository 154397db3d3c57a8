import HoneyCatalog
import HoneyCore
import Testing

@testable import HoneyPlan

private func column(_ number: Int, _ name: String, _ type: DataType = .int) -> Expression {
    .column(ColumnReference(id: ColumnID(number), name: name, type: type))
}

private func call(_ name: String, _ arguments: Expression...) -> Expression {
    .call(Call(name, arguments, type: .boolean))
}

private func integer(_ value: Int64) -> Expression { .literal(.integer(value), .int) }

@Test func expressionsReadAsSQL() {
    let a = column(1, "a")
    let b = column(2, "b")
    #expect(
        call("and", call("=", a, b), call("or", call("isnull", a), call("not", b))).text
            == "a#1 = b#2 and (a#1 is null or not b#2)")
    #expect(call("-", a, call("-", b, integer(1))).text == "a#1 - (b#2 - 1)")
    #expect(call("-", call("-", a, b), integer(1)).text == "a#1 - b#2 - 1")
    #expect(call("*", call("+", a, b), call("negative", a)).text == "(a#1 + b#2) * -a#1")
    #expect(call("case", call(">", a, b), a, b).text == "case when a#1 > b#2 then a#1 else b#2 end")
    #expect(call("in", call("+", a, b), integer(1), integer(2)).text == "a#1 + b#2 in (1, 2)")
    #expect(call("=", call("=", a, b), a).text == "(a#1 = b#2) = a#1")
    #expect(
        Expression.cast(call("+", a, b), to: .decimal(precision: 12, scale: 2)).text
            == "cast(a#1 + b#2 as decimal(12,2))")
    #expect(call(Expression.Operator.field, a, .literal(.string("f"), .string)).text == "a#1.f")
    #expect(call("index", a, integer(0)).text == "a#1[0]")
}

@Test func literalsShowTheirTypes() {
    #expect(Value.integer(5).literal(.int) == "5")
    #expect(Value.integer(5).literal(.bigint) == "5L")
    #expect(Value.decimal(-5).literal(.decimal(precision: 3, scale: 2)) == "-0.05")
    #expect(Value.decimal(12345).literal(.decimal(precision: 5, scale: 2)) == "123.45")
    #expect(Value.real(1.5).literal(.double) == "1.5D")
    #expect(Value.string("it's\n").literal(.string) == "'it''s\\n'")
    #expect(Value.date(0).literal(.date) == "date '1970-01-01'")
    #expect(Value.date(11_016).literal(.date) == "date '2000-02-29'")
    #expect(Value.date(-719_468).literal(.date) == "date '0000-03-01'")
    #expect(Value.timestamp(-500_000_000).literal(.timestamp) == "timestamp '1969-12-31 23:59:59.5'")
    #expect(Value.months(-14).literal(.intervalYearMonth) == "interval '-1-2' year to month")
    #expect(Value.nanoseconds(93_784_500_000_000).literal(.intervalDayTime) == "interval '1 02:03:04.5' day to second")
    #expect(Value.binary([1, 255]).literal(.binary) == "x'01ff'")
    #expect(Value.array([.integer(1), .null]).literal(.array(.bigint)) == "array(1L, null)")
}

@Test func plansShowAsTreesWithTheirSubqueries() {
    let one = LogicalPlan.values(Values(columns: [], rows: [[]]))
    let inner = LogicalPlan.project(
        Project(input: one, outputs: [NamedExpression(id: ColumnID(7), name: "x", integer(1))]))
    let values = LogicalPlan.values(
        Values(columns: [ColumnReference(id: ColumnID(1), name: "a", type: .int)], rows: [[integer(1)], [integer(2)]]))
    let filter = LogicalPlan.filter(
        Filter(
            input: values,
            predicate: .subquery(
                Subquery(
                    form: .membership(tested: [column(1, "a")], isNegated: true), plan: inner, type: .boolean))))
    let aggregate = LogicalPlan.aggregate(
        Aggregate(
            input: filter, groups: [NamedExpression(id: ColumnID(2), name: "a", column(1, "a"))],
            aggregates: [NamedAggregate(id: ColumnID(3), name: "n", AggregateCall("count", [], type: .bigint))]))
    let sort = LogicalPlan.sort(
        Sort(input: aggregate, keys: [Sort.Key(column(3, "n"), isAscending: false, nullsFirst: true)], limit: 4))
    #expect(
        LogicalPlan.limit(Limit(input: sort, count: nil, offset: 2)).text == """
            limit all offset 2
              sort [n#3 desc nulls first] limit 4
                aggregate [a#1 as a#2] [count(*) as n#3]
                  filter a#1 not in (subquery 1)
                    subquery 1:
                      project [1 as x#7]
                        values [] ()
                    values [a#1] (1), (2)
            """)
}
