import Foundation
import HoneyCore
import HoneyHDFS
package import HoneyWorld
package import Logging
package import NIOCore

/// A DataNode over TCP, with its HTTP.
package final class DataNodeDaemon: Daemon {
    package let name = "DataNode"
    /// Where blocks are read and written.
    package let transferAddress: NetworkAddress
    package let httpAddress: NetworkAddress
    private let host: MachineHost<DataNode>
    private let http: HTTPService

    package static func start(
        _ configuration: HadoopConfiguration, on group: any EventLoopGroup, log: Logger
    ) async throws -> DataNodeDaemon {
        var settings = try DataNodeConfiguration(properties: configuration.properties)
        settings.nameNodes = try configuration.nameNodes().map(\.address)
        settings.user = SystemUsers.currentName
        let transfer = try configuration.address(
            "dfs.datanode.address", default: "0.0.0.0:\(HadoopConfiguration.datanodePort)",
            port: HadoopConfiguration.datanodePort)
        let rpc = try configuration.address(
            "dfs.datanode.ipc.address", default: "0.0.0.0:\(HadoopConfiguration.datanodeRPCPort)",
            port: HadoopConfiguration.datanodeRPCPort)
        settings.host = hostName(of: transfer, configuration)
        let directories = try configuration.directories(
            "dfs.datanode.data.dir", default: configuration.workDirectory + "/dfs/data")

        let host = MachineHost<DataNode>(on: group.next(), wires: [TransferWire(), RPCWire()]) { log.write($0, $1) }
        // The port of HTTP is told to the NameNode, so that it must be known before the machine is made.
        let http = try await HTTPService.start(
            at: try configuration.address(
                "dfs.datanode.http.address", default: "0.0.0.0:\(HadoopConfiguration.datanodeHTTPPort)",
                port: HadoopConfiguration.datanodeHTTPPort), on: group,
            respond: DataNodeHTTP(
                host: host,
                webHDFS: WebHDFSDataNode(
                    fileSystems: try UserFileSystems(configuration, on: group, log: log))
            ).answer)
        settings.httpPort = http.port
        let chosen = settings
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        do {
            let bound = try await host.start(listening: [(transfer, .transfer), (rpc, .rpc)]) { addresses in
                var settings = chosen
                settings.transferAddress = addresses[0]
                settings.rpcAddress = addresses[1]
                let disks = try directories.map {
                    try RealDisk(directory: $0, permissions: settings.directoryPermissions)
                }
                return DataNode(configuration: settings, disks: disks, random: random)
            }.get()
            log.info("serving blocks at \(bound[0]), RPC at \(bound[1]) and HTTP at \(http.address)")
            return DataNodeDaemon(host, http, transferAddress: bound[0])
        } catch {
            await http.stop()
            throw error
        }
    }

    private init(_ host: MachineHost<DataNode>, _ http: HTTPService, transferAddress: NetworkAddress) {
        self.host = host
        self.http = http
        self.transferAddress = transferAddress
        httpAddress = http.address
    }

    package var ended: EventLoopFuture<MachineEnd> { host.ended }

    package func stop() async {
        await http.stop()
        host.requestStop()
        _ = try? await host.ended.get()
    }

    /// What others call this host: `dfs.datanode.hostname`, else where it listens, else the system's name.
    private static func hostName(of address: NetworkAddress, _ configuration: HadoopConfiguration) -> String {
        if let name = configuration["dfs.datanode.hostname"], !name.isEmpty { return name }
        if case .tcp(let host, _) = address, host != "0.0.0.0", host != "::" { return host }
        return ProcessInfo.processInfo.hostName
    }
}
