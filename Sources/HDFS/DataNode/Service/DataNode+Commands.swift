import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// What the active NameNode orders.
extension DataNode {
    func execute(_ command: WireDatanodeCommand) {
        switch command.cmdType {
        case .blockCommand:
            guard command.blkCmd.blockPoolID == store.identity?.pool else { return }
            switch command.blkCmd.action {
            case .transfer: transfer(command.blkCmd)
            case .invalidate: invalidate(command.blkCmd.blocks.map { Block($0) })
            case .shutdown: log(.warning, "an order to shut down is not obeyed")
            }
        case .blockRecoveryCommand:
            for order in command.recoveryCmd.blocks { recover(order) }
        case .balancerBandwidthCommand:
            if command.balancerCmd.bandwidth > 0 {
                balancerBandwidth = Int(clamping: command.balancerCmd.bandwidth)
                log(.info, "balancing is limited to \(balancerBandwidth) bytes a second")
            }
        // Nothing is upgraded, cached or encrypted here.
        case .finalizeCommand, .keyUpdateCommand, .unusedUpgradeCommand, .nullDatanodeCommand, .blockIDCommand,
            .registerCommand:
            break
        }
    }

    private func transfer(_ command: WireBlockCommand) {
        for (index, wire) in command.blocks.enumerated() {
            let block = Block(wire)
            guard index < command.targets.count, !command.targets[index].datanodes.isEmpty else { continue }
            guard let here = store.block(block.id), here.generationStamp == block.generationStamp,
                store.replicas[block.id]?.state == .finalized
            else {
                log(.warning, "\(block) is not here, so that it cannot be copied")
                reportInvalid(block)
                continue
            }
            if here.size < block.size, let volume = store.volume(of: block.id) {
                reportDamage(of: block, on: volume)
                continue
            }
            let targets = command.targets[index].datanodes
            let storages =
                index < command.targetStorageUuids.count ? command.targetStorageUuids[index].storageUuids : []
            let types = index < command.targetStorageTypes.count ? command.targetStorageTypes[index].storageTypes : []
            log(.info, "copies \(block) to \(targets.map { $0.id.transferAddress.description })")
            pushCount += targets.count
            push(block, to: targets, storageIDs: storages, types: types, clientName: "", stage: .pipelineSetupCreate) {
                [unowned self] _ in
                pushCount -= targets.count
            }
        }
    }

    private func reportInvalid(_ block: Block) {
        let request = WireErrorReportRequest.with {
            $0.registartion = registration
            $0.errorCode = UInt32(WireErrorReportRequest.ErrorCode.invalidBlock.rawValue)
            $0.msg = "Can't replicate block \(block) because it is not valid"
        }
        activeLink?.tell("errorReport", request, WireErrorReportResponse.self) { _ in }
    }

    /// Removes replicas, a few at a time.
    func invalidate(_ blocks: [Block]) {
        let isRunning = !deletions.isEmpty
        deletions += blocks
        if !isRunning { deleteSome() }
    }

    private func deleteSome() {
        let some = deletions.prefix(50)
        deletions.removeFirst(some.count)
        for block in some {
            guard let replica = store.replicas[block.id], replica.generationStamp == block.generationStamp,
                let volume = store.volume(of: block.id)
            else {
                log(.debug, "\(block) is not here, so that it cannot be removed")
                continue
            }
            do {
                damageTold[block.id] = nil
                try store.remove(block.id)
                log(.debug, "removed \(block)")
            } catch {
                log(.warning, "cannot remove \(block): \(error)")
            }
            report(.deleted, block, on: volume)
        }
        if !deletions.isEmpty { board.after(0) { [unowned self] in deleteSome() } }
    }
}

extension WireDatanodeID {
    /// Where it serves blocks; a port that is none is nobody's.
    var transferAddress: NetworkAddress { .tcp(host: ipAddr, port: Int(min(xferPort, 65_535))) }
    var rpcAddress: NetworkAddress { .tcp(host: ipAddr, port: Int(min(ipcPort, 65_535))) }
}
