package import HoneyHDFSMessages
import HoneyWorld

// DataNodes that come, change and report their storages.
extension BlockManager {
    /// Takes a node in, or back; its storages and blocks follow with its heartbeats and reports.
    package func register(_ registration: WireDatanodeRegistration) throws(RemoteException) -> WireDatanodeRegistration
    {
        let id = registration.datanodeID
        try verify(registration)
        guard registry.isIncluded(id) else { throw Self.disallowed(id) }
        // Another node that had this address was replaced.
        for other in registry.nodes
        where !other.isReplaced && other.uuid != id.datanodeUuid && other.id.ipAddr == id.ipAddr
            && other.id.xferPort == id.xferPort
        {
            log(.info, "\(other.address) is now DataNode \(id.datanodeUuid), no longer \(other.uuid)")
            loseNode(other)
            other.isReplaced = true
        }
        let rack =
            registry.rack(ofHost: id.ipAddr) ?? registry.rack(ofHost: id.hostName) ?? BlockConfiguration.defaultRack
        let node = registry.node(uuid: id.datanodeUuid) ?? registry.makeNode(id, rack: rack)
        node.id = id
        node.rack = rack
        node.softwareVersion = registration.softwareVersion
        node.mustRegister = false
        node.isAlive = true
        node.isReplaced = false
        node.forgetOrders()
        for storage in node.storages { storage.reportCount = 0 }
        hear(node)
        let hadOneRack = registry.liveRackCount == 1
        registry.noteLiveNodes()
        // What was written and copied while all were on one rack can be spread now.
        if hadOneRack, registry.liveRackCount > 1, looksAfterReplicas { examineAll() }
        log(.info, "DataNode \(node.uuid) registered at \(node.address) on \(rack)")
        if registry.isExcluded(id) { startDecommission(node) } else { stopDecommission(node) }
        return registration
    }

    /// Refuses nodes of another name space.
    func verify(_ registration: WireDatanodeRegistration) throws(RemoteException) {
        let theirs = registration.storageInfo
        if theirs.namespceID != identity.namespaceID || theirs.clusterID != identity.clusterID
            || theirs.cTime != identity.creationMilliseconds
        {
            let id = registration.datanodeID
            throw .unregisteredNode(
                "Unregistered server: DatanodeRegistration(\(id.ipAddr):\(id.xferPort), datanodeUuid=\(id.datanodeUuid), "
                    + "infoPort=\(id.infoPort), infoSecurePort=\(id.infoSecurePort), ipcPort=\(id.ipcPort), storageInfo=lv="
                    + "\(Int32(bitPattern: theirs.layoutVersion));cid=\(theirs.clusterID);nsid=\(theirs.namespceID);"
                    + "c=\(theirs.cTime))")
        }
    }

    static func disallowed(_ id: WireDatanodeID) -> RemoteException {
        RemoteException(
            "org.apache.hadoop.hdfs.server.protocol.DisallowedDatanodeException",
            "Datanode denied communication with namenode because the host is not in the include-list: "
                + "DatanodeRegistration(\(id.ipAddr):\(id.xferPort), datanodeUuid=\(id.datanodeUuid))")
    }

    /// Finds the node that says something; fails when it must register first.
    func registeredNode(_ registration: WireDatanodeRegistration) throws(RemoteException) -> Datanode {
        try verify(registration)
        let id = registration.datanodeID
        guard let node = registry.node(uuid: id.datanodeUuid), node.isAlive, !node.mustRegister else {
            throw .unregisteredNode("Data node \(id.ipAddr):\(id.xferPort) is not registered")
        }
        guard node.id.ipAddr == id.ipAddr, node.id.xferPort == id.xferPort else {
            throw .unregisteredNode(
                "Data node \(id.ipAddr):\(id.xferPort) is attempting to report storage ID \(id.datanodeUuid). Node "
                    + "\(node.address) is expected to serve this storage.")
        }
        return node
    }

    func hear(_ node: Datanode) {
        node.lastHeartbeat = now.monotonicNanoseconds
        node.lastHeartbeatWall = now.wallMilliseconds
        node.description = nil
    }

    /// Finds or makes a storage of a node; one that another node had has moved here, and its blocks must be reported again.
    func storage(_ described: WireDatanodeStorage, of node: Datanode) -> DatanodeStorage {
        var storage = registry.storage(uuid: described.storageUuid)
        if let storage, storage.node !== node {
            log(.warning, "storage \(storage.uuid) moved from \(storage.node.address) to \(node.address)")
            dropAll(of: storage)
            registry.move(storage, to: node)
        }
        if storage == nil {
            storage = registry.makeStorage(described.storageUuid, of: node)
            storage!.isContentStale = false
        }
        if described.hasStorageType { storage!.type = described.storageType }
        if described.hasState { storage!.isReadOnly = described.state == .readOnlyShared }
        return storage!
    }

    /// Takes a storage's blocks off the books.
    func dropAll(of storage: DatanodeStorage) {
        while let block = storage.blocks.last {
            dropReplica(block, from: storage)
        }
        for id in pending.removeTarget(storage.index) {
            if let block = blocks[id] { updateNeeded(block) }
        }
    }

    /// Takes a node for dead: what it holds counts no longer, until it registers again.
    func loseNode(_ node: Datanode) {
        guard node.isAlive else { return }
        node.isAlive = false
        node.mustRegister = true
        node.description = nil
        node.forgetOrders()
        registry.noteLiveNodes()
        for storage in node.storages { dropAll(of: storage) }
        if node.adminState == .decommissionInprogress { checkDecommission(node) }
    }

    func loseSilentNodes() {
        let deadline = now.monotonicNanoseconds - configuration.deadInterval
        for node in registry.live where node.lastHeartbeat < deadline {
            log(
                .warning,
                "DataNode \(node.address) is dead: no heartbeat for \(configuration.deadInterval / .seconds(1)) s")
            loseNode(node)
        }
    }
}
