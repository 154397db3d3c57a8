import HoneyCatalog
import HoneyCore
import HoneyFiles

/// What a commit is to do, put together anew for each attempt to decide it.
struct CommitDraft {
    private(set) var moves: [Commit.Move] = []
    var changes: [MetastoreChange] = []
    /// Where removed files go first; with several, that of the target at hand.
    var area: StagingArea?
    private var taken: [String: Set<String>] = [:]
    private var removed = 0

    init(area: StagingArea?) { self.area = area }

    /// Takes a file or directory away.
    mutating func remove(_ location: FileLocation) throws {
        moves.append(Commit.Move(location.description, to: try nextTrash()))
    }

    /// Takes away what scans see of a directory.
    mutating func removeVisible(in directory: FileLocation, _ fileSystem: any FileSystem) throws {
        guard try fileSystem.status(directory)?.isDirectory == true else { return }
        var names = Set<String>()
        for entry in try fileSystem.list(directory) {
            if entry.location.isHidden { names.insert(entry.location.name) } else { try remove(entry.location) }
        }
        taken[directory.description] = names
    }

    /// Puts a staged file into a directory, under its name or, when that is taken, a copy's.
    mutating func add(
        _ staged: FileLocation, to directory: FileLocation, _ fileSystem: any FileSystem, named wanted: String? = nil
    )
        throws
    {
        let key = directory.description
        if taken[key] == nil {
            let isThere = try fileSystem.status(directory)?.isDirectory == true
            taken[key] = isThere ? Set(try fileSystem.list(directory).map(\.location.name)) : []
        }
        let name = CopyName.free(wanted ?? staged.name, taken: taken[key] ?? [])
        taken[key]?.insert(name)
        moves.append(Commit.Move(staged.description, to: directory.appending(name).description, mayBeRenamed: true))
    }

    /// Takes somebody else's file into a directory, by way of the staging area.
    mutating func take(_ source: FileLocation, to directory: FileLocation, _ fileSystem: any FileSystem) throws {
        let staged = try nextTrash()
        moves.append(Commit.Move(source.description, to: staged))
        try add(try FileLocation(stored: staged), to: directory, fileSystem, named: source.name)
    }

    /// Moves a directory, by way of the staging area.
    mutating func move(_ source: FileLocation, to target: FileLocation) throws {
        let staged = try nextTrash()
        moves.append(Commit.Move(source.description, to: staged))
        moves.append(Commit.Move(staged, to: target.description))
    }

    private mutating func nextTrash() throws -> String {
        guard let area else { throw HoneyError.unexpected("a commit that moves files needs a staging area") }
        removed += 1
        return area.trash.appending(String(removed)).description
    }

    /// A table as an earlier part of the same draft leaves it.
    func latest(_ table: Table) -> Table {
        for case .alterTable(table.name, table.database, let altered) in changes.reversed() { return altered }
        return table
    }
}
