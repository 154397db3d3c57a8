import Foundation
import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Testing

/// A directory that goes when the last user does; in memory where there is such a place, since syncing takes most of the time.
final class TemporaryDirectory: Sendable {
    let location: FileLocation

    init() {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
        location = FileLocation(path: base + "/honey-commands-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(atPath: location.path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: location.path) }

    /// A process of its own, as it were: nothing is shared with other worlds but the files.
    func world() throws -> TestWorld {
        let metastore = try SQLiteMetastore(path: location.path + "/metastore.db", warehouse: "file:\(location.path)/w")
        return TestWorld(LocalFileSystem(), warehouse: location.appending("w"), metastore: metastore)
    }
}

struct WriterTests {
    private let directory = TemporaryDirectory()

    private func insert(_ rows: [[Any]], overwrite: Bool = false) -> InsertIntoTable {
        InsertIntoTable(inserts: [TableInsert(table: TableName("t"), isOverwrite: overwrite, query: .of(rows))])
    }

    private func prepare() throws -> TestWorld {
        let world = try directory.world()
        try world.run(CreateTable(name: TableName("t"), columns: [TableColumn("a", .int)]))
        return world
    }

    @Test func writersAtOnceLoseNoRows() async throws {
        let world = try prepare()
        let directory = directory
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<3 {
                group.addTask {
                    let world = try directory.world()
                    for number in 0..<8 {
                        let rows = InsertIntoTable(inserts: [
                            TableInsert(
                                table: TableName("t"), isOverwrite: false,
                                query: .rows([writer * 100 + number], [writer * 100 + number + 50]))
                        ])
                        try world.run(rows)
                    }
                }
            }
            try await group.waitForAll()
        }
        var expected: [String] = []
        for writer in 0..<3 {
            for number in 0..<8 { expected += [String(writer * 100 + number), String(writer * 100 + number + 50)] }
        }
        expected.sort()
        #expect(try world.rows(of: "t") == expected)
        #expect(try world.names(in: "t").count == 48)
        let table = try #require(try world.metastore.table("t", in: "default"))
        #expect(table.parameters["numRows"] == "48" && table.parameters["numFiles"] == "48")
    }

    @Test func readersSeeWholeOverwritesOnly() async throws {
        let world = try prepare()
        try world.run(insert([[0], [0], [0]], overwrite: true))
        let directory = directory
        let seen = try await withThrowingTaskGroup(of: [[String]].self) { group in
            for writer in 1...2 {
                group.addTask {
                    let world = try directory.world()
                    for _ in 0..<6 {
                        let row: [Any] = [writer]
                        try world.run(
                            InsertIntoTable(inserts: [
                                TableInsert(table: TableName("t"), isOverwrite: true, query: .of([row, row, row]))
                            ]))
                    }
                    return []
                }
            }
            group.addTask {
                let world = try directory.world()
                var seen: [[String]] = []
                for _ in 0..<30 {
                    let table = try #require(try world.metastore.table("t", in: "default"))
                    let before = try world.settled.changeNumbers(of: [table])
                    // A listing during which something changed may fail; it does not count.
                    let rows = try? world.rows(of: "t")
                    if try world.settled.changeNumbers(of: [table]) == before, let rows { seen.append(rows) }
                }
                return seen
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        for rows in seen + [try world.rows(of: "t")] {
            #expect(rows.count == 3 && Set(rows).count == 1, "\(rows)")
        }
    }

    @Test func aFailedWriteLeavesTheTableAsItWas() throws {
        let world = try prepare()
        try world.run(insert([[1]]))
        world.afterWriting = { throw HoneyError(.cancelled, "CANCELLED", "stopped") }
        #expect(errorOf { try world.run(insert([[2]], overwrite: true)) }?.code == "CANCELLED")
        #expect(try world.rows(of: "t") == ["1"])
        #expect(try world.names(in: "t") == ["000000_0"])
    }

    @Test func leftoversOfDeadWritersAreCleanedByTheNext() throws {
        let world = try prepare()
        let files = LocalFileSystem()
        let root = world.warehouse.appending("t")
        try files.write(
            [1], to: root.appending("_staging_\(ProcessInfo.processInfo.hostName)-999999-1-abc/rows/000000_0"))
        try files.write([1], to: root.appending("_staging_elsewhere-1-1-abc/rows/000000_0"))
        try files.write([1], to: root.appending("_staging_\(hostName())-1-0-dead/rows/000000_0"))
        try world.run(insert([[1]]))
        // A writer of another host may be alive for a day.
        #expect(
            try world.names(in: "t").filter { $0.hasPrefix("_") && !$0.contains("999999") } == [
                "_staging_elsewhere-1-1-abc"
            ])
        #expect(try world.rows(of: "t") == ["1"])
    }

    private func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, 255)
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test func aTableDroppedWhileRowsAreWrittenIsAnError() throws {
        let world = try prepare()
        let other = try directory.world()
        world.afterWriting = { try other.run(DropTable(name: TableName("t"))) }
        #expect(errorOf { try world.run(insert([[1]])) }?.code == "TABLE_NOT_FOUND")
        world.afterWriting = {
            try other.run(CreateTable(name: TableName("t"), columns: [TableColumn("a", .int)]))
        }
        #expect(try !world.names(in: "").contains("t"))
    }

    @Test func changedTablesRefuseRowsWrittenForTheOldOnes() throws {
        let world = try prepare()
        let other = try directory.world()
        world.afterWriting = {
            try other.run(
                AlterTable(table: TableName("t"), change: .addColumns([TableColumn("b", .int)], cascade: false)))
        }
        #expect(errorOf { try world.run(insert([[1]])) }?.code == "TABLE_CHANGED")
        #expect(try world.rows(of: "t").isEmpty)
    }

    @Test func aFileInTheWayGivesANewFileAnotherName() throws {
        let world = try prepare()
        try world.run(insert([[1]]))
        try world.run(insert([[2]]))
        try world.run(insert([[3], [4]]))
        #expect(try world.names(in: "t") == ["000000_0", "000000_0_copy_1", "000000_0_copy_2", "000001_0"])
        #expect(try world.rows(of: "t") == ["1", "2", "3", "4"])
    }

    @Test func filesOfAnotherDeviceAreLoadedByCopy() throws {
        let world = try prepare()
        let files = LocalFileSystem()
        let source = FileLocation(path: NSTemporaryDirectory() + "/honey-load-\(UUID().uuidString)")
        try files.write(Array("7\n".utf8), to: source)
        // Only where the two are on different devices is this more than a move.
        try world.run(LoadData(path: source.path, table: TableName("t")))
        #expect(try world.rows(of: "t") == ["7"])
        #expect(try files.status(source) == nil)
        #expect(try world.names(in: "t") == [source.name])
    }
}
