import Foundation
import GRDB
import HoneyCatalog
import HoneyCore
import Testing

struct SQLiteMetastoreTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path + "/deep/metastore.db" }

    private func open() throws -> SQLiteMetastore { try SQLiteMetastore(path: path, warehouse: "file:/warehouse") }

    @Test func touchesNoFileUntilItIsAsked() throws {
        let metastore = try open()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try metastore.databases() == ["default"])
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func findsEverythingAgainAfterReopening() throws {
        let table = try open().create(Table.flights())
        try open().add([table.partition("2008", "x")], to: table, ifNotExists: false)
        #expect(try open().table("flights", in: "default") == table)
        #expect(try open().partitions(of: table).count == 1)
    }

    @Test func hasTheTablesOfHive() throws {
        let metastore = try open()
        let table = try metastore.create(Table.flights())
        try metastore.add([table.partition("2008", "x"), table.partition("2009", "y")], to: table, ifNotExists: false)
        let queue = try DatabaseQueue(path: path)
        try queue.read { db in
            for name in [
                "DBS", "TBLS", "SDS", "CDS", "COLUMNS_V2", "PARTITIONS", "FUNCS", "IDXS", "KEY_CONSTRAINTS", "ROLES",
                "TBL_PRIVS",
                "DB_PRIVS", "PART_COL_STATS", "TAB_COL_STATS", "SKEWED_VALUES", "SEQUENCE_TABLE", "HIVE_LOCKS",
            ] { #expect(try db.tableExists(name), "\(name)") }
            #expect(try String.fetchOne(db, sql: "SELECT SCHEMA_VERSION FROM VERSION") == "2.3.0")
            // Partitions with the table's columns share them.
            #expect(try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM CDS") == 1)
            #expect(try Int.fetchOne(db, sql: "SELECT COUNT(DISTINCT CD_ID) FROM SDS") == 1)
            let next = try Int.fetchOne(
                db,
                sql: """
                    SELECT NEXT_VAL FROM SEQUENCE_TABLE
                    WHERE SEQUENCE_NAME = 'org.apache.hadoop.hive.metastore.model.MPartition'
                    """)
            #expect(next == 3)
        }
        try metastore.dropTable("flights", in: "default")
        try queue.read { db in
            for name in [
                "TBLS", "SDS", "CDS", "COLUMNS_V2", "SERDES", "SERDE_PARAMS", "PARTITIONS", "TABLE_PARAMS", "SORT_COLS",
            ] {
                let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(name)")
                #expect(count == 0, "\(name)")
            }
        }
    }

    @Test func refusesFilesThatAreNotAMetastore() throws {
        try FileManager.default.createDirectory(atPath: directory.path + "/deep", withIntermediateDirectories: true)
        try Data(repeating: 0x41, count: 10_000).write(to: URL(fileURLWithPath: path))
        #expect(errorOf { _ = try open().databases() }?.code == "METASTORE_DAMAGED")
        try FileManager.default.removeItem(atPath: path)
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE other (x)") }
        #expect(errorOf { _ = try open().databases() }?.code == "METASTORE_UNUSABLE")
    }

    @Test func refusesAMetastoreOfAnotherVersion() throws {
        _ = try open().databases()
        try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE VERSION SET SCHEMA_VERSION = '9.0.0'") }
        let error = errorOf { _ = try open().databases() }
        #expect(error?.code == "METASTORE_VERSION")
        #expect(error?.message == "metastore has schema version 9.0.0, but this program knows 2.3.0")
    }

    @Test func survivesATruncatedFileWithAnError() throws {
        let metastore = try open()
        _ = try metastore.create(Table.flights())
        _ = try DatabaseQueue(path: path).writeWithoutTransaction { try $0.checkpoint(.truncate) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in [100, 5000, bytes.count / 2] {
            let copy = directory.path + "/copy\(length).db"
            try bytes.prefix(length).write(to: URL(fileURLWithPath: copy))
            let error = errorOf {
                let damaged = try SQLiteMetastore(path: copy, warehouse: "file:/w")
                _ = try damaged.table("flights", in: "default")
                _ = try damaged.create(Table.flights("more"))
            }
            #expect(error?.code.hasPrefix("METASTORE") == true, "\(length) of \(bytes.count)")
        }
    }

    @Test func letsTwoInstancesWriteAtOnce() async throws {
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let metastore = try SQLiteMetastore(path: path, warehouse: "file:/warehouse")
                    for number in 0..<10 { _ = try metastore.create(Table.flights("t\(writer)_\(number)")) }
                }
            }
            try await group.waitForAll()
        }
        let names = try open().tables(in: "default")
        #expect(names.count == 40)
        let reader = try open()
        let ids = try names.map { try reader.table($0, in: "default")?.id }
        #expect(Set(ids).count == 40)
    }

    @Test func letsTwoInstancesMakeTheFile() async throws {
        for round in 0..<50 {
            let path = directory.path + "/\(round)/metastore.db"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask { _ = try SQLiteMetastore(path: path, warehouse: "file:/warehouse").databases() }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func letsOneOfTwoInstancesCreateATable() async throws {
        let path = path
        let created = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (try? SQLiteMetastore(path: path, warehouse: "file:/warehouse").create(Table.flights())) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
    }

    @Test func handlesThousandsOfPartitions() throws {
        let metastore = SQLiteMetastore(inMemoryWithWarehouse: "file:/warehouse")
        let table = try metastore.create(Table.flights())
        let partitions = (0..<3000).map { table.partition(String($0), "x") }
        try metastore.add(partitions, to: table, ifNotExists: false)
        let found = try metastore.partitions(of: table)
        #expect(found.count == 3000 && found.allSatisfy { $0.storage.columns.count == 4 && $0.values.count == 2 })
        try metastore.dropPartitions(found.map(\.values), of: table)
        #expect(try metastore.partitions(of: table).isEmpty)
    }
}
