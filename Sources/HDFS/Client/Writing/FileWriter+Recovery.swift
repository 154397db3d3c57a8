import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Going on after nodes of a pipeline failed, and beginning to append, which is the same to DataNodes.
extension FileWriter {
    func pipelineFailed(_ failed: Pipeline.Failure) {
        guard failure == nil, let current else { return }
        pipeline?.close()
        pipeline = nil
        client.log(.info, "pipeline of blk_\(current.block.blockID) of \(path) failed: \(failed.reason)")
        while let packet = sent.popLast() { queued.prepend(packet) }
        isBusy = false
        if current.stage == .pipelineSetupCreate { return abandonBlock(because: failed) }
        failures += 1
        guard failures <= 5 + current.holders.count || restartDeadline != nil else {
            return fail(
                HoneyError(
                    .environment, "IO_ERROR",
                    "pipeline failed \(failures) times without progress: \(path): \(failed.reason)"))
        }
        self.current!.nodes.remove(at: min(failed.node ?? 0, current.nodes.count - 1))
        if self.current!.nodes.isEmpty { waitForNodes(failed.reason) } else { rebuild(isRecovery: true) }
    }

    /// Makes a pipeline of the nodes that are left, under a new generation stamp.
    ///
    /// Replicas of nodes that are not in it keep the old stamp, by which they are known to be left behind.
    func rebuild(isRecovery: Bool = false) {
        isBusy = true
        guard current?.nodes.isEmpty == false else { return findAppended() }
        replaceNodes { [weak self] in
            guard let self, failure == nil, let current else { return }
            client.call(
                "updateBlockForPipeline",
                WireUpdateBlockForPipelineRequest.with {
                    $0.block = current.block
                    $0.clientName = client.name
                }, as: WireUpdateBlockForPipelineResponse.self
            ) { [weak self] result in
                guard let self, failure == nil else { return }
                switch result {
                case .success(let response): reopen(response.block, isRecovery: isRecovery)
                case .failure(let error): fail(error)
                }
            }
        }
    }

    private func reopen(_ located: WireLocatedBlock, isRecovery: Bool) {
        guard var current else { return }
        current.token = located.blockToken
        self.current = current
        let stage: WireOpWriteBlock.BlockConstructionStage =
            switch current.stage {
            case .pipelineSetupAppend: isRecovery ? .pipelineSetupAppendRecovery : .pipelineSetupAppend
            case .pipelineClose: .pipelineCloseRecovery
            default: .pipelineSetupStreamingRecovery
            }
        let stamp = located.b.generationStamp
        pipeline = Pipeline(
            operation(for: current, newStamp: stamp, stage: stage), current.nodes, client,
            ready: { [weak self] in self?.updatePipeline(stamp) },
            acknowledged: { [weak self] in self?.acknowledge($0) },
            failed: { [weak self] failure in self?.pipelineFailed(failure) })
        pipeline?.isWaiting = { [unowned self] in !sent.isEmpty }
    }

    /// Tells the NameNode of the new pipeline, then goes on.
    private func updatePipeline(_ stamp: UInt64) {
        guard let current else { return }
        var renewed = current.block
        renewed.generationStamp = stamp
        let made = pipeline
        client.call(
            "updatePipeline",
            WireUpdatePipelineRequest.with {
                $0.clientName = client.name
                $0.oldBlock = current.block
                $0.newBlock = renewed
                $0.newNodes = current.nodes.nodes.map(\.id)
                $0.storageIds = current.nodes.storageIDs
            }, as: WireUpdatePipelineResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            // A call that was repeated for long may be answered when the pipeline after this one, or even the next block, is under way.
            guard let known = self.current, known.block.blockID == renewed.blockID,
                known.block.generationStamp < stamp
            else { return }
            if case .failure(let error) = result {
                if pipeline === made { fail(error) }
                return
            }
            self.current!.block = renewed
            self.current!.isPersisted = false
            // It may have failed meanwhile, and another one is being made.
            guard pipeline === made else { return }
            self.current!.holders = self.current!.nodes
            isBusy = false
            guard current.stage == .pipelineClose else {
                self.current!.stage = .dataStreaming
                return pump()
            }
            // The nodes have ended the block, so nobody acknowledges the packet that says so.
            guard let last = queued.first, last.isLast else { return pump() }
            queued.removeFirst()
            endBlock()
            tell(last.sequence)
            released(1)
            pump()
        }
    }

    // MARK: Nodes for those that failed

