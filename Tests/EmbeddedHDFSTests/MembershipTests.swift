import Foundation
import Testing

@testable import HoneyEmbeddedHDFS

/// Several members of one home in this process: locks and sockets do not care whose they are.
@Suite struct MembershipTests {
    private let folder = TemporaryFolder()

    private func member() throws -> Membership {
        try Membership(HomeLayout(directory: folder.path + "/hdfs", dataNodes: 0), properties: [:], user: "bee")
    }

    @Test func oneServesAndTheOthersTakeOverOneAfterAnother() throws {
        var members = try (0..<4).map { _ in try member() }
        while !members.isEmpty {
            for member in members { try member.waitUntilServed() }
            #expect(members.count { $0.isServing } == 1)
            let serving = try #require(members.firstIndex { $0.isServing })
            members.remove(at: serving).leave()
            // Whoever is next has seen that the first is gone.
            while !members.isEmpty, !members.contains(where: \.isServing) { usleep(1_000) }
        }
    }

    @Test func aHomeThatNobodyServesIsServedAgain() throws {
        for _ in 0..<3 {
            let member = try member()
            try member.waitUntilServed()
            #expect(member.isServing)
            member.leave()
        }
    }

    @Test func nobodyElseMayEnter() throws {
        let member = try member()
        try member.waitUntilServed()
        for name in ["/hdfs", "/hdfs/sockets"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + name)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
        member.leave()
    }

    @Test func aDamagedNameSpaceIsToldAndServedOnceItIsMended() throws {
        let first = try member()
        try first.waitUntilServed()
        first.leave()
        let version = folder.path + "/hdfs/name/current/VERSION"
        let content = try Data(contentsOf: URL(fileURLWithPath: version))
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: version))
        let second = try member()
        #expect(throws: (any Error).self) { try second.waitUntilServed() }
        try content.write(to: URL(fileURLWithPath: version))
        while !second.isServing { usleep(1_000) }
        second.leave()
    }

    @Test func pathsTooLongForSocketsAreNoHindrance() throws {
        let deep = folder.path + "/" + String(repeating: "long-name-of-a-home/", count: 10) + "hdfs"
        let members = try (0..<2).map { _ in
            try Membership(HomeLayout(directory: deep, dataNodes: 0), properties: [:], user: "bee")
        }
        for member in members { try member.waitUntilServed() }
        #expect(members.count { $0.isServing } == 1)
        for member in members { member.leave() }
    }
}

/// A folder that is removed afterwards.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "honey-home-\(UUID().uuidString.prefix(8))"
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
