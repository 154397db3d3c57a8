import Glibc
import HoneyCore
import Synchronization

/// Files in memory, for tests; what is asked of it can be watched and made to fail.
///
/// A file's bytes are seen by readers as they are written; readers keep what they opened.
public final class MemoryFileSystem: AdministeredFileSystem {
    /// What was asked for.
    public enum Operation: String, Hashable, Sendable, CaseIterable {
        case open, read, create, append, write, close, status, list, makeDirectory, rename, delete, administer

        /// Tells whether it changes anything.
        public var isMutation: Bool {
            switch self {
            case .create, .append, .write, .close, .makeDirectory, .rename, .delete, .administer: true
            case .open, .read, .status, .list: false
            }
        }
    }

    /// Sees an operation before it happens and may throw to make it fail; a failing write writes the first half.
    public typealias Observer = @Sendable (Operation, FileLocation) throws -> Void

    public let scheme: String
    public var traits: FileSystemTraits {
        FileSystemTraits(renamesAtomically: true, canAppend: true, blockBytes: 64 << 20)
    }
    let tree: Mutex<MemoryTree>
    private let observer = Mutex<Observer?>(nil)

    public init(scheme: String = "memory") {
        self.scheme = scheme
        tree = Mutex(MemoryTree())
    }

    /// Has every operation shown to `observer` from now on; nil ends it.
    public func observe(_ observer: Observer?) { self.observer.withLock { $0 = observer } }

    /// Fails the `count`-th of the operations that match, counted from 1, and no other.
    public func fail(_ operation: Operation, at count: Int, code: String = "IO_ERROR") {
        failMutations(from: count, lasting: false, code: code) { $0 == operation }
    }

    /// Fails every change from the `count`-th on, counted from 1, as if the process had been killed there.
    public func crash(atMutation count: Int) {
        failMutations(from: count, lasting: true, code: "IO_ERROR") { $0.isMutation }
    }

    private func failMutations(
        from count: Int, lasting: Bool, code: String, matching: @escaping @Sendable (Operation) -> Bool
    ) {
        let seen = Counter()
        observe { operation, location in
            guard matching(operation) else { return }
            let number = seen.next()
            if number == count || lasting && number > count {
                throw HoneyError(
                    .environment, code, "injected fault at \(operation.rawValue)",
                    file: FilePosition(location.description))
            }
        }
    }

    func announce(_ operation: Operation, _ location: FileLocation) throws {
        try observer.withLock { $0 }?(operation, location)
    }

    public func open(_ location: FileLocation) throws -> any ReadableFile {
        try announce(.open, location)
        let content = try tree.withLock { try $0.file(at: location, verb: "open") }
        return MemoryReadableFile(self, location, content)
    }

    public func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
        try announce(.create, location)
        let content = try tree.withLock { try $0.createFile(at: location, overwrite: overwrite) }
        return MemoryWritableFile(self, location, content)
    }

    public func append(_ location: FileLocation) throws -> any WritableFile {
        try announce(.append, location)
        let content = try tree.withLock { try $0.file(at: location, verb: "append to") }
        return MemoryWritableFile(self, location, content)
    }

    public func status(_ location: FileLocation) throws -> FileStatus? {
        try announce(.status, location)
        return tree.withLock { $0.status(of: location) }
    }

    public func list(_ location: FileLocation) throws -> [FileStatus] {
        try announce(.list, location)
        return try tree.withLock { try $0.list(location) }
    }

    public func makeDirectory(_ location: FileLocation) throws {
        try announce(.makeDirectory, location)
        try tree.withLock { try $0.makeDirectory(location) }
    }

    public func rename(_ source: FileLocation, to target: FileLocation) throws {
        try announce(.rename, source)
        try tree.withLock { try $0.rename(source, to: target) }
    }

    @discardableResult
    public func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
        try announce(.delete, location)
        return try tree.withLock { try $0.delete(location, recursive: recursive) }
    }

    public func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
        let content = try tree.withLock { try $0.file(at: location, verb: "locate") }
        let held = range.clamped(to: 0..<content.count)
        return held.isEmpty ? [] : [BlockLocation(range: held, hosts: ["localhost"])]
    }
}

/// Counts up from 1, for several threads.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
