import HoneyCatalog
import HoneyCore
import Testing

/// What every metastore must do.
struct MetastoreContractTests {
    private let metastore: any Metastore = SQLiteMetastore(inMemoryWithWarehouse: "file:/warehouse")

    @Test func beginsWithTheDefaultDatabase() throws {
        #expect(try metastore.databases() == ["default"])
        let database = try #require(try metastore.database("DEFAULT"))
        #expect(
            database.location == "file:/warehouse" && database.ownerName == "public" && database.ownerType == "ROLE")
    }

    @Test func keepsDatabases() throws {
        try metastore.create(Database(name: "Sales", comment: "c", location: "file:/s", parameters: ["a": "1"]))
        var sales = try #require(try metastore.database("sALES"))
        #expect(sales.name == "sales" && sales.comment == "c" && sales.parameters == ["a": "1"])
        #expect(errorOf { try metastore.create(sales) }?.code == "DATABASE_EXISTS")
        sales.parameters = ["b": "2"]
        sales.ownerName = "bee"
        try metastore.alter(sales)
        #expect(try metastore.database("sales") == sales)
        #expect(try metastore.databases() == ["default", "sales"])
        try metastore.dropDatabase("SALES", cascade: false)
        #expect(try metastore.database("sales") == nil)
    }

    @Test func dropsADatabaseWithTablesOnlyInCascade() throws {
        try metastore.create(Database(name: "sales", location: "file:/s"))
        let table = try metastore.create(Table.flights(database: "sales"))
        try metastore.add([table.partition("2008", "x")], to: table, ifNotExists: false)
        #expect(errorOf { try metastore.dropDatabase("sales", cascade: false) }?.code == "DATABASE_NOT_EMPTY")
        #expect(try metastore.tables(in: "sales") == ["flights"])
        try metastore.dropDatabase("sales", cascade: true)
        #expect(errorOf { _ = try metastore.tables(in: "sales") }?.code == "DATABASE_NOT_FOUND")
    }

    @Test func givesTablesBackAsTheyWere() throws {
        let stored = try metastore.create(Table.flights("Flights"))
        #expect(stored.id > 0 && stored.name == "flights")
        var expected = Table.flights()
        expected.id = stored.id
        expected.storage.location = "file:/warehouse/Flights"
        #expect(try metastore.table("FLIGHTS", in: "Default") == expected)
        #expect(try metastore.table("flight", in: "default") == nil)
        #expect(errorOf { _ = try metastore.create(Table.flights()) }?.code == "TABLE_EXISTS")
        let view = Table(
            database: "default", name: "v", kind: .view,
            storage: StorageDescriptor(
                columns: [TableColumn("x", .int)], location: "", inputFormat: "", outputFormat: "",
                serde: SerDeInfo(library: "")), viewOriginalText: "select x", viewExpandedText: "select `x`")
        let storedView = try metastore.create(view)
        #expect(try metastore.table("v", in: "default") == storedView)
        #expect(try metastore.tables(in: "default") == ["flights", "v"])
    }

    @Test func suggestsTheNearestName() throws {
        _ = try metastore.create(Table.flights())
        #expect(
            errorOf { try metastore.dropTable("fligths", in: "default") }?.message
                == "no such table: default.fligths (did you mean flights?)")
        #expect(
            errorOf { _ = try metastore.tables(in: "defualt") }?.message
                == "no such database: defualt (did you mean default?)")
    }

    @Test func altersAndRenamesTables() throws {
        try metastore.create(Database(name: "other", location: "file:/o"))
        var table = try metastore.create(Table.flights())
        try metastore.add([table.partition("2008", "x")], to: table, ifNotExists: false)
        table.storage.columns.append(TableColumn("more", .date))
        table.storage.serde.properties = ["x": "y"]
        table.storage.bucketColumns = []
        table.parameters = ["changed": "yes"]
        try metastore.alter("FLIGHTS", in: "default", to: table)
        #expect(try metastore.table("flights", in: "default") == table)
        // The partition keeps the columns it was written with.
        #expect(try metastore.partitions(of: table)[0].storage.columns.count == 4)
        table.name = "trips"
        table.database = "other"
        table.storage.location = "file:/o/trips"
        try metastore.alter("flights", in: "default", to: table)
        #expect(try metastore.table("flights", in: "default") == nil)
        #expect(try metastore.table("trips", in: "other") == table)
        #expect(try metastore.partitions(of: table)[0].storage.location == "file:/o/trips/year=2008/city=x")
        _ = try metastore.create(Table.flights())
        #expect(errorOf { try metastore.alter("flights", in: "default", to: table) }?.code == "TABLE_EXISTS")
    }

    @Test func keepsPartitionsInOrderOfName() throws {
        let table = try metastore.create(Table.flights())
        let partitions = [
            table.partition("2010", "b"), table.partition("2008", "New York/JFK"), table.partition("2010", "a"),
        ]
        try metastore.add(partitions, to: table, ifNotExists: false)
        let found = try metastore.partitions(of: table)
        #expect(found.map(\.values) == [["2008", "New York/JFK"], ["2010", "a"], ["2010", "b"]])
        var second = partitions[1]
        second.id = found[0].id
        #expect(found[0] == second)
        #expect(try metastore.partition(["2010", "a"], of: table) == found[1])
        #expect(try metastore.partition(["2011", "a"], of: table) == nil)
    }

    @Test func addsAllPartitionsOrNone() throws {
        let table = try metastore.create(Table.flights())
        try metastore.add([table.partition("2008", "x")], to: table, ifNotExists: false)
        let more = [table.partition("2009", "x"), table.partition("2008", "x")]
        #expect(errorOf { try metastore.add(more, to: table, ifNotExists: false) }?.code == "PARTITION_EXISTS")
        #expect(try metastore.partitions(of: table).count == 1)
        try metastore.add(more, to: table, ifNotExists: true)
        #expect(try metastore.partitions(of: table).count == 2)
        var short = table.partition("2010", "x")
        short.values = ["2010"]
        #expect(errorOf { try metastore.add([short], to: table, ifNotExists: true) }?.code == "PARTITION_VALUES")
    }

    @Test func altersRenamesAndDropsPartitions() throws {
        let table = try metastore.create(Table.flights())
        try metastore.add([table.partition("2008", "x"), table.partition("2009", "x")], to: table, ifNotExists: false)
        var first = try #require(try metastore.partition(["2008", "x"], of: table))
        first.storage.location = "file:/elsewhere"
        first.parameters = [:]
        try metastore.alter(first, of: table)
        #expect(try metastore.partition(["2008", "x"], of: table) == first)
        try metastore.rename(["2008", "x"], to: ["2010", "y"], of: table)
        #expect(try metastore.partitions(of: table).map(\.values) == [["2009", "x"], ["2010", "y"]])
        #expect(
            errorOf { try metastore.rename(["2010", "y"], to: ["2009", "x"], of: table) }?.code == "PARTITION_EXISTS")
        let gone = errorOf { try metastore.dropPartitions([["2010", "y"], ["2010", "z"]], of: table) }
        #expect(gone?.message == "no such partition: default.flights year=2010/city=z (did you mean year=2010/city=y?)")
        #expect(try metastore.partitions(of: table).count == 2)
        try metastore.dropPartitions([["2010", "y"], ["2009", "x"]], of: table)
        #expect(try metastore.partitions(of: table).isEmpty)
        try metastore.dropTable("flights", in: "default")
        #expect(try metastore.tables(in: "default").isEmpty)
    }

    @Test func keepsStatistics() throws {
        let table = try metastore.create(Table.flights())
        #expect(try metastore.statistics(of: table) == TableStatistics())
        var statistics = TableStatistics(rowCount: 1000, totalBytes: 123_456)
        statistics.columns["delay"] = ColumnStatistics(
            distinctCount: 50, nullCount: 3, minimum: .integer(-60), maximum: .integer(1400), averageBytes: 4)
        statistics.columns["fare"] = ColumnStatistics(minimum: .decimal(-5), maximum: .decimal(123_456))
        statistics.columns["carrier"] = ColumnStatistics(distinctCount: 20, averageBytes: 2.5)
        try metastore.setStatistics(statistics, of: table)
        #expect(try metastore.statistics(of: table) == statistics)
        #expect(try metastore.table("flights", in: "default")?.parameters["numRows"] == "1000")
        try metastore.setStatistics(TableStatistics(), of: table)
        #expect(try metastore.statistics(of: table) == TableStatistics())
    }
}
