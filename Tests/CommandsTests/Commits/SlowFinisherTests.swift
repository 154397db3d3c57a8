import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Synchronization
import Testing

/// A process that falls asleep in the middle of finishing a commit must do no harm when it wakes up.
struct SlowFinisherTests {
    private func overwrite(_ rows: [[Any]]) -> InsertIntoTable {
        InsertIntoTable(inserts: [TableInsert(table: TableName("t"), isOverwrite: true, query: .of(rows))])
    }

    /// Makes a world whose table has rows 1, 2 and 3, and a decided commit of rows 4 and 5 that nobody has begun to finish.
    private func worldWithDecidedCommit(_ files: MemoryFileSystem) throws -> TestWorld {
        let world = TestWorld(files)
        try world.run(CreateTable(name: TableName("t"), columns: [TableColumn("a", .int)]))
        try world.run(overwrite([[1], [2], [3]]))
        files.observe { operation, location in
            if operation == .rename || operation == .delete {
                throw HoneyError(.environment, "IO_ERROR", "killed", file: FilePosition(location.description))
            }
        }
        #expect(errorOf { try world.run(overwrite([[4], [5]])) }?.code == "IO_ERROR")
        #expect(try world.settled.pending().count == 1)
        files.observe(nil)
        return world
    }

    @Test func aSlowFinisherRepeatsNothing() throws {
        for step in 1..<100 {
            let files = MemoryFileSystem()
            nonisolated(unsafe) let world = try worldWithDecidedCommit(files)
            let count = Mutex(0)
            let later = overwrite([[6], [7], [8]])
            files.observe { operation, _ in
                guard operation.isMutation,
                    count.withLock({
                        $0 += 1
                        return $0 == step
                    })
                else { return }
                // While it sleeps, another finishes the commit, and one more follows, with files of the same names.
                try world.run(later)
            }
            let seen = try world.rows(of: "t")
            files.observe(nil)
            let didSleep = count.withLock { $0 } >= step
            #expect(
                try world.rows(of: "t") == (didSleep ? ["6", "7", "8"] : ["4", "5"]),
                "asleep at change \(step), saw \(seen)")
            #expect(try world.settled.pending().isEmpty)
            if !didSleep {
                #expect(step > 5)
                return
            }
        }
        Issue.record("the finisher never ended")
    }

    @Test func aFileInTheWayOfARenamedTableIsAnErrorForThatTableOnly() throws {
        let files = MemoryFileSystem()
        let world = TestWorld(files)
        for name in ["t", "v"] {
            try world.run(CreateTable(name: TableName(name), columns: [TableColumn("a", .int)]))
            try world.run(
                InsertIntoTable(inserts: [TableInsert(table: TableName(name), isOverwrite: false, query: .rows([1]))]))
        }
        files.observe { operation, location in
            if operation == .rename {
                throw HoneyError(.environment, "IO_ERROR", "killed", file: FilePosition("\(location)"))
            }
        }
        #expect(throws: HoneyError.self) {
            try world.run(AlterTable(table: TableName("t"), change: .rename(to: TableName("u"))))
        }
        files.observe(nil)
        let inTheWay = FileLocation(scheme: "memory", path: "/warehouse/u")
        try files.write([], to: inTheWay)
        #expect(errorOf { _ = try world.rows(of: "u") }?.code == "COMMIT_BLOCKED")
        #expect(try world.rows(of: "v") == ["1"])
        try files.delete(inTheWay, recursive: false)
        #expect(try world.rows(of: "u") == ["1"])
    }
}
