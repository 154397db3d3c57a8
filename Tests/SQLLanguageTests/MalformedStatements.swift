/// Texts that do not parse, and exactly what is said about each.
let malformedStatements: [(text: String, error: String)] = [
    ("selct 1", "line 1:1: expected a statement but found 'selct' (did you mean select?)"),
    (
        "select a form t",
        "line 1:15: expected the end of the statement but found 't' (did you mean from instead of form?)"
    ),
    (
        "select a bteween 1 and 2 from t",
        "line 1:18: expected the end of the statement but found number 1 (did you mean between instead of bteween?)"
    ),
    (
        "select a from t wher b = 1",
        "line 1:22: expected the end of the statement but found 'b' (did you mean where instead of wher?)"
    ),
    (
        "select a from t gruop by a",
        "line 1:23: expected the end of the statement but found 'by' (did you mean group instead of gruop?)"
    ),
    ("select a from t where", "line 1:22: expected an expression but found the end of the text"),
    ("select a from t where a = ", "line 1:27: expected an expression but found the end of the text"),
    ("select a b c from t", "line 1:12: expected the end of the statement but found 'c'"),
    ("select (a from t", "line 1:11: expected ',' or ')' but found 'from'"),
    ("select f(a b) from t", "line 1:12: expected ',' or ')' but found 'b'"),
    ("select f(a, from t", "line 1:13: expected an expression but found 'from'"),
    ("select f(distinct) from t", "line 1:18: expected an expression but found ')'"),
    ("select , a from t", "line 1:8: expected an expression but found ','"),
    ("select a, from t", "line 1:11: expected an expression but found 'from'"),
    ("select 'abc", "line 1:8: this string has no end: expected a closing '"),
    (#"select "abc"#, #"line 1:8: this string has no end: expected a closing ""#),
    ("select 'abc' /* x", "line 1:14: this comment has no end: expected '*/'"),
    ("select `ab from t", "line 1:8: this quoted name has no end: expected a closing `"),
    ("select `` from t", "line 1:8: a quoted name is empty"),
    (#"select '\u12g4'"#, #"line 1:9: \u needs four hexadecimal digits"#),
    (
        "select a from order",
        "line 1:15: expected a table name but found the reserved word 'order' (in backquotes it is a name: `order`)"
    ),
    ("select a from t order a", "line 1:23: expected 'by' but found 'a'"),
    ("select a from t group a", "line 1:23: expected 'by' but found 'a'"),
    ("select a from t limit", "line 1:22: expected a number of rows but found the end of the text"),
    ("select a from t limit x", "line 1:23: expected a number of rows but found 'x'"),
    (
        "select a from t limit 5 offset",
        "line 1:31: expected a number of rows but found the end of the text"
    ),
    (
        "select case a when 1 then 2",
        "line 1:28: expected 'when', 'else' or 'end' but found the end of the text"
    ),
    ("select case when 1 end", "line 1:20: expected 'then' but found 'end'"),
    ("select case else 1 end", "line 1:13: expected an expression but found 'else'"),
    ("select cast(a as itn)", "line 1:18: expected a type but found 'itn' (did you mean int?)"),
    ("select cast(a int)", "line 1:15: expected 'as' but found 'int'"),
    ("select cast(a as decimal(39))", "line 1:26: the precision must be from 1 to 38, not 39"),
    ("select cast(a as decimal(10, 11))", "line 1:30: the scale must be from 0 to 10, not 11"),
    ("select cast(a as varchar)", "line 1:25: expected '(' but found ')'"),
    ("select cast(a as char(256))", "line 1:23: the length must be from 1 to 255, not 256"),
    ("select cast(a as array<int)", "line 1:27: expected '>' but found ')'"),
    ("select cast(a as map<int>)", "line 1:25: expected ',' but found '>'"),
    ("select cast(a as struct<a int>)", "line 1:27: expected ':' but found 'int'"),
    (
        "select a from (select 1)",
        "line 1:25: expected an alias for the subquery but found the end of the text"
    ),
    ("select a from (select 1", "line 1:24: expected ')' but found the end of the text"),
    ("select a from t join", "line 1:21: expected a table name but found the end of the text"),
    ("select a from t inner u", "line 1:23: expected 'join' but found 'u'"),
    ("select a from t cross u", "line 1:23: expected 'join' but found 'u'"),
    ("select a from t join u on", "line 1:26: expected an expression but found the end of the text"),
    ("select a from t join u using a", "line 1:30: expected '(' but found 'a'"),
    ("select a from t, where b", "line 1:18: expected a table name but found 'where'"),
    (
        "select a from t lateral view explode(m)",
        "line 1:40: expected an alias but found the end of the text"
    ),
    (
        "select a from t lateral view m e as k",
        "line 1:30: expected 'outer' or a call of a table function but found 'm'"
    ),
    ("select a from t lateral explode(m) e as k", "line 1:25: expected 'view' but found 'explode'"),
    (
        "select a from t group by a grouping sets ((a, b))",
        "line 1:47: a grouping set may only have expressions of group by"
    ),
    (
        "select a from t group by a with cub",
        "line 1:33: expected 'rollup' or 'cube' but found 'cub' (did you mean cube?)"
    ),
    ("select a from t where a in ()", "line 1:29: expected an expression but found ')'"),
    ("select a from t where a in 1", "line 1:28: expected '(' but found number 1"),
    ("select a from t where a between 1", "line 1:34: expected 'and' but found the end of the text"),
    ("select a from t where a between 1 or 2", "line 1:35: expected 'and' but found 'or'"),
    (
        "select a from t where a is 5",
        "line 1:28: expected 'null', 'true', 'false', 'unknown' or 'distinct' but found number 5"
    ),
    ("select a from t where exists select 1", "line 1:30: expected '(' but found 'select'"),
    ("select a from t where not", "line 1:26: expected an expression but found the end of the text"),
    (
        "select a from t where date > 5",
        "line 1:23: expected an expression but found the reserved word 'date' (in backquotes it is a name: `date`)"
    ),
    (
        "select extract(yer from d)",
        "line 1:16: expected a field of time such as 'year', 'month' or 'day' but found 'yer' (did you mean year?)"
    ),
    (
        "select interval '1' fortnight",
        "line 1:21: expected a unit of time such as 'year', 'month' or 'day' but found 'fortnight'"
    ),
    (
        "select interval day",
        "line 1:17: expected a number, a string or an expression in parentheses but found 'day'"
    ),
    (
        "select floor(d to eternity)",
        "line 1:19: expected a unit of time such as 'year', 'month' or 'day' but found 'eternity'"
    ),
    ("select trim(both x)", "line 1:19: expected 'from' but found ')'"),
    ("select sum(a) over (partition by b) from t", "line 1:15: window functions are not supported"),
    ("select 1.5abc", "line 1:8: malformed number 1.5abc"),
    ("select 1..2", "line 1:10: expected the end of the statement but found number .2"),
    ("select a @ b", "line 1:10: unexpected character '@'"),
    ("select a from t where a = {b}", "line 1:27: unexpected character '{'"),
    ("select é from t", "line 1:8: unexpected character 'é' (names with such letters need backquotes)"),
    ("select a from t tablesample (10 percent)", "line 1:17: table samples other than of buckets are not supported"),
    ("select transform(a) using 'x' from t", "line 1:8: transforming scripts are not supported"),
    ("select a + * from t", "line 1:12: '*' stands alone: as an item of select or in count(*)"),
    ("select a union select", "line 1:22: expected an expression but found the end of the text"),
    ("select a union all", "line 1:19: expected a query but found the end of the text"),
    ("with x as select 1 select 2", "line 1:11: expected '(' but found 'select'"),
    ("with x (select 1) select 2", "line 1:9: expected a column name but found 'select'"),
    ("with x as (select 1)", "line 1:21: expected ',' or a query but found the end of the text"),
    ("from t", "line 1:7: expected 'select' or 'insert' but found the end of the text"),
    ("from t insert into u", "line 1:21: expected 'select' but found the end of the text"),
    ("insert t select 1", "line 1:8: expected 'overwrite' or 'into' but found 't'"),
    ("insert into t", "line 1:14: expected a query but found the end of the text"),
    (
        "insert into t (a, b) valeus (1, 2)",
        "line 1:22: expected a query but found 'valeus' (did you mean values?)"
    ),
    ("insert into t values 1", "line 1:22: expected '(' but found number 1"),
    ("insert into t partition (a=1, a=2) select 1", "line 1:31: a partition column is given twice: a"),
    ("insert into t partition (a=b) select 1", "line 1:28: expected a constant but found 'b'"),
    (
        "insert into t partition (a) if not exists select 1",
        "line 1:29: 'if not exists' goes with 'insert overwrite' only"
    ),
    ("insert overwrite local '/x' select 1", "line 1:24: expected 'directory' but found string '/x'"),
    (
        "create tabel t (a int)",
        "line 1:8: expected 'database', 'schema', 'table' or 'external' but found 'tabel' (did you mean table?)"
    ),
    ("create table t (a itn)", "line 1:19: expected a type but found 'itn' (did you mean int?)"),
    ("create table t (a int", "line 1:22: expected 'comment', ',' or ')' but found the end of the text"),
    ("create table t (a int,)", "line 1:23: expected a column name but found ')'"),
    ("create table t (a int b int)", "line 1:23: expected 'comment', ',' or ')' but found 'b'"),
    ("create table (a int)", "line 1:14: expected 'if' or a table name but found '('"),
    (
        "create table t (date int)",
        "line 1:17: expected a column name but found the reserved word 'date' (in backquotes it is a name: `date`)"
    ),
    ("create table t (a int) stored rcfile", "line 1:31: expected 'as' but found 'rcfile'"),
    (
        "create table t (a int) stored as",
        "line 1:33: expected a file format such as textfile, sequencefile or rcfile but found the end of the text"
    ),
    (
        "create table t (a int) row format delimited fields by ','",
        "line 1:52: expected 'terminated' but found 'by'"
    ),
    (
        "create table t (a int) row format delimted",
        "line 1:35: expected 'delimited' or 'serde' but found 'delimted' (did you mean delimited?)"
    ),
    (
        "create table t (a int) row format serde x",
        "line 1:41: expected a class name in quotes but found 'x'"
    ),
    (
        "create table t (a int) clustered by (a) into 0 buckets",
        "line 1:46: the number of buckets must be from 1 to 2147483647, not 0"
    ),
    (
        "create table t (a int) clustered by (a)",
        "line 1:40: expected 'sorted' or 'into' but found the end of the text"
    ),
    (
        "create table t (a int) tblproperties (a='b')",
        "line 1:39: expected a property name in quotes but found 'a'"
    ),
    ("create table t (a int) tblproperties ('a'='b', 'a'='c')", "line 1:48: a property is given twice: a"),
    ("create table t (a int) comment 'x' comment 'y'", "line 1:47: a clause is given twice: comment"),
    (
        "create table t (a int) as select 1",
        "line 1:16: 'create table … as' takes its columns from the query: leave them out"
    ),
    (
        "create table t partitioned by (b int) as select 1",
        "line 1:1: partitions and buckets in 'create table … as' are not supported"
    ),
    ("create table if exists t (a int)", "line 1:17: expected 'not' but found 'exists'"),
    (
        "create temporary table t (a int)",
        "line 1:8: temporary tables, views and functions are not supported"
    ),
    ("create view v as select 1", "line 1:8: new views are not supported"),
    ("create or replace view v as select 1", "line 1:8: new views are not supported"),
    ("create table a.b.c (d int)", "line 1:17: expected the end of the statement but found '.'"),
    (
        "drop databse x",
        "line 1:6: expected 'database', 'schema', 'table' or 'view' but found 'databse' (did you mean database?)"
    ),
    ("drop table", "line 1:11: expected 'if' or a table name but found the end of the text"),
    ("drop table if not exists t", "line 1:15: expected 'exists' but found 'not'"),
    ("drop x", "line 1:6: expected 'database', 'schema', 'table' or 'view' but found 'x'"),
    (
        "alter table t",
        "line 1:14: expected a change such as 'rename to', 'add columns' or 'set tblproperties' but found the end of the text"
    ),
    ("alter table t rename u", "line 1:22: expected 'to' but found 'u'"),
    (
        "alter table t add column (a int)",
        "line 1:19: expected 'if', 'columns' or 'partition' but found 'column' (did you mean columns?)"
    ),
    (
        "alter table t ad columns (a int)",
        "line 1:15: expected a change such as 'rename to', 'add columns' or 'set tblproperties' but found 'ad' (did you mean add?)"
    ),
    (
        "alter table t drop partition (a)",
        "line 1:32: expected a comparison such as '=' or '<' but found ')'"
    ),
    ("alter table t drop column a", "line 1:20: expected 'if' or 'partition' but found 'column'"),
    ("alter table t set location x", "line 1:28: expected a location in quotes but found 'x'"),
    ("alter table t partition (a=1) drop", "line 1:31: expected 'rename', 'concatenate' or 'set' but found 'drop'"),
    ("alter database d set x", "line 1:22: expected 'dbproperties', 'owner' or 'location' but found 'x'"),
    ("use", "line 1:4: expected a database name but found the end of the text"),
    ("use a b", "line 1:7: expected the end of the statement but found 'b'"),
    (
        "show",
        "line 1:5: expected what to show, such as 'databases', 'tables' or 'partitions' but found the end of the text"
    ),
    (
        "show tabels",
        "line 1:6: expected what to show, such as 'databases', 'tables' or 'partitions' but found 'tabels' (did you mean tables?)"
    ),
    ("show partitions", "line 1:16: expected a table name but found the end of the text"),
    ("show columns t", "line 1:14: expected 'in' or 'from' but found 't'"),
    (
        "describe",
        "line 1:9: expected 'database', 'function', 'extended' or a table name but found the end of the text"
    ),
    ("describe t a b", "line 1:14: expected the end of the statement but found 'b'"),
    ("truncate t", "line 1:10: expected 'table' but found 't'"),
    ("load data inpath x into table t", "line 1:18: expected a path in quotes but found 'x'"),
    ("load data inpath '/x' into t", "line 1:28: expected 'table' but found 't'"),
    ("load inpath '/x' into table t", "line 1:6: expected 'data' but found 'inpath'"),
    (
        "explain",
        "line 1:8: expected 'extended', 'formatted', 'logical' or a statement but found the end of the text"
    ),
    ("explain explain select 1", "line 1:9: an explanation cannot be explained"),
    (
        "explain drop",
        "line 1:13: expected 'database', 'schema', 'table' or 'view' but found the end of the text"
    ),
    ("merge into t using u on a = b", "line 1:1: 'merge' statements are not supported"),
    ("set x = 1", "line 1:1: 'set' statements are not supported"),
    ("1", "line 1:1: expected a statement but found number 1"),
    ("'select'", "line 1:1: expected a statement but found string 'select'"),
    (";;;)", "line 1:4: expected a statement but found ')'"),
    ("select 1;; selec 2", "line 1:12: expected a statement but found 'selec' (did you mean select?)"),
    ("select a,\n\tb\nfrom t\nwhere a ==== 1", "line 4:11: expected an expression but found '=='"),
    ("select 'é中', `ü`, 1 1", "line 1:21: expected the end of the statement but found number 1"),
    ("select 1 -- it's\n/* ; */ from", "line 2:13: expected a table name but found the end of the text"),
    ("select a\u{0}b", "line 1:9: unexpected control character U+0000"),
    ("select \u{7F}", "line 1:8: unexpected control character U+007F"),
    (
        "select 1\n\n  from t\n  wehre a",
        "line 4:9: expected the end of the statement but found 'a' (did you mean where instead of wehre?)"
    ),
    ("select 'a\nb\\", "line 1:8: this string has no end: expected a closing '"),
]
