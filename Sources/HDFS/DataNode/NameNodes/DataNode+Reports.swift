import Foundation
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// What is told to NameNodes.
extension DataNode {
    /// The version of Hadoop whose protocols are spoken.
    static let softwareVersion = "3.4.1"

    /// Who this DataNode is for others.
    var datanodeID: WireDatanodeID {
        .with {
            $0.ipAddr = Self.host(of: configuration.transferAddress)
            $0.hostName = configuration.host
            $0.datanodeUuid = store.datanodeUUID
            $0.xferPort = Self.port(of: configuration.transferAddress)
            $0.infoPort = UInt32(clamping: configuration.httpPort)
            $0.ipcPort = Self.port(of: configuration.rpcAddress)
        }
    }

    var datanodeInfo: WireDatanodeInfo { .with { $0.id = datanodeID } }

    private static func host(of address: NetworkAddress) -> String {
        switch address {
        case .tcp(let host, _): host
        case .local: "127.0.0.1"
        }
    }

    private static func port(of address: NetworkAddress) -> UInt32 {
        switch address {
        case .tcp(_, let port): UInt32(clamping: port)
        case .local: 0
        }
    }

    var registration: WireDatanodeRegistration {
        .with {
            $0.datanodeID = datanodeID
            $0.storageInfo = .with {
                $0.layoutVersion = UInt32(bitPattern: Int32(Volume.layoutVersion))
                $0.namespceID = store.identity?.namespaceID ?? 0
                $0.clusterID = store.identity?.clusterID ?? ""
                $0.cTime = store.identity?.creationTime ?? 0
            }
            $0.keys = .with {
                $0.isBlockTokenEnabled = false
                $0.keyUpdateInterval = 0
                $0.tokenLifeTime = 0
                $0.currentKey = .with {
                    $0.keyID = 0
                    $0.expiryDate = 0
                }
            }
            $0.softwareVersion = Self.softwareVersion
        }
    }

    static func storage(_ volume: Volume) -> WireDatanodeStorage {
        .with {
            $0.storageUuid = volume.storageID
            $0.state = .normal
            $0.storageType = .disk
        }
    }

    var heartbeat: WireHeartbeatRequest {
        .with {
            $0.registration = registration
            $0.reports = store.workingVolumes.compactMap(storageReport)
            $0.xmitsInProgress = UInt32(clamping: pushCount)
            $0.xceiverCount = UInt32(clamping: sessions.count + 1)
            let failed = store.volumes.filter { $0.failure != nil }
            $0.failedVolumes = UInt32(clamping: failed.count)
            if !failed.isEmpty {
                $0.volumeFailureSummary = .with {
                    $0.failedStorageLocations = failed.map(\.disk.name)
                    $0.lastVolumeFailureDate = UInt64(clamping: lastVolumeFailure)
                    $0.estimatedCapacityLostTotal = 0
                }
            }
        }
    }

    private func storageReport(_ volume: Volume) -> WireStorageReport? {
        let space: DiskSpace
        do {
            space = try volume.disk.space()
        } catch {
            store.examine(volume, after: error)
            return nil
        }
        let remaining = max(0, space.available - volume.reserved - configuration.keepsFreeBytes)
        return .with {
            $0.storageUuid = volume.storageID
            $0.storage = Self.storage(volume)
            $0.capacity = UInt64(clamping: max(0, space.capacity - configuration.keepsFreeBytes))
            $0.dfsUsed = UInt64(clamping: volume.used)
            $0.blockPoolUsed = UInt64(clamping: volume.used)
            $0.remaining = UInt64(clamping: remaining)
            $0.nonDfsUsed = UInt64(clamping: max(0, space.capacity - volume.used - space.available))
            $0.mount = ""
        }
    }

