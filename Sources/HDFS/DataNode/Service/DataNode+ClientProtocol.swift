import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

// ClientDatanodeProtocol: what clients and administrators ask.
extension DataNode {
    func answerClient(_ call: RPCCall) throws -> ByteBuffer {
        switch call.method {
        case "getReplicaVisibleLength":
            let request = try WireGetReplicaVisibleLengthRequest(request: call.body)
            let length = try visibleLength(request.block)
            return try WireGetReplicaVisibleLengthResponse.with { $0.length = length }.response()
        case "getBlockLocalPathInfo":
            guard call.user == configuration.user || configuration.localReaders.contains(call.user) else {
                throw RemoteException.accessControl(
                    "The user \(call.user) is not configured in dfs.block.local-path-access.user")
            }
            return try localPath(WireGetBlockLocalPathInfoRequest(request: call.body)).response()
        case "getDatanodeInfo":
            return try WireGetDatanodeInfoResponse.with {
                $0.localInfo = .with {
                    $0.softwareVersion = Self.softwareVersion
                    $0.configVersion = "core-\(Self.softwareVersion),hdfs-1"
                    $0.uptime = UInt64(max(0, board.now.wallMilliseconds - startMilliseconds) / 1000)
                }
            }.response()
        case "getVolumeReport":
            return try WireGetVolumeReportResponse.with {
                $0.volumeInfo = store.workingVolumes.map(volumeInfo)
            }.response()
        case "triggerBlockReport":
            let request = try WireTriggerBlockReportRequest(request: call.body)
            for link in links { request.incremental ? link.sendReports() : link.reportAllSoon() }
            return try WireTriggerBlockReportResponse().response()
        case "getBalancerBandwidth":
            return try WireGetBalancerBandwidthResponse.with {
                $0.bandwidth = UInt64(balancerBandwidth)
            }.response()
        case "refreshNamenodes": return try WireRefreshNamenodesResponse().response()
        case "shutdownDatanode":
            guard call.user == configuration.user else {
                throw RemoteException.accessControl(
                    "Access denied for user \(call.user). Superuser privilege is required")
            }
            // After the answer.
            board.after(.milliseconds(100)) { [unowned self] in stop() }
            return try WireShutdownDatanodeResponse().response()
        default: throw noSuchMethod(call)
        }
    }

    private func visibleLength(_ wire: WireExtendedBlock) throws -> UInt64 {
        try checkPool(wire)
        let block = Block(wire)
        let replica = try store.replica(block.id)
        guard replica.generationStamp >= block.generationStamp else {
            throw RemoteException.inputOutput(
                "replica's stamp \(replica.generationStamp) is behind that of \(block)")
        }
        switch replica.state {
        case .finalized: return UInt64(replica.size)
        case .beingWritten: return UInt64(store.open[block.id]?.acknowledged ?? 0)
        // Hadoop's -1: nothing may be read.
        case .waiting, .temporary: return .max
        }
    }

    private func localPath(_ request: WireGetBlockLocalPathInfoRequest) throws -> WireGetBlockLocalPathInfoResponse {
        try checkPool(request.block)
        let block = Block(request.block)
        let replica = try store.replica(block.id)
        guard replica.generationStamp >= block.generationStamp, let volume = store.volume(of: block.id) else {
            throw RemoteException.replicaNotFound("Replica of \(block) has stamp \(replica.generationStamp)")
        }
        let place = replica.state.place
        guard let data = volume.disk.localPath(of: volume.data(place, block.id)),
            let meta = volume.disk.localPath(of: volume.meta(place, block.id, replica.generationStamp))
        else { throw RemoteException.unsupported("the disk \(volume.disk.name) has no local files") }
        return .with {
            $0.block = request.block
            $0.block.generationStamp = replica.generationStamp
            $0.block.numBytes = UInt64(store.block(block.id)?.size ?? 0)
            $0.localPath = data
            $0.localMetaPath = meta
        }
    }

    private func volumeInfo(_ volume: Volume) -> WireDatanodeVolumeInfo {
        .with {
            $0.path = volume.disk.name
            $0.storageType = .disk
            $0.usedSpace = UInt64(clamping: volume.used)
            $0.freeSpace = UInt64(clamping: (try? volume.available(keepingFree: configuration.keepsFreeBytes)) ?? 0)
            $0.reservedSpace = UInt64(clamping: configuration.keepsFreeBytes)
            $0.reservedSpaceForReplicas = UInt64(clamping: volume.reserved)
            $0.numBlocks = UInt64(clamping: volume.count)
        }
    }
}
