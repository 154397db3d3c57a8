import Foundation
import HoneyCore
import HoneyHDFS
package import Logging
package import NIOCore

/// A whole HDFS in this process, on loopback: for trying things.
package final class Cluster: Sendable {
    package let nameNode: NameNodeDaemon
    package let dataNodes: [DataNodeDaemon]
    /// The directory whose `core-site.xml` clients may read.
    package let configurationDirectory: String

    /// What is to run.
    package struct Options: Sendable {
        package var dataNodes = 3
        /// Where name space, blocks and the configuration for clients are kept.
        package var directory: String
        /// The port of the NameNode's RPC, and that of its HTTP; 0 lets the system choose.
        package var port = HadoopConfiguration.namenodePort
        package var httpPort = HadoopConfiguration.namenodeHTTPPort

        package init(directory: String) { self.directory = directory }
    }

    /// Starts the NameNode, then the DataNodes; what was started ends when another cannot.
    package static func start(
        _ base: HadoopConfiguration, _ options: Options, on group: any EventLoopGroup,
        log: @escaping @Sendable (String) -> Logger
    ) async throws -> Cluster {
        guard options.dataNodes >= 1 else {
            throw HoneyError(
                .environment, "INVALID_ARGUMENT", "a cluster needs a DataNode: \(options.dataNodes)")
        }
        let directory =
            options.directory.hasPrefix("/")
            ? options.directory : FileManager.default.currentDirectoryPath + "/" + options.directory
        var configuration = base
        configuration.setDefaults(["dfs.replication": "\(min(3, options.dataNodes))"])
        configuration.set("fs.defaultFS", to: "hdfs://127.0.0.1:\(options.port)")
        configuration.set("dfs.namenode.http-address", to: "127.0.0.1:\(options.httpPort)")
        configuration.set("dfs.namenode.name.dir", to: directory + "/name")
        configuration.setDefaults([
            // All DataNodes come with the NameNode, so that there is nobody to wait for.
            "dfs.namenode.safemode.extension": "0"
        ])
        var nameNodeOptions = NameNodeDaemon.Options()
        nameNodeOptions.formatsEmptyDirectories = true
        let nameNode = try await NameNodeDaemon.start(configuration, nameNodeOptions, on: group, log: log("NameNode"))
        configuration.set("fs.defaultFS", to: "hdfs://\(nameNode.address)")
        configuration.set("dfs.namenode.http-address", to: "\(nameNode.httpAddress)")
        var started: [DataNodeDaemon] = []
        do {
            for number in 0..<options.dataNodes {
                started.append(
                    try await DataNodeDaemon.start(
                        configuration.ofDataNode(directory + "/data\(number)"), on: group,
                        log: log("DataNode \(number)")))
            }
            let place = try writeConfiguration(configuration, in: directory + "/conf")
            return Cluster(nameNode, started, place)
        } catch {
            for daemon in started.reversed() { await daemon.stop() }
            await nameNode.stop()
            throw error
        }
    }

    private init(_ nameNode: NameNodeDaemon, _ dataNodes: [DataNodeDaemon], _ configurationDirectory: String) {
        self.nameNode = nameNode
        self.dataNodes = dataNodes
        self.configurationDirectory = configurationDirectory
    }

    /// All daemons, in the order in which they started.
    package var daemons: [any Daemon] { [nameNode] + dataNodes }

    /// Waits until all DataNodes have registered and safe mode is off; fails with `TIMED_OUT`.
    package func waitUntilReady(seconds: Int = 30) async throws {
        for _ in 0..<seconds * 20 {
            let overview = try await nameNode.overview()
            if overview.live.count == dataNodes.count, overview.safeMode == nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw HoneyError(.environment, "TIMED_OUT", "DataNodes did not register within \(seconds) s")
    }

    package func stop() async {
        for daemon in daemons.reversed() { await daemon.stop() }
    }

    private static func writeConfiguration(_ configuration: HadoopConfiguration, in directory: String) throws -> String
    {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let files: [(String, [String])] = [
            ("core-site.xml", ["fs.defaultFS"]),
            ("hdfs-site.xml", ["dfs.namenode.http-address", "dfs.replication", "dfs.client.use.datanode.hostname"]),
        ]
        for (name, settings) in files {
            var text = "<?xml version=\"1.0\"?>\n<configuration>\n"
            for setting in settings {
                guard let value = configuration[setting] else { continue }
                text += "  <property><name>\(setting)</name><value>\(HTMLText.escaped(value))</value></property>\n"
            }
            try Data((text + "</configuration>\n").utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
        }
        return directory
    }
}

extension HadoopConfiguration {
    /// Sets what is not set.
    fileprivate mutating func setDefaults(_ values: [String: String]) {
        for (name, value) in values where self[name] == nil { set(name, to: value) }
    }

    /// The settings of one of several DataNodes of a host.
    fileprivate func ofDataNode(_ directory: String) -> HadoopConfiguration {
        var copy = self
        copy.set("dfs.datanode.data.dir", to: directory)
        for name in ["dfs.datanode.address", "dfs.datanode.ipc.address", "dfs.datanode.http.address"] {
            copy.set(name, to: "127.0.0.1:0")
        }
        return copy
    }
}
