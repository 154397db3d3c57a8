import FileSystemContracts
import HoneyFiles
import Testing

struct FileSystemContractTests {
    @Test(arguments: FileSystemWorld.all, FileSystemContract.all) func holdsTheContract(
        _ world: FileSystemWorld, _ part: FileSystemContract
    ) async throws {
        try await part.check(world)
    }
}

extension FileSystemWorld {
    /// The file systems of this room, each with a new directory.
    static var all: [FileSystemWorld] {
        let temporary = TemporaryDirectory()
        return [
            FileSystemWorld(fileSystem: LocalFileSystem(), root: temporary.location, keeping: temporary),
            FileSystemWorld(fileSystem: MemoryFileSystem(), root: FileLocation(scheme: "memory", path: "/root")),
        ]
    }
}
