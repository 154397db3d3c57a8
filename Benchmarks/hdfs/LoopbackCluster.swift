import Foundation
import HoneyFiles
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import NIOPosix

/// A NameNode, three DataNodes and a client that talk over TCP, each on a thread of its own.
final class LoopbackCluster {
    private static let user = "bench"
    let fileSystem: HDFSFileSystem
    private let folder: String
    private let authority: String
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 4)
    private let clientGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let nameNode: MachineHost<NameNode>
    private var dataNodes: [MachineHost<DataNode>] = []

    init(folder: String) throws {
        self.folder = folder
        let anywhere = NetworkAddress.tcp(host: "127.0.0.1", port: 0)
        nameNode = MachineHost(on: group.next(), wires: [RPCWire()]) { Self.log("NameNode", $0, $1) }
        var configuration = NameNodeConfiguration()
        configuration.superuser = Self.user
        let address = try nameNode.start(listening: [(anywhere, .rpc)]) { [configuration] _ in
            NameNode(
                configuration: configuration, disks: [try RealDisk(directory: folder + "/name")],
                random: SeededRandom(seed: 1))
        }.wait()[0]
        authority = address.description
        for number in 0..<3 {
            let host = MachineHost<DataNode>(on: group.next(), wires: [RPCWire(), TransferWire()]) {
                Self.log("DataNode \(number)", $0, $1)
            }
            _ = try host.start(listening: [(anywhere, .transfer), (anywhere, .rpc)]) { addresses in
                var configuration = DataNodeConfiguration()
                configuration.nameNodes = [address]
                configuration.transferAddress = addresses[0]
                configuration.rpcAddress = addresses[1]
                configuration.user = Self.user
                return DataNode(
                    configuration: configuration, disks: [try RealDisk(directory: folder + "/data\(number)")],
                    random: SeededRandom(seed: UInt64(number)))
            }.wait()
            dataNodes.append(host)
        }
        fileSystem = try HDFSFileSystem(
            properties: ["fs.defaultFS": "hdfs://" + authority], user: Self.user, on: clientGroup,
            log: { Self.log("client", $0, $1) })
        while try liveDataNodes() < dataNodes.count { usleep(5_000) }
    }

    private func liveDataNodes() throws -> Int {
        let count = group.next().makePromise(of: Int.self)
        nameNode.perform { node, _, _ in count.succeed(node.blockManager?.registry.liveCount ?? 0) }
        return try count.futureResult.wait()
    }

    private static func log(_ who: String, _ level: LogLevel, _ message: String) {
        if level >= .warning { report("\(who): \(message)") }
    }

    func location(_ path: String) -> FileLocation { FileLocation(scheme: "hdfs", authority: authority, path: path) }

    /// Waits until the DataNodes have removed all blocks.
    func waitUntilEmpty() {
        while (0..<3).contains(where: { hasBlocks(folder + "/data\($0)") }) { usleep(20_000) }
    }

    private func hasBlocks(_ folder: String) -> Bool {
        FileManager.default.enumerator(atPath: folder)?.contains {
            ($0 as? String)?.split(separator: "/").last?.hasPrefix("blk_") == true
        } ?? false
    }

    func stop() {
        for host in dataNodes { host.requestStop() }
        for host in dataNodes { _ = try? host.ended.wait() }
        nameNode.requestStop()
        _ = try? nameNode.ended.wait()
    }
}
