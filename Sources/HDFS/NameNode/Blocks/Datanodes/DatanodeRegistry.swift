import HoneyHDFSMessages
import HoneyWorld

/// The DataNodes a NameNode knows, alive or dead, with their storages.
package final class DatanodeRegistry {
    let configuration: BlockConfiguration
    /// In the order in which they registered first; a node keeps its place.
    package private(set) var nodes: [Datanode] = []
    /// In the order in which they were first reported; blocks name them by their place.
    package private(set) var storages: [DatanodeStorage] = []
    /// Hosts that may register and those to be decommissioned; see `BlockConfiguration`.
    package var includedHosts: Set<String>
    package var excludedHosts: Set<String>
    private var nodesByUUID: [String: Datanode] = [:]
    private var storagesByUUID: [String: DatanodeStorage] = [:]
    /// The nodes whose heartbeats come.
    private(set) var live: [Datanode] = []
    private(set) var liveRackCount = 0
    /// Whether there were ever nodes on two racks; before that nothing is spread over racks.
    private(set) var hasSeveralRacks = false
    /// Transceivers of a node in service, on average.
    private(set) var averageLoad = 0.0

    init(configuration: BlockConfiguration) {
        self.configuration = configuration
        includedHosts = configuration.includedHosts
        excludedHosts = configuration.excludedHosts
    }

    package func node(uuid: String) -> Datanode? { nodesByUUID[uuid] }
    package func storage(uuid: String) -> DatanodeStorage? { storagesByUUID[uuid] }

    /// Finds a node by its transfer address, such as `10.0.0.7:9866`; a live one before a dead one.
    package func node(address: String) -> Datanode? {
        let found = nodes.filter { $0.address == address || "\($0.id.hostName):\($0.id.xferPort)" == address }
        return found.first(where: \.isAlive) ?? found.first
    }

    /// Lists the live nodes of a host, by its address or name.
    package func liveNodes(onHost host: String) -> [Datanode] {
        live.filter { $0.id.ipAddr == host || $0.id.hostName == host }
    }

    /// Tells a host's rack by the table of racks.
    package func rack(ofHost host: String) -> String? { configuration.racks[host] }

    package var liveCount: Int { live.count }

    /// Live nodes that have reported all blocks of all their storages since they registered.
    package var reportedCount: Int {
        live.count { node in !node.storages.isEmpty && node.storages.allSatisfy { $0.reportCount > 0 } }
    }

    func makeNode(_ id: WireDatanodeID, rack: String) -> Datanode {
        let node = Datanode(index: nodes.count, id: id, rack: rack)
        nodes.append(node)
        nodesByUUID[node.uuid] = node
        return node
    }

    func makeStorage(_ uuid: String, of node: Datanode) -> DatanodeStorage {
        let storage = DatanodeStorage(index: UInt32(storages.count), uuid: uuid, node: node)
        storages.append(storage)
        storagesByUUID[uuid] = storage
        node.storages.append(storage)
        return storage
    }

    /// Gives a storage to another node, with its disk.
    func move(_ storage: DatanodeStorage, to node: Datanode) {
        storage.node.storages.removeAll { $0 === storage }
        storage.node = node
        node.storages.append(storage)
    }

    /// Counts again after a node came, went or changed its rack.
    func noteLiveNodes() {
        live = nodes.filter(\.isAlive)
        liveRackCount = Set(live.lazy.map(\.rack)).count
        hasSeveralRacks = hasSeveralRacks || liveRackCount > 1
        noteLoad()
    }

    func noteLoad() {
        var (load, count) = (0, 0)
        for node in live where node.isInService {
            load += node.transceivers
            count += 1
        }
        averageLoad = count == 0 ? 0 : Double(load) / Double(count)
    }

    /// Tells whether a list of hosts has a node, by name or address, with or without its transfer port.
    func names(_ hosts: Set<String>, _ id: WireDatanodeID) -> Bool {
        hosts.contains(id.ipAddr) || hosts.contains(id.hostName) || hosts.contains("\(id.ipAddr):\(id.xferPort)")
            || hosts.contains("\(id.hostName):\(id.xferPort)")
    }

    func isIncluded(_ id: WireDatanodeID) -> Bool { includedHosts.isEmpty || names(includedHosts, id) }

    func isExcluded(_ id: WireDatanodeID) -> Bool { names(excludedHosts, id) }
}
