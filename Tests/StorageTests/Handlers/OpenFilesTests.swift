import HoneyFiles
import Synchronization
import Testing

@testable import HoneyStorage

/// A scan opens a file once as long as it is among those that were read last.
struct OpenFilesTests {
    /// Counts how files are opened.
    private final class CountingFileSystem: FileSystem {
        let inner = MemoryFileSystem()
        let opened = Mutex<[String]>([])

        func open(_ location: FileLocation) throws -> any ReadableFile {
            opened.withLock { $0.append(location.path) }
            return try inner.open(location)
        }
        func open(_ listed: ListedFile) throws -> any ReadableFile {
            opened.withLock { $0.append("listed " + listed.status.location.path) }
            return try inner.open(listed.status.location)
        }

        var scheme: String { inner.scheme }
        var traits: FileSystemTraits { inner.traits }
        func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
            try inner.create(location, overwrite: overwrite)
        }
        func append(_ location: FileLocation) throws -> any WritableFile { try inner.append(location) }
        func status(_ location: FileLocation) throws -> FileStatus? { try inner.status(location) }
        func list(_ location: FileLocation) throws -> [FileStatus] { try inner.list(location) }
        func makeDirectory(_ location: FileLocation) throws { try inner.makeDirectory(location) }
        func rename(_ source: FileLocation, to target: FileLocation) throws { try inner.rename(source, to: target) }
        func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
            try inner.delete(location, recursive: recursive)
        }
        func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
            try inner.locations(of: location, range: range)
        }
    }

    @Test func theLongestUnusedIsOpenedAgain() throws {
        let system = CountingFileSystem()
        let locations = try (0..<3).map { number in
            let location = FileLocation(scheme: "memory", path: "/\(number)")
            try system.inner.write([UInt8(number)], to: location)
            return location
        }
        let files = OpenFiles(limit: 2)
        for number in [0, 1, 0, 1, 0, 2, 0, 1] {
            #expect(try files.file(at: locations[number], in: system).location == locations[number])
        }
        #expect(system.opened.withLock { $0 } == ["/0", "/1", "/2", "/1"])
    }

    @Test func aFailureIsNotKept() throws {
        let system = CountingFileSystem()
        let location = FileLocation(scheme: "memory", path: "/late")
        let files = OpenFiles()
        #expect(throws: (any Error).self) { try files.file(at: location, in: system) }
        try system.inner.write([1], to: location)
        #expect(try files.file(at: location, in: system).size == 1)
    }

    @Test func whatWasListedIsOpenedAsListed() throws {
        let system = CountingFileSystem()
        let root = FileLocation(scheme: "memory", path: "/d")
        for name in ["a", "b"] { try system.inner.write([1], to: root.appending(name)) }
        var listed = try system.listForReading(root)
        listed[0].handle = 7
        let files = OpenFiles()
        files.note(listed)
        for name in ["a", "b"] { _ = try files.file(at: root.appending(name), in: system) }
        #expect(system.opened.withLock { $0 } == ["listed /d/a", "/d/b"])
    }
}