    func incrementalReport(_ entries: [IncrementalReports.Entry]) -> WireBlockReceivedAndDeletedRequest {
        var request = WireBlockReceivedAndDeletedRequest()
        request.registration = registration
        request.blockPoolID = store.identity?.pool ?? ""
        for volume in store.workingVolumes {
            let mine = entries.filter { $0.storageID == volume.storageID }
            guard !mine.isEmpty else { continue }
            request.blocks.append(
                .with {
                    $0.storageUuid = volume.storageID
                    $0.storage = Self.storage(volume)
                    $0.blocks = mine.map { entry in
                        .with {
                            $0.block = entry.block.message
                            $0.status = entry.status
                            if !entry.hint.isEmpty { $0.deleteHint = entry.hint }
                        }
                    }
                })
        }
        return request
    }

    /// Makes a full report of all replicas: one call, or one a volume when there are very many.
    func fullReport(id: Int64, lease: UInt64) -> [WireBlockReportRequest] {
        var volumes: [[(block: Block, state: WireReplicaState)]] = store.volumes.map { _ in [] }
        for (block, replica) in store.replicas {
            // A copy that is under way is reported when it is whole.
            guard replica.state != .temporary else { continue }
            let size = store.open[block]?.received ?? replica.size
            volumes[Int(replica.volume)].append(
                (
                    Block(id: block, generationStamp: replica.generationStamp, size: size),
                    store.recoveries[block] == nil ? replica.state.wire : .rur
                ))
        }
        let reports = store.workingVolumes.map { volume in
            let replicas = volumes[volume.index].sorted { $0.block.id < $1.block.id }
            return WireStorageBlockReport.with {
                $0.storage = Self.storage(volume)
                $0.numberOfBlocks = UInt64(replicas.count)
                $0.blocksBuffers = [Data(BlockReportReader.buffer(of: replicas))]
            }
        }
        let isSplit = store.replicas.count > configuration.reportSplitThreshold
        let calls = isSplit ? reports.map { [$0] } : [reports]
        return calls.enumerated().map { index, reports in
            .with {
                $0.registration = registration
                $0.blockPoolID = store.identity?.pool ?? ""
                $0.reports = reports
                $0.context = .with {
                    $0.totalRpcs = Int32(calls.count)
                    $0.curRpc = Int32(index)
                    $0.id = id
                    $0.leaseID = lease
                    $0.sorted = true
                }
            }
        }
    }

    /// Tells all NameNodes of one replica.
    func report(
        _ status: WireReceivedDeletedBlockInfo.BlockStatus, _ block: Block, on volume: Volume, hint: String = ""
    ) {
        let entry = IncrementalReports.Entry(
            block: block, status: status, storageID: volume.storageID, hint: hint)
        for link in links { link.report(entry) }
    }

    /// Tells all NameNodes of a replica that is not what its checksums say.
    func reportDamage(of block: Block, on volume: Volume, at holder: WireDatanodeInfo? = nil) {
        guard let pool = store.identity?.pool else { return }
        let now = board.now.monotonicNanoseconds
        if holder == nil {
            // Every packet of every reader would tell it again.
            if let last = damageTold[block.id], now - last < .seconds(10) { return }
            damageTold[block.id] = now
        }
        log(.error, "the replica of \(block) on \(volume.disk.name) is damaged")
        let request = WireReportBadBlocksRequest.with {
            $0.blocks = [
                .with {
                    $0.b = block.extended(pool: pool)
                    $0.offset = 0
                    $0.locs = [holder ?? datanodeInfo]
                    $0.corrupt = true
                    $0.blockToken = .empty
                    $0.storageIds = holder == nil ? [volume.storageID] : []
                    $0.storageTypes = [.disk]
                }
            ]
        }
        for link in links where link.isRegistered {
            link.tell("reportBadBlocks", request, WireReportBadBlocksResponse.self) { _ in }
        }
    }
}

extension WireToken {
    /// The token where none is needed.
    static var empty: WireToken {
        .with {
            $0.identifier = Data()
            $0.password = Data()
            $0.kind = ""
            $0.service = ""
        }
    }
}
