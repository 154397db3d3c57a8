import FileSystemContracts
import HoneyCore
import HoneyFiles
import NIOPosix
import Testing

@testable import HoneyHDFSService

struct WebHDFSFileSystemTests {
    private func world() async throws -> FileSystemWorld {
        let cluster = try await ServiceWorld.cluster()
        return FileSystemWorld(
            fileSystem: WebHDFSFileSystem(on: ServiceWorld.group),
            root: FileLocation(scheme: "webhdfs", authority: "\(cluster.nameNode.httpAddress)", path: "/contract"),
            hosts: ["127.0.0.1", "127.0.0.1", "127.0.0.1"])
    }

    // A reader asks for a file by its path each time, so that it does not keep one that was deleted.
    private static let parts = FileSystemContract.all.filter { $0.testDescription != "keepsWhatAReaderOpened" }

    @Test(arguments: parts) func holdsTheContract(_ part: FileSystemContract) async throws {
        let world = try await world()
        try await ServiceWorld.blocking { try await part.check(world) }
    }

    @Test func administersFiles() async throws {
        let world = try await world()
        try await ServiceWorld.blocking {
            let files = try #require(world.fileSystem as? WebHDFSFileSystem)
            let place = world.root.appending("administered/file")
            try files.write(Array("0123456789".utf8), to: place)
            try files.setPermissions(place, to: 0o600)
            try files.setOwner(place, owner: "ann", group: nil)
            try files.setTimes(place, modifiedMilliseconds: 1_600_000_000_000, accessedMilliseconds: nil)
            #expect(try files.setReplication(place, to: 2))
            let status = try #require(try files.status(place))
            #expect(status.permissions == 0o600 && status.owner == "ann" && status.replication == 2)
            #expect(status.modifiedMilliseconds == 1_600_000_000_000)
            let summary = try files.contentSummary(world.root.appending("administered"))
            #expect(summary.fileCount == 1 && summary.directoryCount == 1 && summary.size == 10)
            try files.setExtendedAttribute(place, name: "user.kind", value: [0, 255])
            #expect(try files.extendedAttributes(place).map(\.name) == ["user.kind"])
            #expect(try files.extendedAttributes(place).map(\.value) == [[0, 255]])
            try files.removeExtendedAttribute(place, name: "user.kind")
            #expect(try files.extendedAttributes(place).isEmpty)
            try files.setAccessControlEntries(place, to: ["user:bob:rw-"])
            #expect(try files.accessControlEntries(place).contains("user:bob:rw-"))
            try files.setQuota(world.root.appending("administered"), names: 5, space: nil)
            #expect(try files.contentSummary(world.root.appending("administered")).nameQuota == 5)
            let set = world.root.appending("set")
            try files.create(set, overwrite: true, settings: ["dfs.replication": "2", "dfs.blocksize": "2m"]).close()
            let made = try files.status(set)
            #expect(made?.replication == 2 && made?.blockBytes == 2 << 20)
            let root = FileLocation(scheme: "webhdfs", authority: world.root.authority, path: "/")
            let near = WebHDFSFileSystem(defaultAuthority: root.authority, on: ServiceWorld.group)
            #expect(try near.space().capacity > 0)
            #expect(throws: HoneyError.self) { try files.setPermissions(world.root.appending("none"), to: 0o600) }
        }
    }

    @Test func tellsThatNobodyAnswers() async throws {
        try await ServiceWorld.blocking {
            let files = WebHDFSFileSystem(on: ServiceWorld.group)
            #expect("unreachable") {
                _ = try files.status(FileLocation(scheme: "webhdfs", authority: "127.0.0.1:1", path: "/"))
            } throws: { ($0 as? HoneyError)?.code == "UNREACHABLE" }
        }
    }
}
