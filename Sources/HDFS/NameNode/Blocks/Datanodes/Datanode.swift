package import HoneyHDFSMessages
import HoneyWorld

/// A DataNode as the NameNode knows it.
package final class Datanode {
    /// Its place in `DatanodeRegistry.nodes`.
    let index: Int
    package internal(set) var id: WireDatanodeID
    /// Such as `/default-rack`.
    package internal(set) var rack: String
    package internal(set) var storages: [DatanodeStorage] = []
    package internal(set) var adminState = WireDatanodeInfo.AdminState.normal
    package internal(set) var softwareVersion = ""
    /// Whether its heartbeats come; a node that is not alive holds nothing as far as blocks are concerned.
    package internal(set) var isAlive = false
    /// Whether another has come at its address: what it had is taken for lost.
    package internal(set) var isReplaced = false
    /// Set when it must register again before anything it says counts.
    var mustRegister = false
    /// Monotonic nanoseconds.
    package internal(set) var lastHeartbeat = 0
    var lastHeartbeatWall = 0
    var lastReport = 0
    var lastReportWall = 0
    package internal(set) var transceivers = 0
    package internal(set) var transfersInProgress = 0
    package internal(set) var failedVolumes = 0

    /// What is told of it, made when it is asked for first after a heartbeat.
    var description: WireDatanodeInfo?

    /// What its next heartbeats are answered with.
    var transfers: [TransferWork] = []
    private(set) var invalidations = BlockQueue()
    private var invalidReplicas: [UInt64: Block] = [:]
    var recoveries: [BlockInfo] = []
    var bandwidth: Int?
    /// Blocks that were sent there and have not come, now and in the interval before.
    var scheduled = 0
    var scheduledBefore = 0

    /// A block to be copied from this node.
    struct TransferWork {
        var block: BlockInfo
        var targets: [DatanodeStorage]
    }

    init(index: Int, id: WireDatanodeID, rack: String) {
        self.index = index
        self.id = id
        self.rack = rack
    }

    package var uuid: String { id.datanodeUuid }

    /// The host and transfer port, such as `10.0.0.7:9866`.
    package var address: String { id.ipAddr.hasPrefix("/") ? id.ipAddr : "\(id.ipAddr):\(id.xferPort)" }

    package var isInService: Bool { adminState == .normal }

    package var blockCount: Int { storages.reduce(0) { $0 + $1.blocks.count } }
    package var capacity: Int { storages.reduce(0) { $0 + $1.capacity } }
    package var used: Int { storages.reduce(0) { $0 + $1.used } }
    package var remaining: Int { storages.reduce(0) { $0 + $1.remaining } }
    var scheduledBlocks: Int { scheduled + scheduledBefore }

    /// Bytes free for new blocks, without what is on its way there.
    func available(blockBytes: Int) -> Int {
        let coming = scheduledBlocks.multipliedReportingOverflow(by: blockBytes)
        return coming.overflow ? 0 : max(0, remaining - coming.partialValue)
    }

    func invalidate(_ replica: Block) {
        invalidations.insert(replica.id)
        invalidReplicas[replica.id] = replica
    }

    /// Tells which replica of a block it is still to be told to delete.
    func invalidation(of id: UInt64) -> Block? { invalidReplicas[id] }

    func forgetInvalidation(of id: UInt64) {
        invalidations.remove(id)
        invalidReplicas[id] = nil
    }

    /// Takes replicas to delete off the list.
    func takeInvalidations(limit: Int) -> [Block] {
        var taken: [Block] = []
        while taken.count < limit, let id = invalidations.popFirst() {
            if let replica = invalidReplicas.removeValue(forKey: id) { taken.append(replica) }
        }
        return taken
    }

    /// Forgets what it was to be told; it may have restarted.
    func forgetOrders() {
        transfers = []
        invalidations.removeAll()
        invalidReplicas = [:]
        recoveries = []
        scheduled = 0
        scheduledBefore = 0
    }
}

/// A directory of a DataNode that holds blocks.
package final class DatanodeStorage {
    /// Its place in `DatanodeRegistry.storages`; blocks name their storages by it.
    let index: UInt32
    package let uuid: String
    /// The node that has it; a storage may move to another node with its disk.
    package internal(set) unowned var node: Datanode
    package internal(set) var type = WireStorageType.disk
    package internal(set) var isFailed = false
    package internal(set) var isReadOnly = false
    package internal(set) var capacity = 0
    package internal(set) var used = 0
    package internal(set) var remaining = 0
    package internal(set) var poolUsed = 0
    var nonDFSUsed = 0
    var mount = ""
    /// All blocks with a replica here; each block knows its position.
    package internal(set) var blocks: [BlockInfo] = []
    var reportCount = 0
    /// Set until a report has come since this NameNode became active: replicas may have been deleted by another's order, so
    /// nothing is trimmed that counts on this storage.
    var isContentStale = false
    var heardSinceActive = true

    init(index: UInt32, uuid: String, node: Datanode) {
        self.index = index
        self.uuid = uuid
        self.node = node
    }

    /// Tells whether blocks may be written here.
    var isWritable: Bool { !isFailed && !isReadOnly }
}
