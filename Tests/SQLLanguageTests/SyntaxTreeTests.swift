import HoneyCore
import Testing

@testable import HoneySQLLanguage

struct SyntaxTreeTests {
    @Test(arguments: [
        ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
        ("a or b and not c = d", "(or a (and b (not (= c d))))"),
        ("a or b or c and d and e", "(or a b (and c d e))"),
        ("(a or b) or c", "(or (or a b) c)"),
        ("a | b & c || d + e * f ^ g", "(| a (& b (|| c (+ d (* e (^ f g))))))"),
        ("-a ^ ~b", "(^ (negative a) (~ b))"),
        ("- - +1", "(negative (negative 1))"),
        ("a div b % c / d", "(/ (% (div a b) c) d)"),
        ("a == b <=> c != d <> e", "(<> (<> (<=> (= a b) c) d) e)"),
        ("a < b = c >= d", "(= (< a b) (>= c d))"),
        ("a = b is null", "(= a (is b null))"),
        ("a + b is not null", "(+ a (is-not b null))"),
        ("not a is not true", "(not (is-not a true))"),
        ("a is unknown and b is false", "(and (is a null) (is b false))"),
        ("a is distinct from b + 1", "(is a distinct (+ b 1))"),
        ("a is not distinct from b < c", "(is-not a distinct (< b c))"),
        ("a between 1 and 2 and b", "(and (between a 1 2) b)"),
        ("a not between b + 1 and c || d", "(not-between a (+ b 1) (|| c d))"),
        ("a in (1, 2) = b", "(= (in a 1 2) b)"),
        ("a not in ('x')", "(not-in a 'x')"),
        ("(a, b) in ((1, 2), (3, 4))", "(in (tuple a b) (tuple 1 2) (tuple 3 4))"),
        ("a not like b || 'x'", "(not-like a (|| b 'x'))"),
        ("a regexp b and c rlike d", "(and (rlike a b) (rlike c d))"),
        ("a like any ('x', 'y') or b not like all ('z')", "(or (like-any a 'x' 'y') (not-like-all b 'z'))"),
        ("not exists (select 1)", "(not-exists {select 1})"),
        ("not not exists (select 1)", "(not (not-exists {select 1}))"),
        ("!a", "(not a)"),
        ("a.b.c[1].d['x']", "([] (. ([] a.b.c 1) d) 'x')"),
        ("f(a).b", "(. (f a) b)"),
        ("T.`Weird Name`", "t.weird name"),
        ("count(*) + count(distinct a, b) + count(all c)", "(+ (+ (count *) (count distinct a b)) (count c))"),
        ("db.f(t.*, *)", "(db.f t.* *)"),
        (
            "if(a, 1, 2) + year(b) + left(c, 1) + map('a', 1)['a']",
            "(+ (+ (+ (if a 1 2) (year b)) (left c 1)) ([] (map 'a' 1) 'a'))"
        ),
        ("case when a then 1 when b then 2 end", "(case [a 1] [b 2])"),
        ("case a when 1 then 'x' else null end", "(case a [1 'x'] else null)"),
        ("cast(a as decimal(10, 2))", "(cast a decimal(10,2))"),
        (
            "cast(a as map<string,array<struct<x:int,y:double precision>>>)",
            "(cast a map<string,array<struct<x:int,y:double>>>)"
        ),
        ("cast(a as numeric) = cast(b as varchar(5))", "(= (cast a decimal(10,0)) (cast b varchar(5)))"),
        ("extract(week from d) + extract(dayofweek from d)", "(+ (weekofyear d) (dayofweek d))"),
        ("floor(a) + floor(d to month)", "(+ (floor a) (floor_month d))"),
        ("substring(a from 2 for 3)", "(substring a 2 3)"),
        (
            "trim(a) || trim(leading 'x' from b) || trim('y' from c) || trim(trailing from d)",
            "(|| (|| (|| (trim a) (ltrim b 'x')) (trim c 'y')) (rtrim d))"
        ),
        (
            "date '2020-01-01' + timestamp '2020-01-01 00:00:00'",
            "(+ date'2020-01-01' timestamp'2020-01-01 00:00:00')"
        ),
        ("date(a) - current_date", "(- (date a) (current_date))"),
        ("interval '1-2' year to month + interval 3 days", "(+ (interval '1-2' year to month) (interval 3 day))"),
        (
            "interval (a + 1) hour - 2 minutes - (3) weeks - '1 2:3:4' day to second",
            "(- (- (- (interval (+ a 1) hour) (interval 2 minute)) (interval 3 week)) (interval '1 2:3:4' day to second))"
        ),
        ("interval -1 day", "(interval (negative 1) day)"),
        ("'a' 'b' \"c\"", "'abc'"),
        ("(select max(a) from t) + 1", "(+ {select (max a) from t} 1)"),
        ("((select 1) union (select 2))", "{(union (select 1) (select 2))}"),
        ("((select 1) + 2)", "(+ {select 1} 2)"),
        ("a in (select b from t)", "(in a {select b from t})"),
        ("a not in ((select 1) union all select 2)", "(not-in a {(union-all (select 1) select 2)})"),
        ("a in ((select 1), 2)", "(in a {select 1} 2)"),
        ("1L + 2Y + 1.5BD + 1e3", "(+ (+ (+ 1L 2Y) 1.5BD) 1e3)"),
    ])
    func groupsExpressions(text: String, tree: String) throws {
        #expect(SyntaxPrinter.text(try Parser.expression(text)) == tree)
    }

