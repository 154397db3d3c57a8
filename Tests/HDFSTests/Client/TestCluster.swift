import Foundation
import HoneyFiles
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import NIOPosix
import Synchronization

@testable import HoneyHDFS

/// A NameNode and DataNodes on loopback, in a folder that goes with it.
final class TestCluster: Sendable {
    static let user = "ann"
    let folder = NSTemporaryDirectory() + "/honey-hdfs-\(UUID().uuidString.prefix(8))"
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let state = Mutex(State())
    private let properties: [String: String]

    private struct State {
        var nameNode: MachineHost<NameNode>?
        var address = NetworkAddress.local(path: "")
        var dataNodes: [Int: MachineHost<DataNode>] = [:]
    }

    init(datanodes: Int = 3, properties: [String: String] = [:]) throws {
        self.properties = properties.merging(
            ["dfs.namenode.fs-limits.min-block-size": "1024", "dfs.heartbeat.interval": "200ms"]
        ) { given, _ in given }
        try startNameNode()
        for number in 0..<datanodes { try startDataNode(number) }
        let fileSystem = try fileSystem()
        while try fileSystem.administration(of: authority).datanodes(.live).count < datanodes { usleep(5_000) }
    }

    deinit {
        let (nameNode, dataNodes) = state.withLock { ($0.nameNode, Array($0.dataNodes.values)) }
        for host in dataNodes { host.kill() }
        nameNode?.kill()
        for host in dataNodes { _ = try? host.ended.wait() }
        _ = try? nameNode?.ended.wait()
        try? group.syncShutdownGracefully()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var address: NetworkAddress { state.withLock { $0.address } }

    var authority: String { address.description }

    func startNameNode() throws {
        let host = MachineHost<NameNode>(on: group.next(), wires: [RPCWire()]) { Self.log("NameNode", $0, $1) }
        var configuration = try NameNodeConfiguration(properties: properties)
        configuration.superuser = Self.user
        configuration.blocks.safeModeExtension = 0
        let place: NetworkAddress = state.withLock {
            if case .tcp = $0.address { $0.address } else { .tcp(host: "127.0.0.1", port: 0) }
        }
        let directory = folder + "/name"
        let addresses = try host.start(listening: [(place, .rpc)]) { [configuration] _ in
            NameNode(
                configuration: configuration, disks: [try RealDisk(directory: directory)], random: SeededRandom(seed: 1)
            )
        }.wait()
        state.withLock {
            $0.nameNode = host
            $0.address = addresses[0]
        }
    }

    func killNameNode() throws {
        let host = state.withLock { $0.nameNode.take() }
        host?.kill()
        _ = try host?.ended.wait()
    }

    func startDataNode(_ number: Int) throws {
        let host = MachineHost<DataNode>(on: group.next(), wires: [RPCWire(), TransferWire()]) {
            Self.log("DataNode \(number)", $0, $1)
        }
        var configuration = try DataNodeConfiguration(properties: properties)
        configuration.nameNodes = [address]
        configuration.host = "127.0.0.1"
        configuration.user = Self.user
        let directory = dataFolder(number)
        let anywhere = NetworkAddress.tcp(host: "127.0.0.1", port: 0)
        _ = try host.start(listening: [(anywhere, .transfer), (anywhere, .rpc)]) { [configuration] addresses in
            var configuration = configuration
            configuration.transferAddress = addresses[0]
            configuration.rpcAddress = addresses[1]
            return DataNode(
                configuration: configuration, disks: [try RealDisk(directory: directory)],
                random: SeededRandom(seed: UInt64(number)))
        }.wait()
        state.withLock { $0.dataNodes[number] = host }
    }

    func dataFolder(_ number: Int) -> String { folder + "/data\(number)" }

    /// Ends a DataNode at once, as a crash would.
    func killDataNode(_ number: Int) throws {
        let host = state.withLock { $0.dataNodes.removeValue(forKey: number) }
        host?.kill()
        _ = try host?.ended.wait()
    }

    func fileSystem(_ properties: [String: String] = [:], user: String = TestCluster.user) throws -> HDFSFileSystem {
        try HDFSFileSystem(
            properties: properties.merging(["fs.defaultFS": "hdfs://" + authority]) { given, _ in given }, user: user,
            on: group, log: { Self.log("client", $0, $1) })
    }

    /// Shows what daemons log, where `HONEYGUIDE_TEST_LOG` is set.
    private static func log(_ who: String, _ level: LogLevel, _ message: String) {
        if ProcessInfo.processInfo.environment["HONEYGUIDE_TEST_LOG"] != nil { print(who, level, message) }
    }

    func location(_ path: String) -> FileLocation {
        FileLocation(scheme: "hdfs", authority: authority, path: path)
    }

    /// The block files of a DataNode that begin with `prefix`, with their folders.
    func blockFiles(_ number: Int, prefix: String = "blk_") -> [String] {
        let folder = dataFolder(number)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { ($0 as NSString).lastPathComponent.hasPrefix(prefix) }.map { folder + "/" + $0 }
    }
}
