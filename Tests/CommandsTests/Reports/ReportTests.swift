import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyPlan
import Testing

/// What is expected was printed by Hive 2.3 for the same table.
struct ReportTests {
    private let world = TestWorld()

    private func createTable() throws {
        try world.run(
            CreateTable(
                name: TableName("T1"),
                columns: [
                    TableColumn("a", .int, comment: "the a"), TableColumn("B", .string),
                    TableColumn("s", .structure([Field("x", .int), Field("y", .string)])),
                ],
                partitionKeys: [TableColumn("p", .string, comment: "pp"), TableColumn("q", .int)], comment: "a table",
                storage: StorageClause(
                    rowFormat: .delimited(
                        DelimitedRowFormat(
                            fieldDelimiter: ",", escape: "\\", collectionDelimiter: "|", mapKeyDelimiter: ":",
                            lineDelimiter: "\n", nullFormat: "NUL")), fileFormat: .keyword("TextFile")),
                parameters: ["k1": "v1", "k2": "v'2"]))
    }

    /// Rows as the CLI prints them.
    private func lines(_ command: any Command) throws -> [String] {
        try world.run(command).map { $0.map { $0 ?? "NULL" }.joined(separator: "\t") }
    }

    @Test func showsHowATableIsCreated() throws {
        try createTable()
        #expect(
            try lines(ShowCreateTable(table: TableName("t1"))) == [
                "CREATE TABLE `t1`(", "  `a` int COMMENT 'the a', ", "  `b` string, ", "  `s` struct<x:int,y:string>)",
                "COMMENT 'a table'", "PARTITIONED BY ( ", "  `p` string COMMENT 'pp', ", "  `q` int)",
                "ROW FORMAT SERDE ",
                "  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' ", "WITH SERDEPROPERTIES ( ",
                "  'colelction.delim'='|', ", "  'escape.delim'='\\\\', ", "  'field.delim'=',', ",
                "  'line.delim'='\\n', ",
                "  'mapkey.delim'=':', ", "  'serialization.format'=',', ", "  'serialization.null.format'='NUL') ",
                "STORED AS INPUTFORMAT ", "  'org.apache.hadoop.mapred.TextInputFormat' ", "OUTPUTFORMAT ",
                "  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'", "LOCATION",
                "  'memory:/warehouse/t1'",
                "TBLPROPERTIES (", "  'k1'='v1', ", "  'k2'='v\\'2', ", "  'transient_lastDdlTime'='1795350270')",
            ])
    }

    @Test func showsExternalAndBucketedTables() throws {
        try world.run(
            CreateTable(
                name: TableName("e"), isExternal: true, columns: [TableColumn("a", .int)],
                bucketing: BucketingClause(columns: ["a"], sortKeys: [.init("a", isAscending: false)], count: 4),
                storage: StorageClause(fileFormat: .keyword("rcfile")), location: "/data/e"))
        #expect(
            try lines(ShowCreateTable(table: TableName(database: "default", "e"))) == [
                "CREATE EXTERNAL TABLE `default`.`e`(", "  `a` int)", "CLUSTERED BY ( ", "  a) ", "SORTED BY ( ",
                "  a DESC) ",
                "INTO 4 BUCKETS", "ROW FORMAT SERDE ",
                "  'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe' ",
                "STORED AS INPUTFORMAT ", "  'org.apache.hadoop.hive.ql.io.RCFileInputFormat' ", "OUTPUTFORMAT ",
                "  'org.apache.hadoop.hive.ql.io.RCFileOutputFormat'", "LOCATION", "  'memory:/data/e'",
                "TBLPROPERTIES (",
                "  'transient_lastDdlTime'='1795350270')",
            ])
    }

    @Test func describesATableInBrief() throws {
        try createTable()
        #expect(
            try lines(DescribeTable(table: TableName("t1"))) == [
                "a                   \tint                 \tthe a               ",
                "b                   \tstring              \t                    ",
                "s                   \tstruct<x:int,y:string>\t                    ",
                "p                   \tstring              \tpp                  ",
                "q                   \tint                 \t                    ", "\t \t ",
                "# Partition Information\t \t ",
                "# col_name            \tdata_type           \tcomment             ", "\t \t ",
                "p                   \tstring              \tpp                  ",
                "q                   \tint                 \t                    ",
            ])
        let extended = try lines(DescribeTable(table: TableName("t1"), style: .extended))
        #expect(extended.count == 13 && extended[11] == "\t \t ")
        #expect(extended[12].hasPrefix("Detailed Table Information\tTable(tableName:t1, dbName:default, owner:bee, "))
    }

    @Test func describesATableInFull() throws {
        try createTable()
        let lines = try lines(DescribeTable(table: TableName("t1"), style: .formatted))
        #expect(
            lines.dropFirst(12) == [
                "# Detailed Table Information\t \t ", "Database:           \tdefault             \t ",
                "Owner:              \tbee                 \t ",
                "CreateTime:         \tSun Nov 22 12:24:30 UTC 2026\t ",
                "LastAccessTime:     \tUNKNOWN             \t ",
                "Retention:          \t0                   \t ", "Location:           \tmemory:/warehouse/t1\t ",
                "Table Type:         \tMANAGED_TABLE       \t ", "Table Parameters:\t \t ",
                "\tcomment             \ta table             ", "\tk1                  \tv1                  ",
                "\tk2                  \tv'2                 ", "\ttransient_lastDdlTime\t1795350270          ",
                "\t \t ",
                "# Storage Information\t \t ",
                "SerDe Library:      \torg.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe\t ",
                "InputFormat:        \torg.apache.hadoop.mapred.TextInputFormat\t ",
                "OutputFormat:       \torg.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat\t ",
                "Compressed:         \tNo                  \t ", "Num Buckets:        \t-1                  \t ",
                "Bucket Columns:     \t[]                  \t ", "Sort Columns:       \t[]                  \t ",
                "Storage Desc Params:\t \t ", "\tcolelction.delim    \t|                   ",
                "\tescape.delim        \t\\\\                  ", "\tfield.delim         \t,                   ",
                "\tline.delim          \t\\n                  ", "\tmapkey.delim        \t:                   ",
                "\tserialization.format\t,                   ", "\tserialization.null.format\tNUL                 ",
            ])
    }

    @Test func describesPartitionsAndColumns() throws {
        try createTable()
        let values = [PartitionValue("p", "b"), PartitionValue("q", "04")]
        try world.run(AddPartitions(table: TableName("t1"), partitions: [NewPartition(values: values)]))
        let lines = try lines(DescribeTable(table: TableName("t1"), style: .formatted, partition: values))
        #expect(lines.contains("Partition Value:    \t[b, 4]              \t "))
        #expect(lines.contains("Location:           \tmemory:/warehouse/t1/p=b/q=4\t "))
        #expect(
            try self.lines(DescribeTable(table: TableName("t1"), column: ["s", "y"])) == [
                "y                   \tstring              \t                    "
            ])
        #expect(
            errorOf { try world.run(DescribeTable(table: TableName("t1"), column: ["ss"])) }?.message
                == "no such column: ss (did you mean s?)")
    }

    @Test func listsNamesByPattern() throws {
        for name in ["e1", "t1", "t2"] {
            try world.run(CreateTable(name: TableName(name), columns: [TableColumn("a", .int)]))
        }
        #expect(try lines(ShowTables()) == ["e1", "t1", "t2"])
        #expect(try lines(ShowTables(pattern: .hive("T*"))) == ["t1", "t2"])
        #expect(try lines(ShowTables(pattern: .hive("t1|e*"))) == ["e1", "t1"])
        #expect(try lines(ShowTables(pattern: .like("_2"))) == ["t2"])
        #expect(try lines(ShowTables(pattern: .hive("x"))) == [])
        #expect(try lines(ShowColumns(table: TableName("t1"))) == ["a                   "])
        #expect(
            errorOf { try world.run(ShowTables(database: "defalt")) }?.message
                == "no such database: defalt (did you mean default?)")
    }

    @Test func describesDatabases() throws {
        try world.run(CreateDatabase(name: "Db1", comment: "my db", parameters: ["x": "1", "y": "2"]))
        #expect(try lines(DescribeDatabase(name: "db1")) == ["db1\tmy db\tmemory:/warehouse/db1.db\tbee\tUSER\t"])
        #expect(try lines(DescribeDatabase(name: "db1", isExtended: true))[0].hasSuffix("\tUSER\t{x=1, y=2}"))
        #expect(try lines(ShowDatabases(pattern: .hive("d*"))) == ["db1", "default"])
        #expect(try lines(ShowCreateDatabase(name: "db1"))[0] == "CREATE DATABASE `db1`")
    }

    @Test func showsPropertiesAndFunctions() throws {
        try createTable()
        #expect(try lines(ShowTableProperties(table: TableName("t1")))[1] == "k1\tv1")
        #expect(try lines(ShowTableProperties(table: TableName("t1"), key: "k1")) == ["v1\t "])
        #expect(try lines(DescribeFunction(name: "nosuch")) == ["Function 'nosuch' does not exist."])
    }

    @Test func matchesPatternsInBoundedTime() {
        let pattern = NamePattern.hive(String(repeating: "a*", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }
}
