import FileSystemContracts
import HoneyCore
import HoneyFiles
import Testing

/// What file systems do beyond files: the machine's own as far as it can, the one in memory all of it.
struct AdministrationTests {
    private func administered(_ world: FileSystemWorld) throws -> any AdministeredFileSystem {
        try #require(world.fileSystem as? any AdministeredFileSystem)
    }

    @Test(arguments: FileSystemWorld.all) func setsModesAndTimes(_ world: FileSystemWorld) throws {
        let fileSystem = try administered(world)
        try world.write("x", to: "file")
        let file = world.root.appending("file")
        try fileSystem.setPermissions(file, to: 0o1640)
        try fileSystem.setTimes(file, modifiedMilliseconds: 1_577_934_245_678, accessedMilliseconds: 1_577_934_245_001)
        var status = try #require(try fileSystem.status(file))
        #expect(status.permissions == 0o1640)
        #expect(status.modifiedMilliseconds == 1_577_934_245_678 && status.accessedMilliseconds == 1_577_934_245_001)
        try fileSystem.setTimes(file, modifiedMilliseconds: nil, accessedMilliseconds: -1_500)
        status = try #require(try fileSystem.status(file))
        #expect(status.modifiedMilliseconds == 1_577_934_245_678 && status.accessedMilliseconds == -1_500)
        try fileSystem.setOwner(file, owner: status.owner, group: nil)
        for body in [
            { try fileSystem.setPermissions(world.root.appending("none"), to: 0o600) },
            { try fileSystem.setTimes(world.root.appending("none"), modifiedMilliseconds: 1, accessedMilliseconds: 1) },
        ] {
            world.expectFailure("FILE_NOT_FOUND", body)
        }
    }

    @Test func knowsNoSuchUser() throws {
        let world = FileSystemWorld.all[0]
        try world.write("x", to: "file")
        for (owner, group) in [("no such user", nil), (nil, "no such group")] as [(String?, String?)] {
            world.expectFailure("NO_SUCH_ACCOUNT") {
                try administered(world).setOwner(world.root.appending("file"), owner: owner, group: group)
            }
        }
    }

    @Test(arguments: FileSystemWorld.all) func cutsAndJoinsFiles(_ world: FileSystemWorld) throws {
        let fileSystem = try administered(world)
        for name in ["one", "two", "three"] { try world.write(name, to: name) }
        try fileSystem.concatenate(
            [world.root.appending("two"), world.root.appending("three")], onto: world.root.appending("one"))
        #expect(try world.text(of: "one") == "onetwothree")
        #expect(try fileSystem.status(world.root.appending("two")) == nil)
        #expect(try fileSystem.truncate(world.root.appending("one"), to: 4))
        #expect(try world.text(of: "one") == "onet")
        #expect(throws: HoneyError.self) { try fileSystem.truncate(world.root.appending("one"), to: 5) }
        #expect(throws: HoneyError.self) { try fileSystem.truncate(world.root.appending("one"), to: -1) }
        world.expectFailure("FILE_NOT_FOUND") { _ = try fileSystem.truncate(world.root.appending("none"), to: 0) }
        world.expectFailure("NOT_A_FILE") { _ = try fileSystem.truncate(world.root, to: 0) }
    }

    @Test(arguments: FileSystemWorld.all) func countsWhatIsBelow(_ world: FileSystemWorld) throws {
        let fileSystem = try administered(world)
        for name in ["c/a", "c/b/d", "c/b/e"] { try world.write(name, to: name) }
        let summary = try fileSystem.contentSummary(world.root.appending("c"))
        #expect(summary == ContentSummary(directoryCount: 2, fileCount: 3, size: 13, spaceConsumed: 13))
        #expect(try fileSystem.contentSummary(world.root.appending("c/a")).fileCount == 1)
        world.expectFailure("FILE_NOT_FOUND") { _ = try fileSystem.contentSummary(world.root.appending("none")) }
        let space = try fileSystem.space()
        #expect(space.capacity > 0 && space.used > 0 && space.remaining > 0)
        #expect(try fileSystem.checksum(world.root.appending("c/a")) == nil)
        #expect(try fileSystem.allows(.reading, to: world.root) && fileSystem.allows(.writing, to: world.root))
        #expect(try fileSystem.setReplication(world.root.appending("c/a"), to: 2))
        #expect(try fileSystem.setReplication(world.root, to: 2) == false)
    }

    @Test func saysWhatTheMachineDoesNotHave() throws {
        let world = FileSystemWorld.all[0]
        let fileSystem = try administered(world)
        for body in [
            { _ = try fileSystem.accessControlEntries(world.root) },
            { try fileSystem.setAccessControlEntries(world.root, to: []) },
            { _ = try fileSystem.extendedAttributes(world.root) },
            { try fileSystem.setExtendedAttribute(world.root, name: "user.a", value: []) },
            { try fileSystem.removeExtendedAttribute(world.root, name: "user.a") },
            { try fileSystem.setQuota(world.root, names: 1, space: nil) },
        ] as [() throws -> Void] {
            world.expectFailure("UNSUPPORTED_OPERATION", body)
        }
    }

    @Test func keepsListsAndAttributesInMemory() throws {
        let fileSystem = MemoryFileSystem()
        let file = FileLocation(scheme: "memory", path: "/f")
        try fileSystem.write([], to: file)
        try fileSystem.setAccessControlEntries(
            file, to: ["user::rwx", "user:ann:r--", "group::r-x", "mask::r--", "other::---"])
        #expect(try fileSystem.accessControlEntries(file) == ["user:ann:r--", "group::r-x"])
        let status = try #require(try fileSystem.status(file))
        #expect(status.permissions == 0o740 && status.hasAccessControlEntries)
        #expect(throws: HoneyError.self) { try fileSystem.setAccessControlEntries(file, to: ["user::rwx"]) }
        #expect(throws: HoneyError.self) { try fileSystem.setAccessControlEntries(file, to: ["nonsense"]) }
        try fileSystem.setAccessControlEntries(file, to: ["user::rwx", "group::r-x", "other::---"])
        #expect(try fileSystem.status(file)?.hasAccessControlEntries == false)
        try fileSystem.setExtendedAttribute(file, name: "user.b", value: [1])
        try fileSystem.setExtendedAttribute(file, name: "user.a", value: [])
        #expect(try fileSystem.extendedAttributes(file).map(\.name) == ["user.a", "user.b"])
        try fileSystem.removeExtendedAttribute(file, name: "user.a")
        #expect(try fileSystem.extendedAttributes(file).map(\.value) == [[1]])
    }
}
