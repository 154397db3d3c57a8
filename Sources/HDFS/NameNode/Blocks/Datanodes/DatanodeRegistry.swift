package import HoneyHDFSMessages
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
    /// Whether there were ever nodes on two racks; before that nothing is spread over racks.
    private(set) var hasSeveralRacks = false

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
        nodes.filter { $0.isAlive && ($0.id.ipAddr == host || $0.id.hostName == host) }
    }

    /// Tells a host's rack by the table of racks.
    package func rack(ofHost host: String) -> String? { configuration.racks[host] }

    func makeNode(_ id: WireDatanodeID, rack: String) -> Datanode {
        let node = Datanode(index: nodes.count, id: id, rack: rack)
        nodes.append(node)
        nodesByUUID[node.uuid] = node
        noteRacks()
        return node
    }

    /// Finds or makes a storage; one that was on another node has moved with its disk.
    func makeStorage(_ uuid: String, of node: Datanode) -> DatanodeStorage {
        let storage = DatanodeStorage(index: UInt32(storages.count), uuid: uuid, node: node)
        storages.append(storage)
        storagesByUUID[uuid] = storage
        node.storages.append(storage)
        return storage
    }

    func noteRacks() {
        hasSeveralRacks = hasSeveralRacks || Set(nodes.lazy.filter(\.isAlive).map(\.rack)).count > 1
    }

    /// Tells whether a list of hosts names a node; in Hadoop too a name, an address or either with the transfer port may stand.
    func names(_ hosts: Set<String>, _ id: WireDatanodeID) -> Bool {
        hosts.contains(id.ipAddr) || hosts.contains(id.hostName) || hosts.contains("\(id.ipAddr):\(id.xferPort)")
            || hosts.contains("\(id.hostName):\(id.xferPort)")
    }

    func isIncluded(_ id: WireDatanodeID) -> Bool { includedHosts.isEmpty || names(includedHosts, id) }

    func isExcluded(_ id: WireDatanodeID) -> Bool { names(excludedHosts, id) }
}
