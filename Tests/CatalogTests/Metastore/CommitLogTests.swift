import HoneyCatalog
import HoneyCore
import Testing

struct CommitLogTests {
    private let metastore = SQLiteMetastore(inMemoryWithWarehouse: "file:/warehouse")

    private func commit(_ id: String, _ keys: [String] = ["k"]) -> Commit {
        Commit(id: id, keys: keys, moves: [Commit.Move("a", to: "b")], leftovers: ["c"])
    }

    @Test func decidesOneCommitAfterAnother() throws {
        #expect(try metastore.version(of: "k") == 0)
        #expect(try metastore.begin(commit("1"), changes: [], atVersions: [0]))
        #expect(try metastore.version(of: "k") == 1)
        #expect(try metastore.pending() == [commit("1")])
        #expect(try !metastore.begin(commit("2"), changes: [], atVersions: [0]))
        #expect(try !metastore.begin(commit("2"), changes: [], atVersions: [1]), "the first is not finished")
        #expect(try metastore.begin(commit("other", ["l"]), changes: [], atVersions: [0]))
        try metastore.finish(commit("1"))
        try metastore.finish(commit("1"))
        #expect(try metastore.begin(commit("2"), changes: [], atVersions: [1]))
        try metastore.finish(commit("1"))
        #expect(try metastore.pending() == [commit("2"), commit("other", ["l"])])
    }

    @Test func changesDefinitionsOnlyWithTheCommit() throws {
        let table = Table.flights()
        #expect(try !metastore.begin(commit("1"), changes: [.createTable(table)], atVersions: [7]))
        #expect(try metastore.tables(in: "default").isEmpty)
        #expect(try metastore.begin(commit("1"), changes: [.createTable(table)], atVersions: [0]))
        let stored = try #require(try metastore.table("flights", in: "default"))
        try metastore.finish(commit("1"))
        let add = MetastoreChange.addPartitions([stored.partition("2008", "x")], stored, ifNotExists: false)
        #expect(
            errorOf { _ = try metastore.begin(commit("2"), changes: [add, add], atVersions: [1]) }?.code
                == "PARTITION_EXISTS")
        #expect(try metastore.partitions(of: stored).isEmpty)
        #expect(try metastore.version(of: "k") == 1)
    }

    @Test func holdsAllOfItsKeys() throws {
        #expect(try metastore.begin(commit("1"), changes: [], atVersions: [0]))
        let both = commit("2", ["l", "k"])
        #expect(try !metastore.begin(both, changes: [], atVersions: [0, 1]))
        try metastore.finish(commit("1"))
        #expect(try metastore.begin(both, changes: [], atVersions: [0, 1]))
        #expect(try metastore.pending() == [both])
        #expect(try !metastore.begin(commit("3", ["l"]), changes: [], atVersions: [1]))
        try metastore.finish(both)
        #expect(try metastore.pending().isEmpty)
        #expect(try metastore.begin(commit("3", ["l"]), changes: [], atVersions: [1]))
    }

    @Test func isDoneAtOnceWithoutMoves() throws {
        let empty = Commit(id: "1", keys: ["k"], moves: [], leftovers: [])
        #expect(try metastore.begin(empty, changes: [], atVersions: [0]))
        #expect(try metastore.pending().isEmpty)
        #expect(try metastore.version(of: "k") == 1)
    }
}
