import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// What administrators ask, and what clients ask of the whole.
extension NameNode {
    func getServerDefaults(_ request: WireGetServerDefaultsRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetServerDefaultsResponse
    {
        .with {
            $0.serverDefaults.blockSize = UInt64(configuration.blockBytes)
            $0.serverDefaults.bytesPerChecksum = UInt32(Block.bytesPerChecksum)
            $0.serverDefaults.writePacketSize = UInt32(configuration.packetBytes)
            $0.serverDefaults.replication = UInt32(configuration.blocks.replication)
            $0.serverDefaults.fileBufferSize = UInt32(configuration.bufferBytes)
            $0.serverDefaults.encryptDataTransfer = false
            $0.serverDefaults.trashInterval = UInt64(configuration.trashMinutes)
            $0.serverDefaults.checksumType = .checksumCrc32C
            $0.serverDefaults.keyProviderUri = ""
            $0.serverDefaults.policyID = UInt32(StoragePolicy.hot.id)
        }
    }

    func getFsStats(_ request: WireGetFsStatusRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetFsStatsResponse
    {
        try namespaceNow().blocks.statistics
    }

    func getFsReplicatedBlockStats(_ request: WireGetFsReplicatedBlockStatsRequest, _ caller: Caller)
        throws(RemoteException) -> WireGetFsReplicatedBlockStatsResponse
    {
        try namespaceNow().blocks.replicatedBlockStatistics
    }

    func getDatanodeReport(_ request: WireGetDatanodeReportRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetDatanodeReportResponse
    {
        let blocks = try namespaceNow().blocks
        return .with { $0.di = blocks.report(of: request.type) }
    }

    func getDatanodeStorageReport(_ request: WireGetDatanodeStorageReportRequest, _ caller: Caller)
        throws(RemoteException) -> WireGetDatanodeStorageReportResponse
    {
        let blocks = try namespaceNow().blocks
        return .with { $0.datanodeStorageReports = blocks.storageReport(of: request.type) }
    }

    func setSafeMode(_ request: WireSetSafeModeRequest, _ caller: Caller) throws(RemoteException)
        -> WireSetSafeModeResponse
    {
        if request.action != .safemodeGet { try requireSuperuser(caller) }
        let safeMode = try namespaceNow().blocks.safeMode
        switch request.action {
        case .safemodeEnter: safeMode.enter()
        case .safemodeLeave, .safemodeForceExit: safeMode.leave()
        case .safemodeGet: break
        }
        return .with { $0.result = safeMode.isOn }
    }

    func saveNamespace(_ request: WireSaveNamespaceRequest, _ caller: Caller) throws(RemoteException)
        -> WireSaveNamespaceResponse
    {
        guard try namespaceNow().blocks.safeMode.isOn else {
            throw .inputOutput("Safe mode should be turned ON in order to create namespace image.")
        }
        let window = Int(clamping: request.timeWindow)
        let gap = Int(clamping: request.txGap)
        let saved = try storing { () throws in
            let log = loaded!.log
            let since = now.monotonicNanoseconds - lastCheckpoint
            let isRecent = since < window.multipliedClamped(by: .seconds(1))
            if window > 0 || gap > 0, isRecent, log.lastTransaction - log.lastImage < gap { return false }
            try checkpoint()
            return true
        }
        return .with { $0.saved = saved }
    }

    /// Does what fails only when no storage directory works any more, and then the NameNode ends, or as `body` refuses it.
    func storing<Value>(_ body: () throws -> Value) throws(RemoteException) -> Value {
        do { return try body() } catch let refusal as RemoteException { throw refusal } catch {
            fatalFailure = error
            throw .inputOutput("NameNode cannot write its storage: \(error)")
        }
    }

    func rollEdits(_ request: WireRollEditsRequest, _ caller: Caller) throws(RemoteException) -> WireRollEditsResponse {
        let first = try rollLog()
        return .with { $0.newSegmentTxID = UInt64(first) }
    }

    func rollLog() throws(RemoteException) -> Int {
        let log = try loadedNow().log
        return try storing {
            try commit(answering: nil)
            return try log.roll(complain)
        }
    }

    func restoreFailedStorage(_ request: WireRestoreFailedStorageRequest, _ caller: Caller) throws(RemoteException)
        -> WireRestoreFailedStorageResponse
    {
        // A directory that failed is taken again at the next start, where it is filled from a good one.
        .with { $0.result = false }
    }

    func refreshNodes(_ request: WireRefreshNodesRequest, _ caller: Caller) throws(RemoteException)
        -> WireRefreshNodesResponse
    {
        let lists = hostLists?() ?? (configuration.blocks.includedHosts, configuration.blocks.excludedHosts)
        try namespaceNow().blocks.refreshNodes(included: lists.0, excluded: lists.1)
        return WireRefreshNodesResponse()
    }

    func refreshUserToGroupsMappings(_ request: WireRefreshUserToGroupsMappingsRequest, _ caller: Caller)
        throws(RemoteException) -> WireRefreshUserToGroupsMappingsResponse
    {
        callers.removeAll()
        return WireRefreshUserToGroupsMappingsResponse()
    }

    func finalizeUpgrade(_ request: WireFinalizeUpgradeRequest, _ caller: Caller) throws(RemoteException)
        -> WireFinalizeUpgradeResponse
    {
        WireFinalizeUpgradeResponse()
    }

    func upgradeStatus(_ request: WireUpgradeStatusRequest, _ caller: Caller) throws(RemoteException)
        -> WireUpgradeStatusResponse
    {
        .with { $0.upgradeFinalized = true }
    }

    func listCorruptFileBlocks(_ request: WireListCorruptFileBlocksRequest, _ caller: Caller) throws(RemoteException)
        -> WireListCorruptFileBlocksResponse
    {
        let namespace = try namespaceNow()
        let start = UInt64(request.cookie) ?? 0
        var response = WireListCorruptFileBlocksResponse()
        var cookie = start
        for block in namespace.blocks.blocksWithoutGoodReplica where block.id > start {
            guard let path = path(ofFile: block.file), FilePath.isPath(path, atOrBelow: request.path) else { continue }
            response.corrupt.files.append(path)
            cookie = block.id
            if response.corrupt.files.count == 100 { break }
        }
        response.corrupt.cookie = String(cookie)
        return response
    }

    func setBalancerBandwidth(_ request: WireSetBalancerBandwidthRequest, _ caller: Caller) throws(RemoteException)
        -> WireSetBalancerBandwidthResponse
    {
        guard request.bandwidth >= 0 else { throw .illegalArgument("Bandwidth should be greater than 0") }
        try namespaceNow().blocks.setBalancerBandwidth(Int(request.bandwidth))
        return WireSetBalancerBandwidthResponse()
    }

    /// Data are not encrypted on their way, which clients learn by an empty answer.
    func getDataEncryptionKey(_ request: WireGetDataEncryptionKeyRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetDataEncryptionKeyResponse
    {
        WireGetDataEncryptionKeyResponse()
    }

    /// There are no tokens with simple authentication, which clients learn by an empty answer.
    func getDelegationToken(_ request: WireGetDelegationTokenRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetDelegationTokenResponse
    {
        WireGetDelegationTokenResponse()
    }

    func getCurrentEditLogTxid(_ request: WireGetCurrentEditLogTxidRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetCurrentEditLogTxidResponse
    {
        .with { $0.txid = Int64(loaded?.log.lastTransaction ?? 0) }
    }

    func msync(_ request: WireMsyncRequest, _ caller: Caller) throws(RemoteException) -> WireMsyncResponse {
        WireMsyncResponse()
    }

    func getHAServiceState(_ request: WireHAServiceStateRequest, _ caller: Caller) throws(RemoteException)
        -> WireHAServiceStateResponse
    {
        .with { $0.state = isActive ? .active : .standby }
    }
}

extension Int {
    /// Multiplies without overflow.
    func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
