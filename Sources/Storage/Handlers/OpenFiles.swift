import HoneyFiles
import Synchronization

/// The files that a scan's readers opened last: where opening asks somebody, such as a NameNode, it is done once a file, not once a
/// split.
final class OpenFiles: Sendable {
    private struct State {
        var files: [FileLocation: (file: any ReadableFile, lastUse: Int)] = [:]
        var listed: [FileLocation: ListedFile] = [:]
        var uses = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    /// Keeps so many files open besides those that are being read.
    init(limit: Int = 16) { self.limit = limit }

    /// Keeps what a listing told for opening its files.
    func note(_ listed: [ListedFile]) {
        state.withLock { state in
            for file in listed where file.handle != nil { state.listed[file.status.location] = file }
        }
    }

    /// Gives the file at `location` as it was opened before, or opens it.
    func file(at location: FileLocation, in fileSystem: any FileSystem) throws -> any ReadableFile {
        let (known, listed) = state.withLock { state in
            state.uses += 1
            state.files[location]?.lastUse = state.uses
            return (state.files[location]?.file, state.listed[location])
        }
        if let known { return known }
        let opened = try listed.map { try fileSystem.open($0) } ?? fileSystem.open(location)
        return state.withLock { state in
            if let other = state.files[location]?.file { return other }
            state.files[location] = (opened, state.uses)
            if state.files.count > limit, let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.files[oldest.key] = nil
            }
            return opened
        }
    }
}
