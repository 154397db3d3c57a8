import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import NIOCore

/// Calls with made-up bodies to a NameNode on a disk in memory, which must go on, and start again with the same name space.
enum NameNodeFuzz {
    private static let methods: [(name: RPCProtocol, method: String)] =
        [
            "create", "append", "addBlock", "abandonBlock", "complete", "fsync", "getAdditionalDatanode",
            "updateBlockForPipeline", "updatePipeline", "reportBadBlocks", "concat", "truncate", "rename", "rename2",
            "delete", "mkdirs", "getListing", "getFileInfo", "getLocatedFileInfo", "getContentSummary", "getQuotaUsage",
            "getBlockLocations", "setReplication", "setPermission", "setOwner", "setTimes", "setQuota", "setXAttr",
            "getXAttrs", "removeXAttr", "modifyAclEntries", "setAcl", "removeAclEntries", "getAclStatus", "checkAccess",
            "setStoragePolicy", "recoverLease", "renewLease", "listOpenFiles", "saveNamespace", "setSafeMode",
            "setBalancerBandwidth", "listCorruptFileBlocks", "getDatanodeReport", "getFsStats",
        ].map { (.client, $0) }
        + [
            "registerDatanode", "sendHeartbeat", "blockReport", "blockReceivedAndDeleted", "errorReport",
            "commitBlockSynchronization", "reportBadBlocks",
        ].map { (.datanode, $0) }
        + ["getBlocks", "getEditLogManifest", "readStorage", "writeImage", "rollEditLog"].map { (.namenode, $0) }

    /// Each call is the number of a method, the length of its body (two bytes) and the body.
    static func run(_ bytes: [UInt8]) {
        let disk = MemoryDisk()
        let first = NameNodeFuzz.start(disk)
        var rest = ByteBuffer(bytes: bytes)
        var number: Int32 = 0
        while let method = rest.readInteger(as: UInt8.self), let length = rest.readInteger(as: UInt16.self) {
            let body = rest.readSlice(length: min(Int(length), rest.readableBytes)) ?? ByteBuffer()
            let (name, method) = methods[Int(method) % methods.count]
            first.ask(
                RPCCall(
                    client: RPCClientID(high: 1, low: 1), number: number, retry: 0, user: "hdfs", protocolName: name,
                    method: method, body: body))
            number += 1
        }
        let before = first.node.namespace?.inodeCount
        let second = NameNodeFuzz.start(disk)
        guard second.node.namespace?.inodeCount == before else { fatalError("the name space is another after a start") }
    }

    private static func start(_ disk: MemoryDisk) -> Running {
        let running = Running(disk)
        running.deliver(.started)
        return running
    }

    private final class Running {
        let node: NameNode
        private let effects = Effects<HDFSMessage>()
        private var now = Moment(monotonicNanoseconds: 1, wallMilliseconds: 1_700_000_000_000)
        private let connection: Connection

        init(_ disk: MemoryDisk) {
            var configuration = NameNodeConfiguration()
            configuration.smallestBlockBytes = 0
            node = NameNode(configuration: configuration, disks: [disk], random: SeededRandom(seed: 1))
            connection = effects.makeConnection()
        }

        func ask(_ call: RPCCall) { deliver(.received(connection, .call(call))) }

        func deliver(_ event: Event<HDFSMessage>) {
            now.monotonicNanoseconds += .seconds(1)
            now.wallMilliseconds += 1000
            node.handle(event, at: now, effects)
            for effect in effects.take() {
                switch effect {
                case .sync(let token, _): deliver(.synced(token, failure: nil))
                case .stop(let reason): fatalError("the NameNode ended: \(reason ?? "in order")")
                default: break
                }
            }
        }
    }
}

/// Files in memory; all they hold is durable.
private final class MemoryDisk: Disk {
    final class File: DiskFile, @unchecked Sendable {
        var bytes: [UInt8] = []
        var size: Int { bytes.count }

        func read(at offset: Int, count: Int, into buffer: inout ByteBuffer) -> Int {
            buffer.writeBytes(bytes.dropFirst(offset).prefix(count))
        }

        func write(_ data: ByteBuffer, at offset: Int) {
            let end = offset + data.readableBytes
            if bytes.count < end { bytes += repeatElement(0, count: end - bytes.count) }
            bytes.replaceSubrange(offset..<end, with: data.readableBytesView)
        }

        func truncate(to size: Int) { bytes = Array(bytes.prefix(size)) }
        func synchronize() {}
    }

    let name = "memory"
    private var files: [String: File] = [:]
    private var directories: Set<String> = [""]

    func open(_ path: String, _ mode: DiskOpenMode) throws(DiskError) -> any DiskFile {
        if mode == .create { files[path] = File() }
        guard let file = files[path] else { throw DiskError(.notFound, path) }
        return file
    }

    func list(_ directory: String) -> [DiskEntry] {
        files.filter { $0.key.hasPrefix(directory + "/") }.map {
            DiskEntry(
                name: String($0.key.dropFirst(directory.utf8.count + 1)), isDirectory: false, size: $0.value.size,
                modifiedMilliseconds: 0)
        }.sorted { $0.name < $1.name }
    }

    func entry(_ path: String) -> DiskEntry? {
        guard directories.contains(path) || files[path] != nil else { return nil }
        return DiskEntry(
            name: path, isDirectory: files[path] == nil, size: files[path]?.size ?? 0, modifiedMilliseconds: 0)
    }

    func makeDirectory(_ path: String) { directories.insert(path) }

    func rename(_ source: String, to target: String) throws(DiskError) {
        guard let file = files.removeValue(forKey: source) else { throw DiskError(.notFound, source) }
        files[target] = file
    }

    func remove(_ path: String) { files[path] = nil }
    func space() -> DiskSpace { DiskSpace(capacity: 1 << 40, available: 1 << 39) }
    func synchronize(_ directory: String) {}
    func localPath(of path: String) -> String? { nil }
}
