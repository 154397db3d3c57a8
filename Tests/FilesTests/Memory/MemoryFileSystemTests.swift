import HoneyCore
import HoneyFiles
import Testing

struct MemoryFileSystemTests {
    private let fileSystem = MemoryFileSystem()
    private let file = FileLocation(scheme: "memory", path: "/t/file")

    @Test func failsTheChosenOperationOnly() throws {
        fileSystem.fail(.rename, at: 2, code: "DISK_FULL")
        try fileSystem.write([1], to: file)
        try fileSystem.rename(file, to: file.parent.appending("a"))
        #expect { try fileSystem.rename(file.parent.appending("a"), to: file) } throws: {
            ($0 as? HoneyError)?.code == "DISK_FULL"
        }
        try fileSystem.rename(file.parent.appending("a"), to: file)
        #expect(try fileSystem.contents(of: file) == [1])
    }

    @Test func changesNothingAfterACrash() throws {
        // create, write, close; the crash comes at the write, of which half is done.
        fileSystem.crash(atMutation: 2)
        #expect(throws: HoneyError.self) { try fileSystem.write([1, 2, 3, 4], to: file) }
        #expect(throws: HoneyError.self) { try fileSystem.delete(file, recursive: false) }
        #expect(try fileSystem.contents(of: file) == [1, 2])
        fileSystem.observe(nil)
        #expect(try fileSystem.delete(file, recursive: false))
    }
}
