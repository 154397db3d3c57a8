import HoneyCatalog
import HoneyFunctions
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

/// The types that Hive 2.3.10 gives to expressions, as `describe` shows them of a view.
struct HiveTypeTests {
    static let world = BindingWorld(
        tables: [
            Table(
                """
                shop.y (ti tinyint, si smallint, a int, bi bigint, f float, c decimal(15,2), b string, d date, \
                ts timestamp)
                """)
        ], functions: HiveFunctions.catalog)

    @Test(arguments: [
        ("c * (1 - c)", "decimal(32,4)"),
        ("c * (1 - c) * (1 + c)", "decimal(38,6)"),
        ("c / a", "decimal(26,13)"),
        ("c * 1.10", "decimal(18,3)"),
        ("c + 1", "decimal(16,2)"),
        ("c + 1.005", "decimal(17,3)"),
        ("c - f", "float"),
        ("c % 7", "decimal(3,2)"),
        ("1 / 3", "double"),
        ("a / 2", "double"),
        ("a + 1", "int"),
        ("a + 1L", "bigint"),
        ("a + 1.5", "decimal(12,1)"),
        ("a * 1.5D", "double"),
        ("ti + ti", "tinyint"),
        ("si * ti", "smallint"),
        ("a % 3", "int"),
        ("b + 1", "double"),
        ("b || 'x'", "string"),
        ("-c", "decimal(15,2)"),
        ("-ti", "tinyint"),
        ("a = '1'", "boolean"),
        ("d - interval 3 day", "timestamp"),
        ("d + interval '1-2' year to month", "date"),
        ("ts - interval '3 04:05:06.7' day to second", "timestamp"),
        ("ts - ts", "interval_day_time"),
        ("d - d", "interval_day_time"),
        ("case when a = 1 then 1 else 2.5 end", "decimal(11,1)"),
        ("case when a = 1 then c else 1 end", "decimal(15,2)"),
        ("case a when 1 then 'x' end", "string"),
        ("coalesce(a, 1L)", "bigint"),
        ("coalesce(c, 0)", "decimal(15,2)"),
        ("coalesce(null, b)", "string"),
        ("if(a = 1, 1, 1.5D)", "double"),
        ("f + 1", "float"),
        ("f + c", "float"),
        ("f + 1.5D", "double"),
        ("bi * 2", "bigint"),
        ("bi + c", "decimal(22,2)"),
        ("1.50", "decimal(2,1)"),
        ("0.05", "decimal(2,2)"),
        ("100.00", "decimal(3,0)"),
        ("9223372036854775808", "decimal(19,0)"),
        ("nvl(a, 1.5)", "decimal(11,1)"),
        ("a & 1", "int"),
        ("~a", "int"),
        ("a div 2", "bigint"),
        ("abs(c)", "decimal(15,2)"),
        ("round(c, 1)", "decimal(15,1)"),
        ("floor(c)", "decimal(14,0)"),
        ("ceil(c)", "decimal(14,0)"),
        ("year(d)", "int"),
        ("date_add(d, 3)", "date"),
        ("concat(a, b)", "string"),
        ("a between 1 and 2", "boolean"),
        ("greatest(a, bi)", "bigint"),
        ("named_struct('p', a, 'q', c).q", "decimal(15,2)"),
        ("array(a, bi)[0]", "bigint"),
        ("map('x', c)['x']", "decimal(15,2)"),
    ])
    func expressionsHaveHivesTypes(expression: String, type: String) throws {
        #expect(try Self.world.types("select \(expression) from y") == [type])
    }

    @Test(arguments: [
        ("sum(c)", "decimal(25,2)"),
        ("sum(c * (1 - c))", "decimal(38,4)"),
        ("sum(c * (1 - c) * (1 + c))", "decimal(38,6)"),
        ("avg(c)", "decimal(19,6)"),
        ("avg(a)", "double"),
        ("avg(f)", "double"),
        ("min(c)", "decimal(15,2)"),
        ("max(d)", "date"),
        ("sum(a)", "bigint"),
        ("sum(ti)", "bigint"),
        ("sum(bi)", "bigint"),
        ("sum(f)", "double"),
        ("sum(b)", "double"),
        ("count(*)", "bigint"),
        ("count(distinct a, b)", "bigint"),
        ("100.00 * sum(case when b like 'x%' then c * (1 - c) else 0 end) / sum(c * (1 - c))", "decimal(38,6)"),
        ("sum(c) / 7.0", "decimal(29,6)"),
        ("0.2 * avg(c)", "decimal(21,7)"),
        ("0.5 * sum(c)", "decimal(27,3)"),
        ("stddev(a)", "double"),
        ("collect_set(a)", "array<int>"),
        ("max(a) + 1", "int"),
    ])
    func aggregatesHaveHivesTypes(expression: String, type: String) throws {
        #expect(try Self.world.types("select \(expression) from y") == [type])
    }
}
