import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Testing

struct PartitionTests {
    private let world = TestWorld()
    private let name = TableName("t")

    private func create() throws {
        try world.run(
            CreateTable(
                name: name, columns: [TableColumn("a", .int)],
                partitionKeys: [TableColumn("p", .string), TableColumn("q", .int)]))
    }

    private func values(_ p: String?, _ q: String?) -> [PartitionValue] {
        [PartitionValue("p", p), PartitionValue("q", q)]
    }

    private func partitions() throws -> [String] { try world.run(ShowPartitions(table: name)).map { $0[0] ?? "" } }

    private func insert(
        _ rows: [[Any]], _ partition: [PartitionValue], overwrite: Bool = false, ifNotExists: Bool = false
    ) throws {
        try world.run(
            InsertIntoTable(inserts: [
                TableInsert(
                    table: name, isOverwrite: overwrite, ifNotExists: ifNotExists, partition: partition,
                    query: .of(rows))
            ]))
    }

    @Test func addsShowsRenamesAndDrops() throws {
        try create()
        let new = [NewPartition(values: values("x y/z", "3")), NewPartition(values: values("b", "04"))]
        try world.run(AddPartitions(table: name, partitions: new))
        #expect(try partitions() == ["p=b/q=4", "p=x y%2Fz/q=3"])
        #expect(errorOf { try world.run(AddPartitions(table: name, partitions: new)) }?.code == "PARTITION_EXISTS")
        try world.run(AddPartitions(table: name, partitions: new, ifNotExists: true))
        #expect(try world.run(ShowPartitions(table: name, partition: [PartitionValue("p", "b")])) == [["p=b/q=4"]])
        try insert([[1]], values("b", "4"))
        try world.run(RenamePartition(table: name, from: values("b", "4"), to: values("c", "5")))
        #expect(try world.rows(of: "t") == ["p=c/q=5:1"])
        try world.run(DropPartitions(table: name, partitions: [[PartitionCondition("q", .greater, "4")]]))
        #expect(try partitions() == ["p=x y%2Fz/q=3"])
        #expect(try world.names(in: "t") == ["p=b", "p=x y%2Fz"])
        let nothing = DropPartitions(table: name, partitions: [[PartitionCondition("p", .equal, "nosuch")]])
        #expect(errorOf { try world.run(nothing) }?.code == "PARTITION_NOT_FOUND")
    }

    @Test func refusesValuesThatCannotBe() throws {
        try create()
        func code(_ values: [PartitionValue]) -> String? {
            errorOf { try world.run(AddPartitions(table: name, partitions: [NewPartition(values: values)])) }?.code
        }
        #expect(code([PartitionValue("p", "x")]) == "PARTITION_VALUES")
        #expect(code(values("x", "seven")) == "PARTITION_VALUES")
        #expect(code(values("", "7")) == "PARTITION_VALUES")
        #expect(code([PartitionValue("r", "x")]) == "PARTITION_KEY_NOT_FOUND")
        #expect(code(values("x", "1") + [PartitionValue("q", "2")]) == "PARTITION_VALUES")
    }

    @Test func insertsIntoStaticAndDynamicPartitions() throws {
        try create()
        try insert([[1], [2]], values("x", "1"))
        try insert([[3, 1], [4, 2]], values("x", nil))
        #expect(try world.rows(of: "t") == ["p=x/q=1:1", "p=x/q=1:2", "p=x/q=1:3", "p=x/q=2:4"])
        try insert([[9]], values("x", "1"), overwrite: true, ifNotExists: true)
        try insert([[5]], values("x", "1"), overwrite: true)
        #expect(try world.rows(of: "t") == ["p=x/q=1:5", "p=x/q=2:4"])
        let table = try #require(try world.metastore.table("t", in: "default"))
        let partition = try #require(try world.metastore.partition(["x", "1"], of: table))
        #expect(partition.parameters["numRows"] == "1" && partition.parameters["numFiles"] == "1")
        #expect(try world.names(in: "t") == ["p=x"])
    }

