import Foundation
import HoneyCatalog
import HoneyCore
import HoneyFiles

extension FileCommandContext {
    /// Decides and does a change as a whole. `build` looks at definitions and directories and says what to do; when somebody
    /// else's commit comes between, it is asked again.
    ///
    /// Until the change is decided nothing is different, whatever happens; afterwards it will be done, by this process or by
    /// the next to look (see `TableRecovery`). The staging areas go in any case.
    func commit(
        _ keys: [String], area: StagingArea? = nil, others: [StagingArea] = [],
        _ build: (inout CommitDraft) throws -> Void
    ) throws {
        let areas = (area.map { [$0] } ?? []) + others
        let recovery = TableRecovery(commits: commits, fileSystems: fileSystems)
        let id = area?.id ?? Writer.current.name
        Writer.begin(id)
        defer { Writer.end(id) }
        var decided: Commit?
        do {
            for attempt in 0..<1000 where decided == nil {
                try recovery.settle(for: keys)
                let versions = try keys.map { try commits.version(of: $0) }
                var draft = CommitDraft(area: area)
                try build(&draft)
                let commit = Commit(
                    id: id, keys: keys, moves: draft.moves,
                    leftovers: areas.map(\.location.description))
                if try commits.begin(commit, changes: draft.changes, atVersions: versions) { decided = commit }
                if decided == nil {
                    Thread.sleep(forTimeInterval: Double.random(in: 0.0005...0.002) * Double(min(attempt, 20) + 1))
                }
            }
        } catch {
            for area in areas { area.discard() }
            throw error
        }
        guard let decided else {
            for area in areas { area.discard() }
            throw HoneyError(
                .environment, "TABLE_BUSY",
                "others keep changing what is to be changed: \(keys.joined(separator: ", "))")
        }
        try recovery.finish(decided)
    }
}

extension Table {
    /// The key under which commits that change the table are put in order.
    var commitKey: String { "table:\(id)" }

    /// The key of commits that make a table of this name.
    static func newCommitKey(_ name: String, in database: String) -> String { "new:\(database).\(name)" }
}

extension FileLocation {
    /// Reads a location as the metastore holds it; fails with `BAD_LOCATION`.
    init(stored text: String) throws {
        guard let location = FileLocation(text) else {
            throw HoneyError(.data, "BAD_LOCATION", "not a location: \(text)", file: FilePosition(text))
        }
        self = location
    }
}
