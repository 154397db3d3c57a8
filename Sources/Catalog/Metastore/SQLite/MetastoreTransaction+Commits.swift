import Foundation
import GRDB
import HoneyCore

extension MetastoreTransaction {
    func version(of key: String) throws -> Int {
        try row("SELECT COMMIT_VERSION FROM HONEYGUIDE_COMMITS WHERE COMMIT_KEY = ?", [key])?[0] ?? 0
    }

    func begin(_ commit: Commit, changes: [MetastoreChange], atVersions versions: [Int]) throws -> Bool {
        guard !commit.keys.isEmpty, Set(commit.keys).count == commit.keys.count, versions.count == commit.keys.count
        else {
            throw HoneyError.unexpected("commit needs one version for each of its keys: \(commit.keys)")
        }
        for (key, version) in zip(commit.keys, versions) {
            let row = try row(
                "SELECT COMMIT_VERSION, PENDING IS NULL FROM HONEYGUIDE_COMMITS WHERE COMMIT_KEY = ?", [key])
            guard (row?[0] ?? 0) == version, row?[1] ?? true else { return false }
        }
        for change in changes { try apply(change) }
        // A commit without moves is done as soon as it is decided.
        let isDone = commit.moves.isEmpty && commit.leftovers.isEmpty
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let record = isDone ? nil : String(decoding: try encoder.encode(commit), as: UTF8.self)
        for (key, version) in zip(commit.keys, versions) {
            try run("INSERT OR REPLACE INTO HONEYGUIDE_COMMITS VALUES (?, ?, ?)", [key, version + 1, record])
        }
        return true
    }

    func finish(_ commit: Commit) throws {
        for key in commit.keys {
            guard
                let text: String = try row("SELECT PENDING FROM HONEYGUIDE_COMMITS WHERE COMMIT_KEY = ?", [key])?[0],
                try decode(text).id == commit.id
            else { continue }
            try run("UPDATE HONEYGUIDE_COMMITS SET PENDING = NULL WHERE COMMIT_KEY = ?", [key])
        }
    }

    func pending() throws -> [Commit] {
        var ids: Set<String> = []
        return try rows("SELECT PENDING FROM HONEYGUIDE_COMMITS WHERE PENDING IS NOT NULL ORDER BY COMMIT_KEY")
            .map { try decode($0[0]) }.filter { ids.insert($0.id).inserted }
    }

    private func decode(_ text: String) throws -> Commit {
        do { return try JSONDecoder().decode(Commit.self, from: Data(text.utf8)) } catch {
            throw HoneyError(.data, "METASTORE_DAMAGED", "commit in the metastore cannot be read: \(text.prefix(100))")
        }
    }

    private func apply(_ change: MetastoreChange) throws {
        switch change {
        case .createTable(let table): try create(table)
        case .alterTable(let name, let database, let table):
            try alter(name.lowercased(), in: database.lowercased(), to: table)
        case .dropTable(let name, let database): try dropTable(name.lowercased(), in: database.lowercased())
        case .addPartitions(let partitions, let table, let ifNotExists):
            try add(partitions, to: table, ifNotExists: ifNotExists)
        case .alterPartition(let partition, let table): try alter(partition, of: table)
        case .renamePartition(let old, let new, let table): try rename(old, to: new, of: table)
        case .dropPartitions(let values, let table): try dropPartitions(values, of: table)
        case .dropDatabase(let name, let cascade): try dropDatabase(name.lowercased(), cascade: cascade)
        }
    }
}
