import Foundation
public import HoneyCatalog
import HoneyCore
public import HoneyFiles

/// Finishes commits that were decided, whoever decided them; see `Docs/Decisions/Commits.md`.
///
/// Whoever looks a table up calls `settle` first (`SettledMetastore` does), so that the files it then lists are those of the
/// last decided commit.
public struct TableRecovery: Sendable {
    private let commits: any CommitLog
    private let fileSystems: FileSystems

    public init(commits: any CommitLog, fileSystems: FileSystems) {
        self.commits = commits
        self.fileSystems = fileSystems
    }

    /// Has decided commits finished that share one of `keys`, and those that dead writers left; without keys, all.
    ///
    /// A commit whose writer is at it is waited for a while. One that cannot be finished is an error only for those who name
    /// one of its keys.
    public func settle(for keys: [String]?) throws {
        for commit in try commits.pending() {
            let concerns = keys.map { commit.keys.contains(where: $0.contains) }
            if concerns == false, Writer.isAtWork(on: commit.id) { continue }
            if try waited(for: commit) { continue }
            do { try finish(commit) } catch { if concerns == true { throw error } }
        }
    }

    /// Waits while the commit's writer is alive, but not for ever; tells whether the commit is finished.
    private func waited(for commit: Commit) throws -> Bool {
        let deadline = Date().addingTimeInterval(5)
        while Writer.isAtWork(on: commit.id), Date() < deadline {
            Thread.sleep(forTimeInterval: 0.001)
            if try !commits.pending().contains(where: { $0.id == commit.id }) { return true }
        }
        return false
    }

    /// Does what is left of a commit's moves, deletes its leftovers and notes that it is done.
    func finish(_ commit: Commit) throws {
        for move in commit.moves { try perform(move, of: commit) }
        for leftover in commit.leftovers { try delete(FileLocation(stored: leftover)) }
        try commits.finish(commit)
    }

    /// Deletes a staging area. It gets another name first, so that at one blow nobody can move anything into it any more:
    /// while it were deleted piece by piece, a slow finisher might repeat a move to a place just become free.
    private func delete(_ area: FileLocation) throws {
        let fileSystem = try fileSystems.serving(area)
        let doomed = area.parent.appending(area.name + "_done")
        do { try fileSystem.rename(area, to: doomed) } catch let error as HoneyError
            where error.code == "FILE_NOT_FOUND" || error.code == "FILE_EXISTS"
        {
            // Somebody else was faster.
        }
        try fileSystem.delete(doomed, recursive: true)
    }

    private func perform(_ move: Commit.Move, of commit: Commit) throws {
        let source = try FileLocation(stored: move.source)
        var target = try FileLocation(stored: move.target)
        let fileSystem = try fileSystems.serving(source)
        let endsInStaging = commit.leftovers.contains { move.target.hasPrefix($0 + "/") }
        for _ in 0..<10_000 {
            // A source that is gone was moved before.
            guard try fileSystem.status(source) != nil else { return }
            do {
                if !endsInStaging { try fileSystem.makeDirectory(target.parent) }
                return try rename(source, to: target, fileSystem)
            } catch let error as HoneyError where error.code == "FILE_NOT_FOUND" {
                // Somebody else has just moved it; or the staging area is gone, since all is done.
                if endsInStaging { return }
            } catch let error as HoneyError where error.code == "FILE_EXISTS" {
                if endsInStaging { return }
                guard move.mayBeRenamed else {
                    throw HoneyError(
                        .environment, "COMMIT_BLOCKED",
                        "a decided change cannot be finished, since a file is in its way; move it elsewhere",
                        file: FilePosition(target.description))
                }
                target = target.parent.appending(CopyName.next(after: target.name))
            }
        }
        throw HoneyError(
            .environment, "COMMIT_BLOCKED", "a decided change cannot be finished, since its files keep changing",
            file: FilePosition(target.description))
    }

    /// Renames, or copies where the two ends are on different devices.
    private func rename(_ source: FileLocation, to target: FileLocation, _ fileSystem: any FileSystem) throws {
        do { try fileSystem.rename(source, to: target) } catch let error as HoneyError
            where error.code == "CROSS_DEVICE"
        {
            let copy = target.parent.appending("_copying_\(target.name)")
            try fileSystem.delete(copy, recursive: true)
            try fileSystem.copy(source, to: copy, on: fileSystem)
            try fileSystem.rename(copy, to: target)
            try fileSystem.delete(source, recursive: true)
        }
    }
}

/// Names for files whose own name is taken: `data.txt`, `data_copy_1.txt`, `data_copy_2.txt`, as Hive has them.
enum CopyName {
    static func next(after name: String) -> String {
        let (stem, suffix) = split(name)
        if let mark = stem.range(of: "_copy_"), let number = Int(stem[mark.upperBound...]), number < Int.max {
            return stem[..<mark.lowerBound] + "_copy_\(number + 1)" + suffix
        }
        return "\(stem)_copy_1\(suffix)"
    }

    /// The first of the name and its copies that is not taken.
    static func free(_ name: String, taken: Set<String>) -> String {
        var name = name
        while taken.contains(name) { name = next(after: name) }
        return name
    }

    private static func split(_ name: String) -> (stem: String, suffix: String) {
        guard let dot = name.firstIndex(of: "."), dot > name.startIndex else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }
}

extension StringProtocol {
    /// Finds the last occurrence of `mark`.
    fileprivate func range(of mark: String) -> Range<Index>? {
        var end = endIndex
        while end > startIndex {
            if self[startIndex..<end].hasSuffix(mark) { return index(end, offsetBy: -mark.count)..<end }
            end = index(before: end)
        }
        return nil
    }
}
