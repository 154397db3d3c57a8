import HoneyCore
package import HoneyHDFS
package import HoneyWorld
package import Logging
package import NIOCore
import Synchronization

/// A NameNode over TCP, with its HTTP.
package final class NameNodeDaemon: Daemon {
    package let name = "NameNode"
    /// Where RPC is served.
    package let address: NetworkAddress
    /// Where HTTP is served.
    package let httpAddress: NetworkAddress
    private let host: MachineHost<NameNode>
    private let calls: RPCCalls
    private let http: HTTPService

    /// What is to run, beside the configuration.
    package struct Options: Sendable {
        /// Which of a highly available name service's NameNodes this is.
        package var id: String?
        /// Makes a new name space in empty directories, which are an error otherwise.
        package var formatsEmptyDirectories = false

        package init() {}
    }

    package static func start(
        _ configuration: HadoopConfiguration, _ options: Options = Options(), on group: any EventLoopGroup, log: Logger
    ) async throws -> NameNodeDaemon {
        let address = try configuration.nameNodeAddress(id: options.id)
        let settings = try settings(of: configuration, options, at: address)
        let directories = try directories(of: configuration)
        let shared = try sharedDirectory(of: configuration, options)
        let hostFiles = HostFiles(configuration)
        let host = MachineHost<NameNode>(on: group.next(), wires: [RPCWire()]) { log.write($0, $1) }
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        let bound = try await host.start(listening: [(bindAddress(address, configuration, options), .rpc)]) { _ in
            let node = NameNode(
                configuration: settings, disks: try directories.map { try RealDisk(directory: $0) },
                shared: try shared.map { try RealDisk(directory: $0, isShared: true) }, random: random,
                groups: SystemUsers.groups)
            let last = HostLists(settings.blocks.includedHosts, settings.blocks.excludedHosts)
            node.hostLists = { last.read(hostFiles, log) }
            return node
        }.get()
        let reachable = reachable(address, bound: bound[0])
        let calls = RPCCalls(on: group.next())
        var own = configuration
        if configuration.nameNodeIDs.isEmpty {
            // The port is known only now.
            own.set("fs.defaultFS", to: "hdfs://\(reachable)")
            own.set("dfs.namenode.rpc-address", to: "\(reachable)")
        }
        do {
            let service = NameNodeHTTP(
                host: host, nameNode: NameNodeCalls([localAddress(of: bound[0])], calls),
                authority: configuration.nameNodeIDs.isEmpty
                    ? "\(reachable)" : configuration.nameService ?? "\(reachable)",
                fileSystems: try UserFileSystems(own, on: group, log: log))
            let http = try await HTTPService.start(
                at: httpBindAddress(configuration, options), on: group, respond: service.answer)
            log.info("serving RPC at \(reachable) and HTTP at \(http.address)")
            return NameNodeDaemon(reachable, host, calls, http)
        } catch {
            try? await calls.stop().get()
            host.requestStop()
            _ = try? await host.ended.get()
            throw error
        }
    }

    private init(
        _ address: NetworkAddress, _ host: MachineHost<NameNode>, _ calls: RPCCalls, _ http: HTTPService
    ) {
        self.address = address
        httpAddress = http.address
        self.host = host
        self.calls = calls
        self.http = http
    }

    package var ended: EventLoopFuture<MachineEnd> { host.ended }

    package func stop() async {
        await http.stop()
        try? await calls.stop().get()
        host.requestStop()
        _ = try? await host.ended.get()
    }

    /// Tells how it is.
    package func overview() async throws -> NameNodeOverview {
        try await host.overview()
    }

    // MARK: Settings

    private static func settings(
        of configuration: HadoopConfiguration, _ options: Options, at address: NetworkAddress
    ) throws -> NameNodeConfiguration {
        var settings = try NameNodeConfiguration(properties: configuration.properties)
        settings.superuser = SystemUsers.currentName
        settings.formatsEmptyDirectories = options.formatsEmptyDirectories
        if case .tcp(let host, _) = address { settings.host = host }
        settings.others = try configuration.nameNodes().map(\.address).filter { $0 != address }
        let hostFiles = HostFiles(configuration)
        settings.blocks.racks = try hostFiles.racks()
        (settings.blocks.includedHosts, settings.blocks.excludedHosts) = try hostFiles.lists()
        return settings
    }

    /// Where its name space is kept: `dfs.namenode.name.dir`.
    package static func directories(of configuration: HadoopConfiguration) throws -> [String] {
        try configuration.directories(
            "dfs.namenode.name.dir", default: configuration.workDirectory + "/dfs/name")
    }

    /// What it shares with the other NameNodes of its name service: `dfs.namenode.shared.edits.dir`.
    private static func sharedDirectory(
        of configuration: HadoopConfiguration, _ options: Options
    ) throws -> String? {
        let name = "dfs.namenode.shared.edits.dir"
        guard let text = configuration.forNameNode(name, id: options.id), !text.isEmpty else { return nil }
        var copy = configuration
        copy.set(name, to: text)
        return try copy.directories(name, default: "")[0]
    }

    private static func bindAddress(
        _ address: NetworkAddress, _ configuration: HadoopConfiguration, _ options: Options
    ) -> NetworkAddress {
        guard case .tcp(_, let port) = address,
            let host = configuration.forNameNode("dfs.namenode.rpc-bind-host", id: options.id)
        else { return address }
        return .tcp(host: host, port: port)
    }

    private static func httpBindAddress(
        _ configuration: HadoopConfiguration, _ options: Options
    ) throws -> NetworkAddress {
        let address = try configuration.nameNodeHTTPAddress(id: options.id)
        guard case .tcp(_, let port) = address,
            let host = configuration.forNameNode("dfs.namenode.http-bind-host", id: options.id)
        else { return address }
        return .tcp(host: host, port: port)
    }

    /// The address others use: the configured host with the port the system chose.
    private static func reachable(_ configured: NetworkAddress, bound: NetworkAddress) -> NetworkAddress {
        guard case .tcp(let host, _) = configured, case .tcp(_, let port) = bound else { return bound }
        return .tcp(host: host, port: port)
    }

    /// The address for calls from this process.
    private static func localAddress(of bound: NetworkAddress) -> NetworkAddress {
        guard case .tcp(let host, let port) = bound, host == "0.0.0.0" || host == "::" else { return bound }
        return .tcp(host: "127.0.0.1", port: port)
    }
}

/// The lists of hosts that were read last, which stay when a file cannot be read.
private final class HostLists: Sendable {
    private let lists: Mutex<(included: Set<String>, excluded: Set<String>)>

    init(_ included: Set<String>, _ excluded: Set<String>) { lists = Mutex((included, excluded)) }

    func read(_ files: HostFiles, _ log: Logger) -> (included: Set<String>, excluded: Set<String>) {
        lists.withLock { lists in
            do {
                lists = try files.lists()
            } catch {
                log.error("lists of hosts stay as they were: \(error)")
            }
            return lists
        }
    }
}
