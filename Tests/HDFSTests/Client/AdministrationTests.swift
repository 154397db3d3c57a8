import HoneyCore
import HoneyFiles
import HoneyHDFSMessages
import HoneyWorld
import Testing

@testable import HoneyHDFS

struct AdministrationTests {
    private static let cluster = Result { try TestCluster(datanodes: 1, properties: ["dfs.ls.limit": "7"]) }
    private let cluster: TestCluster
    private let fileSystem: HDFSFileSystem

    init() throws {
        cluster = try Self.cluster.get()
        fileSystem = try cluster.fileSystem(["dfs.replication": "1", "dfs.blocksize": "4096"])
    }

    private func status(_ path: String) throws -> FileStatus {
        try #require(try fileSystem.status(cluster.location(path)))
    }

    @Test func attributesAreKept() throws {
        let place = cluster.location("/attributes/file")
        try fileSystem.write([1, 2, 3], to: place)
        #expect(try status("/attributes/file").permissions == 0o644)
        try fileSystem.setPermissions(place, to: 0o1640)
        try fileSystem.setOwner(place, owner: "bob", group: nil)
        try fileSystem.setOwner(place, owner: nil, group: "bees")
        try fileSystem.setTimes(place, modifiedMilliseconds: 1_234_567, accessedMilliseconds: nil)
        let kept = try status("/attributes/file")
        #expect(kept.permissions & 0o777 == 0o640 && kept.owner == "bob" && kept.group == "bees")
        #expect(kept.modifiedMilliseconds == 1_234_567 && kept.replication == 1 && kept.blockBytes == 4096)
        #expect(try fileSystem.setReplication(place, to: 3))
        #expect(try status("/attributes/file").replication == 3)
        #expect(try !fileSystem.setReplication(cluster.location("/attributes"), to: 3))
    }

