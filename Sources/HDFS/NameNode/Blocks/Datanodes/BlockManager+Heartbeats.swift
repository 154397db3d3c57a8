package import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// Heartbeats and the orders that go back with them.
extension BlockManager {
    /// Takes a heartbeat and answers with what the node is to do.
    package func takeHeartbeat(_ request: WireHeartbeatRequest) throws(RemoteException) -> WireHeartbeatResponse {
        try verify(request.registration)
        let id = request.registration.datanodeID
        guard registry.isIncluded(id) else { throw Self.disallowed(id) }
        var response = WireHeartbeatResponse()
        response.haStatus = .with {
            $0.state = isActive ? .active : .standby
            $0.txid = owner?.lastTransaction ?? 0
        }
        guard let node = registry.node(uuid: id.datanodeUuid), node.isAlive, !node.mustRegister,
            node.id.ipAddr == id.ipAddr, node.id.xferPort == id.xferPort
        else {
            response.cmds = [
                .with {
                    $0.cmdType = .registerCommand
                    $0.registerCmd = .init()
                }
            ]
            return response
        }
        hear(node)
        node.transceivers = Int(request.xceiverCount)
        node.transfersInProgress = Int(request.xmitsInProgress)
        node.failedVolumes = Int(request.failedVolumes)
        takeStorageReports(request.reports, of: node)
        if request.requestFullBlockReportLease {
            response.fullBlockReportLeaseID = reportLeases.request(node.index, at: now.monotonicNanoseconds)
        }
        // In safe mode nothing is copied or deleted.
        if isActive && !safeMode.isOn { response.cmds = takeOrders(for: node) }
        return response
    }

    private func takeStorageReports(_ reports: [WireStorageReport], of node: Datanode) {
        guard !reports.isEmpty else { return }
        var reported: Set<String> = []
        for report in reports {
            let described =
                report.hasStorage ? report.storage : WireDatanodeStorage.with { $0.storageUuid = report.storageUuid }
            let storage = storage(described, of: node)
            reported.insert(storage.uuid)
            storage.capacity = Self.bytes(report.capacity)
            storage.used = Self.bytes(report.dfsUsed)
            storage.remaining = Self.bytes(report.remaining)
            storage.poolUsed = Self.bytes(report.blockPoolUsed)
            storage.nonDFSUsed =
                report.hasNonDfsUsed
                ? Self.bytes(report.nonDfsUsed) : max(0, storage.capacity - storage.used - storage.remaining)
            storage.mount = report.mount
            storage.heardSinceActive = true
            setFailed(storage, report.failed)
        }
        for storage in node.storages where !reported.contains(storage.uuid) { setFailed(storage, true) }
    }

    /// A figure of a storage, small enough that sums over all storages are numbers.
    private static func bytes(_ reported: UInt64) -> Int { Int(min(reported, 1 << 48)) }

    /// A storage that failed, or that its node no longer names, has lost what was on it.
    private func setFailed(_ storage: DatanodeStorage, _ isFailed: Bool) {
        if isFailed, !storage.isFailed {
            log(.warning, "storage \(storage.uuid) of \(storage.node.address) failed")
            storage.capacity = 0
            storage.remaining = 0
            dropAll(of: storage)
        }
        storage.isFailed = isFailed
    }

    /// Takes orders off a node's lists, as many as it can carry out until its next heartbeat.
    private func takeOrders(for node: Datanode) -> [WireDatanodeCommand] {
        releaseDeletions()
        var commands: [WireDatanodeCommand] = []
        if let command = recoveryCommand(for: node) { commands.append(command) }
        let streams =
            node.adminState == .decommissionInprogress
            ? configuration.replicationStreamsHardLimit : configuration.replicationStreams
        if let command = transferCommand(for: node, limit: streams - node.transfersInProgress) {
            commands.append(command)
        }
        let replicas = node.takeInvalidations(limit: configuration.invalidateLimit)
        if !replicas.isEmpty {
            commands.append(
                blockCommand(.invalidate) { $0.blocks = replicas.map(\.message) })
        }
        if let bytes = node.bandwidth {
            node.bandwidth = nil
            commands.append(
                .with {
                    $0.cmdType = .balancerBandwidthCommand
                    $0.balancerCmd = .with { $0.bandwidth = UInt64(bytes) }
                })
        }
        return commands
    }

    private func recoveryCommand(for node: Datanode) -> WireDatanodeCommand? {
        let orders = node.recoveries.compactMap { recoveryOrder($0) }
        node.recoveries = []
        guard !orders.isEmpty else { return nil }
        return .with {
            $0.cmdType = .blockRecoveryCommand
            $0.recoveryCmd = .with { $0.blocks = orders }
        }
    }

    private func transferCommand(for node: Datanode, limit: Int) -> WireDatanodeCommand? {
        var works: [Datanode.TransferWork] = []
        while works.count < limit, !node.transfers.isEmpty {
            let work = node.transfers.removeFirst()
            guard let block = blocks[work.block.id], block === work.block, block.isComplete else { continue }
            works.append(work)
        }
        guard !works.isEmpty else { return nil }
        return blockCommand(.transfer) { command in
            for work in works {
                command.blocks.append(work.block.block.message)
                command.targets.append(
                    .with { $0.datanodes = work.targets.map { description(of: $0.node) } })
                command.targetStorageUuids.append(.with { $0.storageUuids = work.targets.map(\.uuid) })
                command.targetStorageTypes.append(.with { $0.storageTypes = work.targets.map(\.type) })
            }
        }
    }

    private func blockCommand(
        _ action: WireBlockCommand.Action, _ fill: (inout WireBlockCommand) -> Void
    ) -> WireDatanodeCommand {
        var command = WireBlockCommand()
        command.action = action
        command.blockPoolID = pool
        fill(&command)
        return .with {
            $0.cmdType = .blockCommand
            $0.blkCmd = command
        }
    }

    /// Has all DataNodes limit their balancing to so many bytes a second.
    package func setBalancerBandwidth(_ bytesPerSecond: Int) {
        for node in registry.nodes { node.bandwidth = max(0, bytesPerSecond) }
    }
}