    /// Looks for another node and copies the block to it, where too few are left; goes on without where that fails.
    private func replaceNodes(_ completion: @escaping () -> Void) {
        guard let current, wantsReplacement(current) else { return completion() }
        client.call(
            "getAdditionalDatanode",
            WireGetAdditionalDatanodeRequest.with {
                $0.src = path
                $0.fileID = fileID
                $0.blk = current.block
                $0.existings = current.nodes.nodes
                $0.existingStorageUuids = current.nodes.storageIDs
                $0.excludes = current.holders.nodes + excluded
                $0.numAdditionalNodes = 1
                $0.clientName = client.name
            }, as: WireGetAdditionalDatanodeResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            switch result {
            case .success(let response): copy(to: PipelineNodes(response.block), completion)
            case .failure(let error): notReplaced(error, completion)
            }
        }
    }

    /// Hadoop's default rule: of three or more replicas half or fewer are left, or readers may have seen the block.
    private func wantsReplacement(_ current: CurrentBlock) -> Bool {
        guard client.configuration.replacesDatanodes, current.stage != .pipelineClose, replication >= 3 else {
            return false
        }
        let count = current.nodes.count
        return count < replication && (count <= replication / 2 || current.isAppended || current.wasFlushed)
    }

    private func notReplaced(_ error: any Error, _ completion: () -> Void) {
        guard client.configuration.replacesAtBestEffort else { return fail(error) }
        client.log(.info, "pipeline of \(path) goes on with fewer nodes: \(error)")
        completion()
    }

    private func copy(to found: PipelineNodes, _ completion: @escaping () -> Void) {
        guard let current else { return }
        let known = Set(current.nodes.nodes.map(\.id.datanodeUuid))
        guard let index = found.nodes.firstIndex(where: { !known.contains($0.id.datanodeUuid) }) else {
            return notReplaced(HoneyError(.environment, "IO_ERROR", "no other DataNode is there"), completion)
        }
        TransferExchange(
            .transfer(
                .with {
                    $0.header.baseHeader.block = current.block
                    $0.header.baseHeader.token = current.token
                    $0.header.clientName = client.name
                    $0.targets = [found.nodes[index]]
                    $0.targetStorageTypes = [found.storageTypes[index]]
                    $0.targetStorageIds = [found.storageIDs[index]]
                }), with: current.nodes.nodes[0].id, client
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            switch result {
            case .success:
                self.current!.nodes.nodes.append(found.nodes[index])
                self.current!.nodes.storageIDs.append(found.storageIDs[index])
                self.current!.nodes.storageTypes.append(found.storageTypes[index])
                completion()
            case .failure(let error): notReplaced(error, completion)
            }
        }
    }

    // MARK: Nodes that are not known

    /// Asks again who has the block that is appended to, which a NameNode that has just started may not know yet.
    private func findAppended() {
        guard let current else { return }
        client.call(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = UInt64(max(appended.size - appended.inBlock, 0))
                $0.length = 1
            }, as: WireGetBlockLocationsResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            if case .failure(let error) = result { return fail(error) }
            if case .success(let response) = result, response.locations.lastBlock.b.blockID == current.block.blockID,
                !response.locations.lastBlock.locs.isEmpty
            {
                let nodes = PipelineNodes(response.locations.lastBlock)
                self.current?.nodes = nodes
                self.current?.holders = nodes
                return rebuild()
            }
            let isWaiting = waitsForRestart { [weak self] in
                guard let self, failure == nil else { return }
                findAppended()
            }
            guard !isWaiting else { return }
            fail(HoneyError(.environment, "IO_ERROR", "no DataNode is known to have the last block: \(path)"))
        }
    }

    // MARK: All nodes gone

    /// Waits for the nodes that had the block to come back, perhaps at other addresses, as after the end of a process that ran them all.
    private func waitForNodes(_ reason: String) {
        isBusy = true
        let isWaiting = waitsForRestart { [weak self] in self?.findNodes() }
        guard !isWaiting else { return }
        fail(HoneyError(.environment, "IO_ERROR", "all DataNodes of a block are gone: \(path): \(reason)"))
    }

    private func findNodes() {
        guard failure == nil, let holders = current?.holders else { return }
        client.call(
            "getDatanodeReport", WireGetDatanodeReportRequest.with { $0.type = .live },
            as: WireGetDatanodeReportResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            var nodes = holders
            if case .success(let response) = result {
                let byID = Dictionary(response.di.map { ($0.id.datanodeUuid, $0) }) { first, _ in first }
                nodes.nodes = nodes.nodes.map { byID[$0.id.datanodeUuid] ?? $0 }
            }
            current?.nodes = nodes
            current?.holders = nodes
            rebuild(isRecovery: true)
        }
    }
}
