import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Testing

/// Kills a command at each of its changes of files, one after another, and looks at what the next to come finds.
struct CrashTests {
    /// Runs `command` in a world made by `prepare`, killed at the n-th change for every n; `states` are what may be found.
    private func crash(
        _ command: any Command, prepare: (TestWorld) throws -> Void, look: (TestWorld) throws -> [String],
        before: [String], after: [String]
    ) throws {
        var found: Set<[String]> = []
        for number in 1..<1000 {
            let files = MemoryFileSystem()
            let world = TestWorld(files)
            try prepare(world)
            #expect(try look(world) == before)
            files.crash(atMutation: number)
            let failure = errorOf { try world.run(command) }
            files.observe(nil)
            let rows = try look(world)
            #expect(rows == before || rows == after, "killed at change \(number): \(rows)")
            #expect(try look(world) == rows, "it stays so")
            #expect(try world.settled.pending().isEmpty)
            found.insert(rows)
            if failure == nil {
                #expect(rows == after && number > 3)
                #expect(found == [before, after])
                return
            }
        }
        Issue.record("the command never ended")
    }

    private func prepareTable(_ world: TestWorld) throws {
        try world.run(CreateTable(name: TableName("t"), columns: [TableColumn("a", .int)]))
        try world.run(insert([[1], [2], [3]]))
    }

    private func insert(_ rows: [[Any]], overwrite: Bool = false, _ partition: [PartitionValue] = []) -> InsertIntoTable
    {
        InsertIntoTable(inserts: [
            TableInsert(table: TableName("t"), isOverwrite: overwrite, partition: partition, query: .of(rows))
        ])
    }

    @Test func insertAddsAllRowsOrNone() throws {
        try crash(
            insert([[4], [5]]), prepare: prepareTable, look: { try $0.rows(of: "t") }, before: ["1", "2", "3"],
            after: ["1", "2", "3", "4", "5"])
    }

    @Test func overwriteLeavesOldRowsOrNewRows() throws {
        try crash(
            insert([[4], [5]], overwrite: true), prepare: prepareTable, look: { try $0.rows(of: "t") },
            before: ["1", "2", "3"], after: ["4", "5"])
    }

    private func preparePartitions(_ world: TestWorld) throws {
        world.testSession.settings["hive.exec.dynamic.partition.mode"] = "nonstrict"
        try world.run(
            CreateTable(
                name: TableName("t"), columns: [TableColumn("a", .int)], partitionKeys: [TableColumn("p", .string)]))
        try world.run(insert([[1, "x"], [2, "x"], [3, "y"]], [PartitionValue("p", nil)]))
    }

    @Test func dynamicInsertAddsToAllPartitionsOrNone() throws {
        try crash(
            insert([[4, "x"], [5, "z"]], [PartitionValue("p", nil)]), prepare: preparePartitions,
            look: { try $0.rows(of: "t") }, before: ["p=x:1", "p=x:2", "p=y:3"],
            after: ["p=x:1", "p=x:2", "p=x:4", "p=y:3", "p=z:5"])
    }

    @Test func dynamicOverwriteReplacesAllItsPartitionsOrNone() throws {
        try crash(
            insert([[4, "x"], [5, "z"]], overwrite: true, [PartitionValue("p", nil)]), prepare: preparePartitions,
            look: { try $0.rows(of: "t") }, before: ["p=x:1", "p=x:2", "p=y:3"], after: ["p=x:4", "p=y:3", "p=z:5"])
    }

    @Test func insertsOfOneStatementHappenTogether() throws {
        let both = InsertIntoTable(
            inserts: ["t", "u"].map {
                TableInsert(table: TableName($0), isOverwrite: true, query: .rows([7]))
            })
        try crash(
            both,
            prepare: { world in
                try prepareTable(world)
                try world.run(CreateTable(name: TableName("u"), columns: [TableColumn("a", .int)]))
            }, look: { try $0.rows(of: "t") + ["|"] + $0.rows(of: "u") }, before: ["1", "2", "3", "|"],
            after: ["7", "|", "7"])
    }

    @Test func createAsSelectMakesTheTableWithItsRowsOrNone() throws {
        let command = CreateTableAsSelect(
            definition: CreateTable(name: TableName("c"), columns: []), query: .rows([1], [2]))
        try crash(
            command, prepare: prepareTable,
            look: { try $0.metastore.table("c", in: "default") == nil ? ["none"] : $0.rows(of: "c") }, before: ["none"],
            after: ["1", "2"])
    }

    @Test func truncateEmptiesTheTableOrLeavesIt() throws {
        try crash(
            TruncateTable(table: TableName("t")), prepare: prepareTable, look: { try $0.rows(of: "t") },
            before: ["1", "2", "3"], after: [])
    }

    @Test func concatenationLeavesOldFilesOrNewOnes() throws {
        try crash(
            ConcatenateTable(table: TableName("t")), prepare: prepareTable,
            look: { world in
                // Whoever looks the table up finishes what was decided.
                let rows = try world.rows(of: "t")
                return [String(try world.names(in: "t").filter { !$0.hasPrefix("_") }.count)] + rows
            }, before: ["2", "1", "2", "3"], after: ["1", "1", "2", "3"])
    }

    @Test func dropTakesTableAndFilesOrNeither() throws {
        try crash(
            DropTable(name: TableName("t")), prepare: prepareTable,
            look: { world in
                guard try world.metastore.table("t", in: "default") == nil else { return try world.rows(of: "t") }
                return try world.names(in: "").filter { !$0.hasPrefix("_") }
            }, before: ["1", "2", "3"], after: [])
    }

    @Test func renameTakesTheFilesAlong() throws {
        try crash(
            AlterTable(table: TableName("t"), change: .rename(to: TableName("u"))), prepare: prepareTable,
            look: { world in
                let name = try world.metastore.tables(in: "default")[0]
                return [name] + (try world.rows(of: name))
            }, before: ["t", "1", "2", "3"], after: ["u", "1", "2", "3"])
    }

    @Test func loadMovesAllFilesOrNone() throws {
        try crash(
            LoadData(path: "/in", isOverwrite: true, table: TableName("t")),
            prepare: { world in
                try prepareTable(world)
                let files = try world.fileSystems.serving(world.warehouse)
                try files.write(Array("7\n".utf8), to: FileLocation(scheme: "memory", path: "/in/x"))
                try files.write(Array("8\n".utf8), to: FileLocation(scheme: "memory", path: "/in/000000_0"))
            },
            look: { world in try world.rows(of: "t") + ["|"] + world.lines(at: "memory:/in").sorted() },
            before: ["1", "2", "3", "|", "7", "8"], after: ["7", "8", "|"])
    }

    @Test func dropPartitionTakesAllOrNone() throws {
        let drop = DropPartitions(
            table: TableName("t"), partitions: [[PartitionCondition("p", .greaterOrEqual, "x")]])
        try crash(
            drop, prepare: preparePartitions,
            look: { world in try world.rows(of: "t") + world.names(in: "t").filter { !$0.hasPrefix("_") } },
            before: ["p=x:1", "p=x:2", "p=y:3", "p=x", "p=y"], after: [])
    }
}
