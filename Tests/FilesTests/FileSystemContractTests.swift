import FileSystemContracts
import HoneyFiles
import Testing

struct FileSystemContractTests {
    private static var worlds: [FileSystemWorld] {
        let temporary = TemporaryDirectory()
        return [
            FileSystemWorld(fileSystem: LocalFileSystem(), root: temporary.location, keeping: temporary),
            FileSystemWorld(fileSystem: MemoryFileSystem(), root: FileLocation(scheme: "memory", path: "/root")),
        ]
    }

    @Test(arguments: worlds, FileSystemContract.all) func holdsTheContract(
        _ world: FileSystemWorld, _ part: FileSystemContract
    ) async throws {
        try await part.check(world)
    }
}