    @Test func obeysStrictMode() throws {
        try create()
        #expect(errorOf { try insert([[1, "x", 2]], values(nil, nil)) }?.code == "DYNAMIC_PARTITION_STRICT_MODE")
        world.testSession.settings["hive.exec.dynamic.partition.mode"] = "nonstrict"
        try insert([[1, "x", 2]], values(nil, nil))
        #expect(
            errorOf { try insert([[1, "x"]], [PartitionValue("q", "2"), PartitionValue("p", nil)]) }?.code
                == "PARTITION_ORDER")
        world.testSession.settings["hive.exec.max.dynamic.partitions"] = "1"
        #expect(errorOf { try insert([[1, "y", 1], [1, "y", 2]], values(nil, nil)) }?.code == "TOO_MANY_PARTITIONS")
        world.testSession.settings["hive.exec.dynamic.partition"] = "false"
        #expect(errorOf { try insert([[1, 2]], values("x", nil)) }?.code == "DYNAMIC_PARTITION_DISABLED")
        #expect(try world.rows(of: "t") == ["p=x/q=2:1"])
    }

    @Test func writesNullsAndOddNamesIntoTheirDirectories() throws {
        try create()
        world.testSession.settings["hive.exec.dynamic.partition.mode"] = "nonstrict"
        try insert([[1, "a/b=c%", 1], [2, "", 2]], values(nil, nil))
        #expect(try partitions() == ["p=__HIVE_DEFAULT_PARTITION__/q=2", "p=a%2Fb%3Dc%25/q=1"])
        #expect(try world.rows(of: "t").count == 2)
    }

    @Test func loadsFiles() throws {
        try create()
        let files = try world.fileSystems.serving(world.warehouse)
        for name in ["x.txt", "y.txt", "_hidden"] {
            try files.write(Array("\(name)\n".utf8), to: FileLocation(scheme: "memory", path: "/in/\(name)"))
        }
        #expect(errorOf { try world.run(LoadData(path: "/in", table: name)) }?.code == "PARTITION_VALUES")
        try world.run(LoadData(path: "/in/x*", table: name, partition: values("a", "1")))
        try world.run(LoadData(path: "/in", table: name, partition: values("a", "1")))
        #expect(try world.rows(of: "t") == ["p=a/q=1:x.txt", "p=a/q=1:y.txt"])
        #expect(try files.list(FileLocation(scheme: "memory", path: "/in")).map(\.location.name) == ["_hidden"])
        #expect(
            errorOf { try world.run(LoadData(path: "/in/none", table: name, partition: values("a", "1"))) }?.code
                == "FILE_NOT_FOUND")
    }

    @Test func loadsLocalFilesByCopyUnderFreeNames() throws {
        let directory = TemporaryDirectory()
        let source = directory.location.appending("data.txt")
        try LocalFileSystem().write(Array("1\n".utf8), to: source)
        try world.run(CreateTable(name: TableName("u"), columns: [TableColumn("a", .int)]))
        let load = LoadData(path: source.path, isLocal: true, table: TableName("u"))
        try world.run(load)
        try world.run(load)
        #expect(try world.names(in: "u") == ["data.txt", "data_copy_1.txt"])
        try world.run(LoadData(path: source.path, isLocal: true, isOverwrite: true, table: TableName("u")))
        #expect(try world.names(in: "u") == ["data.txt"])
        #expect(try LocalFileSystem().status(source) != nil)
    }

    @Test func refusesFilesOfAnotherFormat() throws {
        try world.run(
            CreateTable(
                name: TableName("s"), columns: [TableColumn("a", .int)],
                storage: StorageClause(fileFormat: .keyword("SEQUENCEFILE"))))
        let files = try world.fileSystems.serving(world.warehouse)
        try files.write(Array("text".utf8), to: FileLocation(scheme: "memory", path: "/in/text"))
        #expect(errorOf { try world.run(LoadData(path: "/in/text", table: TableName("s"))) }?.code == "WRONG_FORMAT")
        #expect(try files.status(FileLocation(scheme: "memory", path: "/in/text")) != nil)
    }

    @Test func overwritesDirectories() throws {
        let files = try world.fileSystems.serving(world.warehouse)
        try files.write([1], to: FileLocation(scheme: "memory", path: "/out/old"))
        try world.run(InsertIntoDirectory(path: "/out", isLocal: false, query: .rows([1], [2])))
        #expect(
            try files.list(FileLocation(scheme: "memory", path: "/out")).map(\.location.name) == [
                "000000_0", "000001_0",
            ])
        let directory = TemporaryDirectory()
        let target = directory.location.appending("deep/out")
        try world.run(InsertIntoDirectory(path: target.path, isLocal: true, query: .rows([7])))
        #expect(try LocalFileSystem().contents(of: target.appending("000000_0")) == Array("7\n".utf8))
    }
}