    @Test(arguments: [
        ("select 1", "select 1"),
        ("select distinct A as X, b y, *, t.* from db.T as t", "select-distinct a:x b:y * t.* from db.t:t"),
        ("select all a from t, u x where b", "select a from (cross t u:x) where b"),
        ("from t select a where b group by c having d", "select a from t where b group c having d"),
        (
            "select a from t join u on a = b left outer join v using (c, d) cross join w",
            "select a from (cross (left (inner t u on (= a b)) v using c d) w)"
        ),
        (
            "select a from t right join u on x full join v on y left semi join w on z left anti join q on r",
            "select a from (anti (semi (full (right t u on x) v on y) w on z) q on r)"
        ),
        ("select a from t cross join u on b", "select a from (inner t u on b)"),
        ("select a from t left join u", "select a from (left t u)"),
        ("select a from t join (u join v on b) on c", "select a from (inner t (inner u v on b) on c)"),
        ("select a from (select b from t) as x (c, d)", "select a from {select b from t}:x(c d)"),
        ("select a from ((select 1) union all (select 2)) q", "select a from {(union-all (select 1) (select 2))}:q"),
        ("select a from ((select 1) q join (select 2) r)", "select a from (inner {select 1}:q {select 2}:r)"),
        ("select a from (values (1, 'x'), (2, 'y')) v (n, s)", "select a from {values [1 'x'] [2 'y']}:v(n s)"),
        (
            "select a from t lateral view explode(m) e as k, v lateral view outer posexplode(n) f",
            "select a from t lateral (explode m) e(k v) lateral-outer (posexplode n) f()"
        ),
        ("select a from t group by a, b with rollup", "select a from t group a b sets [[0, 1], [0], []]"),
        ("select a from t group by cube(a, b)", "select a from t group a b sets [[0, 1], [0], [1], []]"),
        (
            "select a from t group by a, f(b) grouping sets ((a, F(b)), a, (f( b )), ())",
            "select a from t group a (f b) sets [[0, 1], [0], [1], []]"
        ),
        ("select a from t group by grouping sets (a, (b, a))", "select a from t group a b sets [[0], [1, 0]]"),
        (
            "select a from t order by a, b desc, c asc nulls last, d desc nulls first limit 5",
            "select a from t order a asc b desc c asc nulls-last d desc nulls-first limit 5"
        ),
        ("select a from t limit 5, 10", "select a from t limit 10 offset 5"),
        ("select a from t limit 10 offset 5", "select a from t limit 10 offset 5"),
        ("select a from t distribute by a, b sort by c desc", "select a from t distribute a b sort c desc"),
        ("select a from t cluster by (a, b)", "select a from t distribute a b sort a asc b asc"),
        (
            "select 1 union select 2 union all select 3 intersect select 4 minus select 5 order by 1",
            "(except (intersect (union-all (union select 1 select 2) select 3) select 4) select 5) order 1 asc"
        ),
        (
            "(select a from t order by a limit 1) except all (select 2)",
            "(except-all (select a from t order a asc limit 1) (select 2))"
        ),
        (
            "with x as (select 1), y (c) as (select 2) select * from x, y",
            "with x {select 1} with y(c) {select 2} select * from (cross x y)"
        ),
        ("select a sort from t sort sort by sort", "select a:sort from t:sort sort sort asc"),
        ("select year, `date`, `order` from month", "select year date order from month"),
    ])
    func buildsQueries(text: String, tree: String) throws {
        #expect(SyntaxPrinter.text(try Parser.query(text)) == tree)
    }

    @Test func keepsPositions() throws {
        let query = try Parser.query("select a,\n  b + 1 from t x\n join u on x.c = u.c")
        guard case .select(let select) = query.body, case .join(let join) = select.from else {
            Issue.record("expected a join")
            return
        }
        #expect(select.items.map(\.expression.position.description) == ["1:8", "2:5"])
        #expect(join.position.description == "3:2")
        #expect(join.condition?.position.description == "3:16")
    }

    @Test func sortsNullsAsHiveDoes() {
        #expect(Dialect.hive.nullsFirst(isAscending: true))
        #expect(!Dialect.hive.nullsFirst(isAscending: false))
    }
}
