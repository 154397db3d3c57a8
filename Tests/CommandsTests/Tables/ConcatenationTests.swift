import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Testing

struct ConcatenationTests {
    private let world = TestWorld()
    private let name = TableName("t")

    private func insert(_ rows: [[Any]], _ partition: [PartitionValue] = []) throws {
        try world.run(
            InsertIntoTable(inserts: [
                TableInsert(table: name, isOverwrite: false, partition: partition, query: .of(rows))
            ]))
    }

    private func files() throws -> [[String?]] { try world.run(ShowFiles(table: name)) }

    @Test func manyFilesBecomeOneWithTheirStatistics() throws {
        try world.run(CreateTable(name: name, columns: [TableColumn("a", .int)]))
        try insert([[1], [2]])
        try insert([[3], [4]])
        #expect(try files().count == 4)
        try world.run(ConcatenateTable(table: name))
        #expect(try files() == [["memory:/warehouse/t/000000_0", "8B", ""]])
        #expect(try world.rows(of: "t") == ["1", "2", "3", "4"])
        let table = try #require(try world.metastore.table("t", in: "default"))
        #expect(table.parameters["numFiles"] == "1" && table.parameters["numRows"] == "4")
        #expect(table.parameters["totalSize"] == "8")
        #expect(try world.names(in: "t").filter { $0.hasPrefix("_") } == [])
    }

    @Test func rowsThatCameMeanwhileStopIt() throws {
        try world.run(CreateTable(name: name, columns: [TableColumn("a", .int)]))
        try insert([[1], [2]])
        world.afterWriting = { [world] in
            world.afterWriting = {}
            try insert([[5]])
        }
        #expect(errorOf { try world.run(ConcatenateTable(table: name)) }?.code == "TABLE_CHANGED")
        #expect(try world.rows(of: "t") == ["1", "2", "5"])
        world.afterWriting = { [world] in
            let file = world.warehouse.appending("t/by_hand")
            try world.fileSystems.serving(file).write(Array("6\n".utf8), to: file)
        }
        #expect(errorOf { try world.run(ConcatenateTable(table: name)) }?.code == "TABLE_CHANGED")
        #expect(try world.rows(of: "t") == ["1", "2", "5", "6"])
    }

    @Test func partitionsAreMergedOneByOne() throws {
        try world.run(
            CreateTable(
                name: name, columns: [TableColumn("a", .int)], partitionKeys: [TableColumn("p", .string)]))
        for p in ["x", "y"] { try insert([[1], [2]], [PartitionValue("p", p)]) }
        #expect(errorOf { try world.run(ConcatenateTable(table: name)) }?.code == "PARTITION_VALUES")
        try world.run(ConcatenateTable(table: name, partition: [PartitionValue("p", "x")]))
        #expect(try files().map { $0[2] } == ["p=x", "p=y", "p=y"])
        #expect(try world.run(ShowFiles(table: name, partition: [PartitionValue("p", "y")])).count == 2)
    }

    @Test func bucketsStayAsTheyAre() throws {
        try world.run(
            CreateTable(
                name: name, columns: [TableColumn("a", .int)], bucketing: BucketingClause(columns: ["a"], count: 2)))
        #expect(errorOf { try world.run(ConcatenateTable(table: name)) }?.code == "BUCKETED_TABLE")
        let retyped = AlterTable.Change.changeColumn(
            "a", to: TableColumn("a", .bigint), position: nil, cascade: false)
        #expect(errorOf { try world.run(AlterTable(table: name, change: retyped)) }?.code == "BUCKET_COLUMN")
        let load = LoadData(path: "/in", table: name)
        #expect(errorOf { try world.run(load) }?.code == "BUCKETED_TABLE")
    }
}
