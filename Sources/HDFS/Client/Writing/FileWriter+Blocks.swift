import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// Beginning a block.
extension FileWriter {
    /// Has the NameNode add a block, and opens a pipeline to its nodes.
    func addBlock(tries: Int = 0) {
        isBusy = true
        client.call(
            "addBlock",
            WireAddBlockRequest.with {
                $0.src = path
                $0.clientName = client.name
                $0.fileID = fileID
                $0.excludeNodes = excluded
                if let previous { $0.previous = previous }
            }, as: WireAddBlockResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            switch result {
            case .success(let response):
                var block = response.block.b
                block.numBytes = 0
                let nodes = PipelineNodes(response.block)
                guard !nodes.isEmpty else {
                    return fail(HoneyError(.environment, "IO_ERROR", "no DataNode for a block of \(path)"))
                }
                current = CurrentBlock(
                    block: block, token: response.block.blockToken, nodes: nodes, holders: nodes,
                    stage: .pipelineSetupCreate)
                isBusy = false
                pump()
            case .failure(let error): addFailed(error, tries: tries)
            }
        }
    }

    private func addFailed(_ error: any Error, tries: Int) {
        let settings = client.configuration
        if (error as? RemoteException)?.shortName == "NotReplicatedYetException", tries < settings.completeRetries {
            let delay = client.backoff(after: tries, base: .milliseconds(5), limit: .seconds(3))
            client.board.after(delay) { [weak self] in self?.addBlock(tries: tries + 1) }
            return
        }
        guard error is RemoteException else { return fail(error) }
        // All nodes may have been restarted at once, so those that failed are worth another try for a while.
        guard excluded.isEmpty else {
            excluded = []
            return addAgain(error)
        }
        // A NameNode that was just restarted knows no nodes yet.
        client.call(
            "getDatanodeReport", WireGetDatanodeReportRequest.with { $0.type = .live },
            as: WireGetDatanodeReportResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            guard case .success(let response) = result, response.di.isEmpty else { return fail(error) }
            addAgain(error)
        }
    }

    private func addAgain(_ error: any Error) {
        let isWaiting = waitsForRestart { [weak self] in self?.addBlock() }
        if !isWaiting { fail(error) }
    }

    /// Calls `action` after a moment, unless nodes have been waited for long enough.
    func waitsForRestart(then action: @escaping () -> Void) -> Bool {
        let now = client.now.monotonicNanoseconds
        let deadline = restartDeadline ?? now.addingClamped(client.configuration.restartTimeout)
        restartDeadline = deadline
        guard now < deadline else { return false }
        client.board.after(client.backoff(after: 0, base: .milliseconds(200), limit: .seconds(1)), action)
        return true
    }

    /// Opens the pipeline of a block that was just added.
    func openPipeline() {
        guard let current else { return }
        isBusy = true
        pipeline = Pipeline(
            operation(for: current, newStamp: 0, stage: .pipelineSetupCreate), current.nodes, client,
            ready: { [weak self] in
                guard let self else { return }
                self.current?.stage = .dataStreaming
                isBusy = false
                pump()
            },
            acknowledged: { [weak self] in self?.acknowledge($0) },
            failed: { [weak self] failure in self?.pipelineFailed(failure) })
        pipeline?.isWaiting = { [unowned self] in !sent.isEmpty }
    }

    func operation(
        for current: CurrentBlock, newStamp: UInt64, stage: WireOpWriteBlock.BlockConstructionStage
    ) -> WireOpWriteBlock {
        .with {
            $0.header.baseHeader.block = current.block
            $0.header.baseHeader.block.numBytes = UInt64(blockBytes)
            $0.header.baseHeader.token = current.token
            $0.header.clientName = client.name
            $0.targets = Array(current.nodes.nodes.dropFirst())
            $0.stage = stage
            $0.pipelineSize = UInt32(current.nodes.count)
            $0.minBytesRcvd = current.block.numBytes
            $0.maxBytesRcvd = UInt64(current.sentBytes)
            $0.latestGenerationStamp = newStamp
            $0.requestedChecksum.type = .checksumCrc32C
            $0.requestedChecksum.bytesPerChecksum = UInt32(Block.bytesPerChecksum)
            $0.cachingStrategy = .init()
            $0.storageType = current.nodes.storageTypes[0]
            $0.targetStorageTypes = Array(current.nodes.storageTypes.dropFirst())
            $0.storageID = current.nodes.storageIDs[0]
            $0.targetStorageIds = Array(current.nodes.storageIDs.dropFirst())
        }
    }

    /// Gives a block up on whose nodes no pipeline could be opened, and asks for another.
    func abandonBlock(because failure: Pipeline.Failure) {
        guard let current else { return }
        let bad = current.nodes.nodes[min(failure.node ?? 0, current.nodes.count - 1)]
        excluded.append(bad)
        failures += 1
        self.current = nil
        isBusy = true
        client.call(
            "abandonBlock",
            WireAbandonBlockRequest.with {
                $0.b = current.block
                $0.src = path
                $0.holder = client.name
                $0.fileID = fileID
            }, as: WireAbandonBlockResponse.self
        ) { [weak self] result in
            guard let self, self.failure == nil else { return }
            if case .failure(let error) = result { return fail(error) }
            let limit = max(client.configuration.blockWriteRetries, excluded.count)
            guard failures > limit else { return addBlock() }
            let isWaiting = waitsForRestart { [weak self] in self?.addBlock() }
            guard !isWaiting else { return }
            fail(
                HoneyError(
                    .environment, "IO_ERROR", "no block could be begun: \(path): \(failure.reason)"))
        }
    }
}
