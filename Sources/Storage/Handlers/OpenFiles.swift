import HoneyCore
import HoneyFiles
import Synchronization

/// The files that a scan's readers opened last: where opening asks somebody, such as a NameNode, it is done once a file, not once a
/// split.
final class OpenFiles: Sendable {
    private struct State {
        var files: RecentlyUsed<FileLocation, any ReadableFile>
        var listed: [FileLocation: ListedFile] = [:]
    }

    private let state: Mutex<State>

    /// Keeps so many files open besides those that are being read.
    init(limit: Int = 16) { state = Mutex(State(files: RecentlyUsed(limit: limit))) }

    /// Keeps what a listing told for opening its files.
    func note(_ listed: [ListedFile]) {
        state.withLock { state in
            for file in listed where file.handle != nil { state.listed[file.status.location] = file }
        }
    }

    /// Gives the file at `location` as it was opened before, or opens it.
    func file(at location: FileLocation, in fileSystem: any FileSystem) throws -> any ReadableFile {
        let (known, listed) = state.withLock { ($0.files.value(for: location), $0.listed[location]) }
        if let known { return known }
        let opened = try listed.map { try fileSystem.open($0) } ?? fileSystem.open(location)
        return state.withLock { state in
            if let other = state.files.value(for: location) { return other }
            state.files.keep(opened, for: location)
            return opened
        }
    }
}
