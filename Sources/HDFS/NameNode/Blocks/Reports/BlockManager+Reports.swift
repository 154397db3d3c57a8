package import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// Full and incremental reports.
extension BlockManager {
    /// Takes a full report: what it does not name is not there.
    package func takeFullReport(_ request: WireBlockReportRequest) throws(RemoteException) {
        let node = try registeredNode(request.registration)
        for report in request.reports {
            let replicas: [(block: Block, state: WireReplicaState)]
            do {
                replicas = try BlockReportReader.replicas(in: report)
            } catch {
                throw .inputOutput("\(error.reason), by \(node.address)")
            }
            let storage = storage(report.storage, of: node)
            takeFullReport(replicas, of: storage)
            if storage.heardSinceActive { storage.isContentStale = false }
            storage.reportCount += 1
        }
        node.lastReport = now.monotonicNanoseconds
        node.lastReportWall = now.wallMilliseconds
        node.description = nil
        reportLeases.release(node.index)
        if !postponed.isEmpty { trimPostponed() }
        checkSafeMode()
    }

    private func takeFullReport(
        _ replicas: [(block: Block, state: WireReplicaState)], of storage: DatanodeStorage
    ) {
        var reported = Set<UInt64>(minimumCapacity: replicas.count)
        for (block, state) in replicas {
            reported.insert(block.id)
            takeReplica(ReportedReplica(storage: storage.index, block: block, state: state, hint: nil))
            repeatDeletion(of: block, on: storage)
        }
        var place = storage.blocks.count - 1
        while place >= 0 {
            // The last block takes the place of one that goes, and has been looked at.
            if place < storage.blocks.count, !reported.contains(storage.blocks[place].id) {
                dropReplica(storage.blocks[place], from: storage)
            }
            place -= 1
        }
    }

    /// Takes what a node received, is receiving or deleted since its last report.
    package func takeIncrementalReport(_ request: WireBlockReceivedAndDeletedRequest) throws(RemoteException) {
        let node = try registeredNode(request.registration)
        for report in request.blocks {
            let described =
                report.hasStorage ? report.storage : WireDatanodeStorage.with { $0.storageUuid = report.storageUuid }
            let storage = storage(described, of: node)
            for entry in report.blocks {
                let block = Block(entry.block)
                switch entry.status {
                case .deleted: takeDeletion(block, on: storage)
                case .received:
                    let hint = entry.hasDeleteHint ? registry.node(uuid: entry.deleteHint) : nil
                    takeReplica(
                        ReportedReplica(storage: storage.index, block: block, state: .finalized, hint: hint))
                case .receiving:
                    takeReplica(ReportedReplica(storage: storage.index, block: block, state: .rbw, hint: nil))
                }
            }
        }
        checkSafeMode()
    }

    private func takeDeletion(_ reported: Block, on storage: DatanodeStorage) {
        storage.node.forgetInvalidation(of: reported.id)
        if var kept = aheadOfLog[reported.id] {
            kept.removeAll { $0.storage == storage.index }
            aheadOfLog[reported.id] = kept.isEmpty ? nil : kept
        }
        guard let block = blocks[reported.id] else { return }
        block.construction?.replicas.removeAll { $0.storage === storage && $0.isReported }
        dropReplica(block, from: storage)
        if block.isComplete, looksAfterReplicas { trimIfTooMany(block) }
    }
}
