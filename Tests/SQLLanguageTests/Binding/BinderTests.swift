import HoneyCore
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

@Test func groupPositionsObeyTheSetting() throws {
    let query = "select upper(name), count(*) from item group by 1"
    #expect(BindingWorld.shop.error(query) == "line 1:14: expression not in GROUP BY key: name")
    for key in ["hive.groupby.position.alias", "hive.groupby.orderby.position.alias"] {
        #expect(
            try BindingWorld.shop.with(key, "true").text(query) == """
                project [_k0#1 as _c0#2, count#3 as _c1#4]
                  aggregate [upper(name#5) as _k0#1] [count(*) as count#3]
                    scan shop.item [id#6, name#5, price#7]
                """)
    }
    #expect(
        BindingWorld.shop.with("hive.groupby.position.alias", "true").error("select name from item group by 2")
            == "line 1:32: GROUP BY position is not in the select list of 1 column: 2")
}

@Test func orderPositionsObeyTheSetting() throws {
    let query = "select name from item order by 1"
    #expect(try BindingWorld.shop.text(query).hasPrefix("sort [name#1]\n"))
    #expect(try BindingWorld.shop.with("hive.orderby.position.alias", "false").text(query).hasPrefix("sort [1]\n"))
}

@Test func columnsAreNamedByAliasColumnOrIndex() throws {
    #expect(
        try BindingWorld.shop.names(
            "select *, ID as Key, t.size.width, 1 + 1, `name` from item, thing t".replacing(
                "ID", with: "item.ID")) == ["id", "name", "price", "id", "size", "tags", "key", "width", "_c8", "name"])
}

@Test func endlessExpansionIsRefused() throws {
    // Each common table uses the one before twice.
    var text = "with t0 as (select 1 x)"
    for index in 1...40 {
        text += ", t\(index) as (select a.x from t\(index - 1) a, t\(index - 1) b)"
    }
    #expect(
        BindingWorld.shop.error(text + " select * from t40")
            .hasSuffix("query expands to too many queries: more than 5000"))
}

@Test func longChainsBindWithoutNesting() throws {
    let conditions = (0..<900).map { "id = \($0)" }.joined(separator: " or ")
    let plan = try BindingWorld.shop.bind("select id from item where " + conditions)
    guard case .project(let project) = plan, case .filter(let filter) = project.input,
        case .call(let call) = filter.predicate
    else {
        Issue.record("no filter")
        return
    }
    #expect(call.arguments.count == 900)
    let unions = (0..<900).map { "select \($0) x" }.joined(separator: " union all ")
    #expect(try BindingWorld.shop.bind(unions).children.count == 900)
    let joins = (0..<300).map { "item i\($0)" }.joined(separator: ", ")
    #expect(try BindingWorld.shop.bind("select i299.id from " + joins).output.count == 1)
}

@Test func constantsBindWithoutColumns() throws {
    let binder = Binder(context: BindingWorld.shop.context, dialect: .hive)
    #expect(try binder.bindConstant(try Parser.expression("upper('a')")).text == "upper('a')")
    #expect(throws: HoneyError.self) { try binder.bindConstant(try Parser.expression("id")) }
}

@Test func deepQueriesBindOrAreRefused() throws {
    func scalar(_ depth: Int) -> String {
        (0..<depth).reduce("select 1 x") { inner, _ in "select (\(inner)) + 1 x" }
    }
    func derived(_ depth: Int) -> String {
        (0..<depth).reduce("select id from item") { inner, level in "select id from (\(inner)) d\(level)" }
    }
    #expect(try BindingWorld.shop.bind(scalar(150)).output.count == 1)
    #expect(try BindingWorld.shop.bind(derived(150)).output.count == 1)
    let refusal = "queries nest too deep: more than 200 levels"
    #expect(BindingWorld.shop.error(scalar(240)).hasSuffix(refusal))
    #expect(BindingWorld.shop.error(derived(240)).hasSuffix(refusal))
    var chain = "with t0 as (select 1 x)"
    for index in 1...400 { chain += ", t\(index) as (select x from t\(index - 1))" }
    #expect(BindingWorld.shop.error(chain + " select * from t400").hasSuffix(refusal))
    let sum = (0..<900).map { _ in "id" }.joined(separator: " + ")
    #expect(try BindingWorld.shop.bind("select \(sum) from item where \(sum) > 1 group by \(sum)").output.count == 1)
}
