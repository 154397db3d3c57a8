import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

struct StatementTests {
    /// What a statement does in the shop.
    private func command<Action: Command>(_ text: String, _ kind: Action.Type = Action.self) throws -> Action {
        let statement = try #require(try HiveQL().parse(text).first)
        guard case .command(let command) = try statement.analyze(in: BindingWorld.shop.context) else {
            throw HoneyError.unexpected("not a command: \(text)")
        }
        return try #require(command as? Action, "\(text)")
    }

    private func error(_ text: String) throws -> String {
        let statement = try #require(try HiveQL().parse(text).first)
        let error = #expect(throws: HoneyError.self) { try statement.analyze(in: BindingWorld.shop.context) }
        return error?.description ?? ""
    }

    // MARK: Databases

    @Test func definesDatabases() throws {
        let made = try command(
            "create schema if not exists D comment 'c' location '/l' with dbproperties ('a'='b', 'C'='d')",
            CreateDatabase.self)
        #expect(made.name == "d" && made.ifNotExists && made.comment == "c" && made.location == "/l")
        #expect(made.parameters == ["a": "b", "C": "d"])
        let dropped = try command("drop database if exists d cascade", DropDatabase.self)
        #expect(dropped.name == "d" && dropped.ifExists && dropped.isCascade)
        #expect(try !command("drop database d restrict", DropDatabase.self).isCascade)
        #expect(
            try command("alter database d set dbproperties ('a'='b')", AlterDatabase.self).change
                == .setProperties(["a": "b"]))
        #expect(
            try command("alter schema d set owner role r", AlterDatabase.self).change
                == .setOwner(name: "r", type: "ROLE"))
        #expect(
            try command("alter database d set location '/x'", AlterDatabase.self).change == .setLocation("/x"))
        #expect(try command("use `default`", UseDatabase.self).name == "default")
    }

    // MARK: Tables

    @Test func createsATableWithEveryClause() throws {
        let table = try command(
            """
            create external table if not exists DB.T (
                A int comment 'x', b struct<c:int,d:array<string>>, `e f` decimal(10,2))
            comment 'about' partitioned by (day date comment 'when', hour int)
            clustered by (a, b) sorted by (a desc, b) into 8 buckets
            row format delimited fields terminated by '|' escaped by '\\\\' collection items terminated by ','
                map keys terminated by ':' lines terminated by '\\n' null defined as 'NULL'
            stored as textfile location '/x' tblproperties ('k'='v')
            """, CreateTable.self)
        #expect(table.name.description == "db.t" && table.ifNotExists && table.isExternal)
        #expect(table.columns.map(\.name) == ["a", "b", "e f"])
        #expect(table.columns.map(\.type.name) == ["int", "struct<c:int,d:array<string>>", "decimal(10,2)"])
        #expect(table.columns.map(\.comment) == ["x", nil, nil])
        #expect(table.partitionKeys == [TableColumn("day", .date, comment: "when"), TableColumn("hour", .int)])
        #expect(table.comment == "about" && table.location == "/x" && table.parameters == ["k": "v"])
        #expect(
            table.bucketing
                == BucketingClause(
                    columns: ["a", "b"],
                    sortKeys: [.init("a", isAscending: false), .init("b", isAscending: true)], count: 8))
        #expect(
            table.storage.rowFormat
                == .delimited(
                    DelimitedRowFormat(
                        fieldDelimiter: "|", escape: "\\", collectionDelimiter: ",", mapKeyDelimiter: ":",
                        lineDelimiter: "\n", nullFormat: "NULL")))
        #expect(table.storage.fileFormat == .keyword("TEXTFILE"))
    }

    @Test func createsTablesByClassesLikeOthersAndFromQueries() throws {
        let classes = try command(
            """
            create table t (a int) row format serde 's' with serdeproperties ('x'='y')
            stored as inputformat 'i' outputformat 'o'
            """, CreateTable.self)
        #expect(classes.storage.rowFormat == .serde("s", properties: ["x": "y"]))
        #expect(classes.storage.fileFormat == .classes(input: "i", output: "o", serde: nil))
        let like = try command("create table t like d.u stored as rcfile location '/y'", CreateTableLike.self)
        #expect(like.source.description == "d.u" && like.location == "/y")
        #expect(like.storage.fileFormat == .keyword("RCFILE"))
        let query = try command(
            "create table t stored as sequencefile as select id, name n from item", CreateTableAsSelect.self)
        #expect(query.definition.storage.fileFormat == .keyword("SEQUENCEFILE"))
        #expect(query.query.output.map(\.name) == ["id", "n"])
    }

    @Test func dropsAndTruncatesTables() throws {
        let dropped = try command("drop table if exists d.t purge", DropTable.self)
        #expect(dropped.name.description == "d.t" && dropped.ifExists && !dropped.dropsView)
        #expect(dropped.name.position == SourcePosition(line: 1, column: 22))
        #expect(try command("drop view v", DropTable.self).dropsView)
        let truncated = try command("truncate table t partition (a='x', b=-1)", TruncateTable.self)
        #expect(truncated.partition == [PartitionValue("a", "x"), PartitionValue("b", "-1")])
    }

    @Test(arguments: [
        (
            "rename to d.u",
            AlterTable.Change.rename(to: TableName(database: "d", "u", at: SourcePosition(line: 1, column: 25)))
        ),
        (
            "add columns (a int, b string comment 'x') cascade",
            .addColumns([TableColumn("a", .int), TableColumn("b", .string, comment: "x")], cascade: true)
        ),
        ("replace columns (a int)", .replaceColumns([TableColumn("a", .int)], cascade: false)),
        (
            "change column a b bigint comment 'x' after c",
            .changeColumn("a", to: TableColumn("b", .bigint, comment: "x"), position: .after("c"), cascade: false)
        ),
        (
            "change a a int first cascade",
            .changeColumn("a", to: TableColumn("a", .int), position: .first, cascade: true)
        ),
        ("set tblproperties ('a'='b')", .setProperties(["a": "b"])),
        ("unset tblproperties if exists ('a', 'b')", .unsetProperties(["a", "b"], ifExists: true)),
        ("set location '/x'", .storage(.location("/x"))),
        ("set serde 's' with serdeproperties ('a'='b')", .storage(.serde("s", properties: ["a": "b"]))),
        ("set serdeproperties ('a'='b')", .storage(.serdeProperties(["a": "b"]))),
        ("set fileformat orc", .storage(.fileFormat(.keyword("ORC")))),
        (
            "set fileformat inputformat 'i' outputformat 'o' serde 's'",
            .storage(.fileFormat(.classes(input: "i", output: "o", serde: "s")))
        ),
        ("clustered by (a) into 4 buckets", .storage(.bucketing(BucketingClause(columns: ["a"], count: 4)))),
        ("not clustered", .storage(.bucketing(nil))),
    ])
    func altersTables(text: String, change: AlterTable.Change) throws {
        let altered = try command("alter table t " + text, AlterTable.self)
        #expect(altered.change == change)
        #expect(altered.table.name == "t" && !altered.isView)
    }

    @Test func altersViewsAndPartitions() throws {
        #expect(try command("alter view v set tblproperties ('a'='b')", AlterTable.self).isView)
        let added = try command(
            "alter table t add if not exists partition (a=1) location '/x' partition (a=date '2020-01-01')",
            AddPartitions.self)
        #expect(added.ifNotExists)
        #expect(
            added.partitions == [
                NewPartition(values: [PartitionValue("a", "1")], location: "/x"),
                NewPartition(values: [PartitionValue("a", "2020-01-01")]),
            ])
        let dropped = try command(
            "alter table t drop if exists partition (a >= 1, b <> 'x'), partition (a = 5L)", DropPartitions.self)
        #expect(
            dropped.partitions == [
                [PartitionCondition("a", .greaterOrEqual, "1"), PartitionCondition("b", .notEqual, "x")],
                [PartitionCondition("a", .equal, "5")],
            ])
        let renamed = try command("alter table t partition (a=1) rename to partition (a=2)", RenamePartition.self)
        #expect(renamed.from == [PartitionValue("a", "1")] && renamed.to == [PartitionValue("a", "2")])
        let altered = try command("alter table t partition (a=1) set location '/x'", AlterPartition.self)
        #expect(altered.change == .location("/x"))
    }

    // MARK: Show and describe

    @Test func showsThings() throws {
        #expect(try command("show databases like 'a*|b'", ShowDatabases.self).pattern == .hive("a*|b"))
        let tables = try command("show tables from d like 'a%'", ShowTables.self)
        #expect(tables.database == "d" && tables.pattern == .like("a%") && tables.kind == nil)
        #expect(try command("show views", ShowTables.self).kind == .view)
        #expect(try command("show columns in t from d", ShowColumns.self).table.description == "d.t")
        #expect(try command("show partitions d.t partition (a=1)", ShowPartitions.self).partition.count == 1)
        #expect(try command("show create table t", ShowCreateTable.self).table.name == "t")
        #expect(try command("show create database d", ShowCreateDatabase.self).name == "d")
        #expect(try command("show tblproperties t ('k')", ShowTableProperties.self).key == "k")
        #expect(try command("show functions", ShowFunctions.self).pattern == nil)
        #expect(try command("show table extended in d like t", ShowTableExtended.self).pattern == .hive("t"))
    }

    @Test func describesThings() throws {
        let table = try command("desc formatted d.t partition (a=1) c.$elem$.f", DescribeTable.self)
        #expect(table.style == .formatted && table.column == ["c", "$elem$", "f"] && table.partition.count == 1)
        #expect(try command("describe extended t", DescribeTable.self).style == .extended)
        #expect(try command("describe formatted", DescribeTable.self).table.name == "formatted")
        #expect(try command("describe database extended d", DescribeDatabase.self).isExtended)
        #expect(try command("describe function extended between", DescribeFunction.self).name == "between")
        #expect(try command("describe function '+'", DescribeFunction.self).name == "+")
    }

    // MARK: Writing

    @Test func loadsData() throws {
        let load = try command(
            "load data local inpath '/x/*' overwrite into table d.t partition (a='1')", LoadData.self)
        #expect(load.path == "/x/*" && load.isLocal && load.isOverwrite && load.table.description == "d.t")
        #expect(load.partition == [PartitionValue("a", "1")])
    }

    @Test func insertsIntoPartitions() throws {
        let insert = try #require(
            try command(
                "insert overwrite table sale partition (day='2020-01-01', hour) if not exists select 1, '2', null, 3",
                InsertIntoTable.self
            ).inserts.first)
        #expect(insert.isOverwrite && insert.ifNotExists)
        #expect(insert.partition == [PartitionValue("day", "2020-01-01"), PartitionValue("hour", nil)])
        #expect(insert.query.output.map(\.type) == [.bigint, .int, .string, .int])
        let dynamic = try #require(
            try command(
                "insert into sale partition (day, hour) (customer, item) values ('x', 1, '2020-01-01', 5)",
                InsertIntoTable.self
            )
            .inserts.first)
        #expect(dynamic.partition == [PartitionValue("day", nil), PartitionValue("hour", nil)])
        #expect(dynamic.query.output.map(\.type) == [.bigint, .int, .string, .date, .int])
    }

    @Test func insertsIntoSeveralTables() throws {
        let inserts = try command(
            """
            with c as (select id, name from item) from c i
            insert into archive.item select id, name, null where id > 1
            insert overwrite table item select id, name, 1.5 order by id limit 3
            """, InsertIntoTable.self
        ).inserts
        #expect(inserts.map(\.table.description) == ["archive.item", "item"])
        #expect(inserts.map(\.isOverwrite) == [false, true])
    }

    @Test func insertsIntoDirectories() throws {
        let insert = try command(
            "insert overwrite local directory '/x' row format delimited fields terminated by ',' select id from item",
            InsertIntoDirectory.self)
        #expect(insert.path == "/x" && insert.isLocal)
        #expect(insert.storage.rowFormat == .delimited(DelimitedRowFormat(fieldDelimiter: ",")))
        #expect(insert.query.output.map(\.name) == ["id"])
    }

    @Test func saysWhatAnInsertLacks() throws {
        #expect(try error("insert into itm select 1") == "line 1:13: no such table: itm (did you mean item?)")
        #expect(
            try error("from item insert into item select 1, 'x', 2 insert overwrite directory '/x' select 1")
                == "line 1:1: inserts into a directory among others are not supported")
        #expect(
            try error("insert into sale partition (dy='x', hour) select 1, 2, 3, 4")
                == "line 1:29: no such partition column: dy (did you mean day?)")
    }

    // MARK: Explain

    @Test func explainsWhatHasAPlan() throws {
        for (text, isExtended) in [
            ("explain select id from item", false), ("explain extended select id from item", true),
            ("explain formatted insert into archive.item select id, name, null from item", false),
            ("explain logical create table t as select id from item", false),
        ] {
            let statement = try #require(try HiveQL().parse(text).first)
            guard case .explain(let explained) = try statement.analyze(in: BindingWorld.shop.context) else {
                Issue.record("not explained: \(text)")
                continue
            }
            #expect(explained.isExtended == isExtended)
            #expect(!explained.plan.output.isEmpty)
        }
        #expect(
            try error("explain drop table t")
                == "line 1:9: this statement has no plan: only queries and what writes their rows can be explained")
    }

    @Test func analyzesQueries() throws {
        let statements = try HiveQL().parse("select id from item; ; select name from item;")
        #expect(statements.map(\.position.column) == [1, 24])
        guard case .query(let plan) = try statements[1].analyze(in: BindingWorld.shop.context) else {
            Issue.record("expected a query")
            return
        }
        #expect(plan.output.map(\.name) == ["name"])
    }
}