    @Test func accessControlAndAttributesAreKept() throws {
        let place = cluster.location("/acl")
        try fileSystem.makeDirectory(place)
        #expect(try fileSystem.accessControlEntries(place).isEmpty)
        try fileSystem.setAccessControlEntries(
            place, to: ["user:bob:rwx", "default:user::rwx", "default:group::r-x", "default:other::---"])
        #expect(
            try fileSystem.accessControlEntries(place) == [
                "user:bob:rwx", "group::r-x", "default:user::rwx", "default:group::r-x", "default:other::---",
            ])
        try fileSystem.setAccessControlEntries(place, to: [])
        #expect(try fileSystem.accessControlEntries(place).isEmpty)
        #expect(throws: HoneyError.self) { try fileSystem.setAccessControlEntries(place, to: ["bob:rwx"]) }
        try fileSystem.setExtendedAttribute(place, name: "user.origin", value: [1, 2])
        try fileSystem.setExtendedAttribute(place, name: "user.origin", value: [3])
        let attributes = try fileSystem.extendedAttributes(place)
        #expect(attributes.map(\.name) == ["user.origin"] && attributes[0].value == [3])
        try fileSystem.removeExtendedAttribute(place, name: "user.origin")
        #expect(try fileSystem.extendedAttributes(place).isEmpty)
        #expect(throws: HoneyError.self) { try fileSystem.setExtendedAttribute(place, name: "origin", value: []) }
    }

    @Test func quotasAreObeyed() throws {
        let place = cluster.location("/quota")
        try fileSystem.makeDirectory(place)
        try fileSystem.setQuota(place, names: 3, space: nil)
        try fileSystem.write([1], to: place.appending("a"))
        #expect(try fileSystem.contentSummary(place).nameQuota == 3)
        try fileSystem.write([1], to: place.appending("b"))
        #expect { try fileSystem.write([1], to: place.appending("c")) } throws: {
            ($0 as? HoneyError)?.code == "QUOTA_EXCEEDED"
        }
        let summary = try fileSystem.contentSummary(place)
        #expect(
            summary.fileCount == 2 && summary.directoryCount == 1 && summary.size == 2 && summary.spaceConsumed == 2)
        try fileSystem.setQuota(place, names: -1, space: nil)
        try fileSystem.write([1], to: place.appending("c"))
    }

    @Test func filesAreCutAndJoined() throws {
        let place = cluster.location("/parts")
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        for (name, range) in [("a", 0..<4_096), ("b", 4_096..<8_192), ("c", 8_192..<10_000)] {
            try fileSystem.write(Array(bytes[range]), to: place.appending(name))
        }
        try fileSystem.concatenate([place.appending("b"), place.appending("c")], onto: place.appending("a"))
        #expect(try fileSystem.contents(of: place.appending("a")) == bytes)
        #expect(try fileSystem.list(place).count == 1)
        #expect(try fileSystem.truncate(place.appending("a"), to: 8_192))
        #expect(try fileSystem.contents(of: place.appending("a")) == Array(bytes[..<8_192]))
    }

    @Test func longDirectoriesAreListedPageByPage() throws {
        let place = cluster.location("/many")
        for number in 0..<20 { try fileSystem.makeDirectory(place.appending("d\(100 + number)")) }
        #expect(try fileSystem.list(place).map(\.location.name) == (0..<20).map { "d\(100 + $0)" })
    }

    @Test func othersAreRefused() throws {
        let place = cluster.location("/private")
        try fileSystem.makeDirectory(place)
        try fileSystem.setPermissions(place, to: 0o700)
        let bob = try cluster.fileSystem(["dfs.replication": "1"], user: "bob")
        #expect { try bob.write([1], to: place.appending("x")) } throws: {
            ($0 as? HoneyError)?.code == "PERMISSION_DENIED"
        }
        #expect(bob.homeDirectory.path == "/user/bob")
    }

    @Test func theClusterIsLookedAfter() throws {
        let administration = fileSystem.administration()
        #expect(try administration.datanodes(.live).count == 1)
        #expect(try administration.datanodes(.dead).isEmpty)
        #expect(try administration.statistics().capacity > 0)
        #expect(try fileSystem.space().capacity > 0)
        #expect(try administration.corruptFiles().isEmpty)
        try administration.refreshNodes()
        let cluster = try TestCluster(datanodes: 1)
        let other = try cluster.fileSystem(["dfs.replication": "1"])
        #expect(try !other.administration().safeMode(.safemodeGet))
        #expect(try other.administration().safeMode(.safemodeEnter))
        #expect { try other.makeDirectory(cluster.location("/x")) } throws: { ($0 as? HoneyError)?.code == "SAFE_MODE" }
        #expect(try other.administration().saveNamespace())
        #expect(try !other.administration().safeMode(.safemodeLeave))
        try other.makeDirectory(cluster.location("/x"))
    }

    @Test func authoritiesAreHostsOrNameServices() throws {
        let services = try NameServices(properties: [
            "dfs.nameservices": "bees", "dfs.ha.namenodes.bees": "a,b", "dfs.namenode.rpc-address.bees.a": "one:8020",
            "dfs.namenode.rpc-address.bees.b": "two", "fs.defaultFS": "hdfs://bees/x",
        ])
        #expect(try services.nameNodes(of: "") == [.tcp(host: "one", port: 8020), .tcp(host: "two", port: 8020)])
        #expect(try services.nameNodes(of: "three:99") == [.tcp(host: "three", port: 99)])
        #expect(try services.nameNodes(of: "[::1]:99") == [.tcp(host: "::1", port: 99)])
        #expect(throws: HoneyError.self) { try services.nameNodes(of: "three:x") }
        #expect(throws: HoneyError.self) { try NameServices().nameNodes(of: "") }
        #expect(throws: HoneyError.self) {
            try NameServices(properties: ["dfs.nameservices": "bees", "dfs.ha.namenodes.bees": "a"])
        }
    }
}
