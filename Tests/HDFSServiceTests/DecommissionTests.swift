import Foundation
import HoneyCore
import HoneyWorld
import Logging
import NIOHTTP1
import Testing

@testable import HoneyHDFSService

/// What administrators do to DataNodes of a cluster of its own.
struct DecommissionTests {
    @Test func takesADataNodeOutOfServiceByTheListOfHosts() async throws {
        let folder = NSTemporaryDirectory() + "honey-decommission-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let list = folder + "/excluded"
        try Data().write(to: URL(fileURLWithPath: list))
        var options = Cluster.Options(directory: folder)
        options.dataNodes = 2
        (options.port, options.httpPort) = (0, 0)
        let settings = [
            "dfs.replication=1", "dfs.heartbeat.interval=1", "dfs.namenode.redundancy.interval.seconds=1",
            "dfs.namenode.decommission.interval=1", "dfs.hosts.exclude=" + list,
        ]
        let cluster = try await Cluster.start(
            try HadoopConfiguration(paths: [], settings: settings, environment: [:]), options, on: ServiceWorld.group
        ) { .daemon($0, level: .error) }
        do {
            try await cluster.waitUntilReady(seconds: 60)
            try await check(cluster, list)
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }

    private func check(_ cluster: Cluster, _ list: String) async throws {
        let prefix = "/webhdfs/v1/file?user.name=\(SystemUsers.currentName)&op="
        func locations() async throws -> [Int] {
            let answer = try await ServiceWorld.send(.GET, cluster.nameNode.httpAddress, prefix + "GET_BLOCK_LOCATIONS")
            let blocks = answer.json["LocatedBlocks"]?["locatedBlocks"]?.array
            return blocks?.first?["locations"]?.array?.compactMap { $0["xferPort"]?.int } ?? []
        }
        let sent = try await ServiceWorld.send(.PUT, cluster.nameNode.httpAddress, prefix + "CREATE")
        #expect(try await ServiceWorld.follow(.PUT, sent, body: Array("kept".utf8)).status == 201)
        let port = try #require(try await locations().first)

        try Data("127.0.0.1:\(port)\n".utf8).write(to: URL(fileURLWithPath: list))
        #expect(try await dfsAdmin(cluster, "-refreshNodes").code == 0)
        let isOut = try await ServiceWorld.eventually {
            try await dfsAdmin(cluster, "-printTopology").said.contains(":\(port) (127.0.0.1) Decommissioned")
        }
        #expect(isOut)
        #expect(try await locations().first != port)
        let opened = try await ServiceWorld.send(.GET, cluster.nameNode.httpAddress, prefix + "OPEN")
        #expect(try await ServiceWorld.follow(.GET, opened).text == "kept")

        try Data().write(to: URL(fileURLWithPath: list))
        #expect(try await dfsAdmin(cluster, "-refreshNodes").said == "Refresh nodes successful")
        #expect(try await !dfsAdmin(cluster, "-printTopology").said.contains("Decommissioned"))

        let group = ServiceWorld.group
        let balanced = try await ServiceWorld.administer(cluster) {
            try await BalancerCommand.run(["-threshold", "5"], $0, on: group)
        }
        #expect(balanced.code == 0, "\(balanced.said) \(balanced.complaints)")
        #expect(
            try await ServiceWorld.administer(cluster) {
                try await BalancerCommand.run(["-threshold", "0"], $0, on: group)
            }.code == 255)
    }

    private func dfsAdmin(_ cluster: Cluster, _ arguments: String...) async throws -> (code: Int32, said: String) {
        let done = try await ServiceWorld.administer(cluster) { await DfsAdmin.run(arguments, $0) }
        return (done.code, done.said)
    }
}
