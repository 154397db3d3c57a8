import Foundation
import HoneyCore
import HoneyFiles

/// A user's trash on one file system: what is removed goes to `.Trash/Current` of the home directory under its old path;
/// from time to time `Current` becomes a part named by its time, such as `.Trash/241231235959`, which is removed when old.
struct DfsTrash {
    private let fileSystem: any FileSystem
    private let root: FileLocation
    private let minutes: Double
    private let timeZone: String

    init(_ shell: DistributedFileSystemShell, _ fileSystem: any FileSystem, near location: FileLocation) {
        self.fileSystem = fileSystem
        let home = (fileSystem as? any AdministeredFileSystem)?.homeDirectory.path ?? "/user/\(shell.user)"
        root = FileLocation(scheme: location.scheme, authority: location.authority, path: home + "/.Trash")
        minutes = shell.trashMinutes
        timeZone = shell.timeZone
    }

    private var current: FileLocation { root.appending("Current") }

    /// Moves something into the trash and returns where to; nil for what is in the trash already.
    func take(_ location: FileLocation) throws -> FileLocation? {
        if location == root || location.path.hasPrefix(root.path + "/") { return nil }
        if location.path == "/" || (root.path + "/").hasPrefix(location.path + "/") {
            throw DfsFailure("Cannot move \"\(location)\" to the trash, as it contains the trash")
        }
        var target = current.appending(location.path)
        do {
            try makeRoom(for: &target)
            while try fileSystem.status(target) != nil { target = stamped(current.appending(location.path)) }
            try fileSystem.rename(location, to: target)
            return target
        } catch let error as HoneyError {
            throw DfsFailure("Failed to move \(location) to trash \(target): \(error.message)")
        }
    }

    /// Makes the directory above; where a file is in the way, one with a time in its name.
    private func makeRoom(for target: inout FileLocation) throws {
        do {
            try fileSystem.makeDirectory(target.parent)
        } catch let error as HoneyError where ["NOT_A_DIRECTORY", "FILE_EXISTS"].contains(error.code) {
            var obstacle = target.parent
            while try fileSystem.status(obstacle) == nil { obstacle = obstacle.parent }
            let rest = target.path.dropFirst(obstacle.path.count)
            var other = stamped(obstacle)
            while try fileSystem.status(other) != nil { other = stamped(obstacle) }
            target = other.appending(String(rest))
            try fileSystem.makeDirectory(target.parent)
        }
    }

    private func stamped(_ location: FileLocation) -> FileLocation {
        location.parent.appending(location.name + String(Int(Date().timeIntervalSince1970 * 1000)))
    }

    private var format: DateFormatter {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: timeZone)
        format.dateFormat = "yyMMddHHmmss"
        return format
    }

    /// Names what is in `Current` after the time it is now.
    func startPart() throws {
        guard try fileSystem.status(current) != nil else { return }
        let name = format.string(from: Date())
        for attempt in 0...1000 {
            let part = root.appending(attempt == 0 ? name : "\(name)-\(attempt)")
            if try fileSystem.status(part) != nil { continue }
            return try fileSystem.rename(current, to: part)
        }
        throw DfsFailure("Failed to checkpoint trash: \(root.appending(name))")
    }

    /// Removes parts that are older than the trash keeps, or all.
    func removeOldParts(all: Bool) throws {
        guard try fileSystem.status(root)?.isDirectory == true else { return }
        let oldest = Date().addingTimeInterval(-minutes * 60)
        for part in try fileSystem.list(root) {
            let name = part.location.name.prefix { $0 != "-" }
            guard let time = format.date(from: String(name)), all || time < oldest else { continue }
            try fileSystem.delete(part.location, recursive: true)
        }
    }
}
