import HoneyHDFS
package import HoneyWorld
package import Logging
package import NIOCore

/// A secondary NameNode, which makes checkpoints for a NameNode over TCP.
package final class SecondaryNameNodeDaemon: Daemon {
    package let name = "SecondaryNameNode"
    private let host: MachineHost<SecondaryNameNode>

    package static func start(
        _ configuration: HadoopConfiguration, on group: any EventLoopGroup, log: Logger
    ) async throws -> SecondaryNameNodeDaemon {
        let nameNode = try configuration.nameNodes()[0].address
        var settings = try SecondaryNameNodeConfiguration(nameNode: nameNode, properties: configuration.properties)
        settings.user = SystemUsers.currentName
        // One is enough: what it keeps can be fetched again.
        let directory = try configuration.directories(
            "dfs.namenode.checkpoint.dir", default: configuration.workDirectory + "/dfs/namesecondary")[0]
        let host = MachineHost<SecondaryNameNode>(on: group.next(), wires: [RPCWire()]) { log.write($0, $1) }
        let chosen = settings
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        _ = try await host.start { _ in
            SecondaryNameNode(configuration: chosen, disk: try RealDisk(directory: directory), random: random)
        }.get()
        log.info("making checkpoints of \(nameNode) in \(directory)")
        return SecondaryNameNodeDaemon(host)
    }

    private init(_ host: MachineHost<SecondaryNameNode>) { self.host = host }

    package var ended: EventLoopFuture<MachineEnd> { host.ended }

    package func stop() async {
        host.requestStop()
        _ = try? await host.ended.get()
    }
}
