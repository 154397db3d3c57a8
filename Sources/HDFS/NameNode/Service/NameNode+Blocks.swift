import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// What a writer of a file asks for its blocks.
extension NameNode {
    func addBlock(_ request: WireAddBlockRequest, _ caller: Caller) throws(RemoteException) -> WireAddBlockResponse {
        let namespace = try namespaceNow()
        let blocks = namespace.blocks
        let (path, inode) = try resolve(request.src, fileID: request.fileID)
        let file = try checkLease(path, inode, holder: request.clientName)
        let previous = request.hasPrevious ? Block(request.previous) : nil
        if let repeated = try repeatedBlock(file, previous, path) {
            // Where it is to be written is not in the log, so that it is chosen anew when this NameNode started since.
            if repeated.construction?.replicas.isEmpty == true {
                blocks.setTargets(of: repeated, to: try targets(for: file, request, caller, path))
            }
            return .with { $0.block = blocks.locate(repeated, offset: file.size - repeated.size) }
        }
        let last = file.blocks.last
        if file.blocks.count >= 2, !blocks.completeIfReplicated(file.blocks[file.blocks.count - 2]) {
            throw .notReplicatedYet("Not replicated yet: " + path)
        }
        guard file.blocks.count < configuration.greatestBlockCount else {
            throw .inputOutput(
                "File has reached the limit on maximum number of blocks (dfs.namenode.fs-limits.max-blocks-per-file): "
                    + "\(file.blocks.count) >= \(configuration.greatestBlockCount)")
        }
        // The last block counts whole until it is committed, so that the new one needs what that one has left.
        let unused = last.map { max(file.blockBytes - max($0.size, previous?.size ?? 0), 0) } ?? 0
        try namespace.checkQuota(
            names: 0, space: (file.blockBytes - unused).multipliedClamped(by: file.replication), at: file.parent)
        let targets = try targets(for: file, request, caller, path)
        let block = Block(
            id: namespace.lastBlockID + 1, generationStamp: namespace.lastGenerationStamp + 1, size: 0)
        try changing(file) { () throws(RemoteException) in
            if let last, let previous { try commitLast(last, as: previous, of: file) }
            try perform(.advanceGenerationStamp(block.generationStamp))
            try perform(.addBlock(file: file.id, block), targets: targets)
        }
        let added = file.blocks[file.blocks.count - 1]
        return .with { $0.block = blocks.locate(added, offset: file.size - added.size) }
    }

    /// Chooses where a new block of a file is to be written.
    private func targets(
        for file: FileInode, _ request: WireAddBlockRequest, _ caller: Caller, _ path: String
    ) throws(RemoteException) -> [DatanodeStorage] {
        let blocks = try namespaceNow().blocks
        let ignoresHost = request.flags.contains(.ignoreClientLocality)
        let excluded = Set(request.excludeNodes.map(\.id.datanodeUuid))
        let targets = blocks.chooseTargets(
            count: file.replication, blockBytes: file.blockBytes,
            clientHost: ignoresHost ? "" : (file.writer?.machine ?? caller.host), excluding: excluded,
            favored: request.favoredNodes)
        guard targets.count >= configuration.blocks.minimumReplication else {
            throw blocks.placementFailure(path: path, chosen: targets.count, excluded: excluded.count)
        }
        return targets
    }

    private func changing(_ file: FileInode, _ body: () throws(RemoteException) -> Void) throws(RemoteException) {
        try loaded!.namespace.charging(file, body)
    }

    /// Tells whether a call for a block came before: what the client calls the last block is the one before the last.
    private func repeatedBlock(_ file: FileInode, _ previous: Block?, _ path: String) throws(RemoteException)
        -> BlockInfo?
    {
        let last = file.blocks.last
        if previous?.id == last?.id { return nil }
        if previous == nil, let last, last.isComplete { return nil }
        let before = file.blocks.dropLast().last
        guard let last, previous?.id == before?.id else {
            throw .inputOutput(
                "Cannot allocate block in \(path): passed 'previous' block \(previous.map(\.description) ?? "null") "
                    + "does not match actual last block in file \(last.map(\.block.description) ?? "null")")
        }
        guard last.size == 0, !last.isComplete else {
            throw .inputOutput(
                "Request looked like a retry to allocate block \(last.block) but it already contains \(last.size) bytes"
            )
        }
        return last
    }

    /// Takes what the client says of its last block.
    func commitLast(_ last: BlockInfo, as reported: Block, of file: FileInode) throws(RemoteException) {
        guard !last.isComplete, last.state != .committed else {
            _ = loaded!.blocks.completeIfReplicated(last)
            return
        }
        try checkSize(reported.size, of: last)
        try loaded!.blocks.commit(last, as: reported)
        try perform(.updateBlock(file: file.id, last.block))
        _ = loaded!.blocks.completeIfReplicated(last)
    }

    /// Fails when a block is said to be longer than any may be, so that sums of sizes stay numbers.
    func checkSize(_ bytes: Int, of block: BlockInfo) throws(RemoteException) {
        guard bytes <= FileInode.largestBlockBytes else {
            throw .inputOutput("a block cannot have so many bytes: \(block.block): \(bytes)")
        }
    }

    func complete(_ request: WireCompleteRequest, _ caller: Caller) throws(RemoteException) -> WireCompleteResponse {
        let (path, inode) = try resolve(request.src, fileID: request.fileID)
        let reported = request.hasLast ? Block(request.last) : nil
        if let closed = inode?.file, !closed.isOpen, closed.blocks.last?.id == reported?.id {
            // It came before and its answer was lost.
            return .with { $0.result = true }
        }
        let file = try checkLease(path, inode, holder: request.clientName)
        if let last = file.blocks.last {
            guard let reported, reported.id == last.id else {
                throw .inputOutput(
                    "Last block of \(path) is \(last.block), the client says \(reported.map(\.description) ?? "null")")
            }
            try changing(file) { () throws(RemoteException) in try commitLast(last, as: reported, of: file) }
        }
        let isClosed = try closeIfComplete(file)
        return .with { $0.result = isClosed }
    }

    /// Closes a file when all of its blocks are complete.
    func closeIfComplete(_ file: FileInode) throws(RemoteException) -> Bool {
        for block in file.blocks.suffix(2) where !loaded!.blocks.completeIfReplicated(block) { return false }
        guard file.blocks.allSatisfy(\.isComplete) else { return false }
        try perform(.close(file: file.id, modified: now.wallMilliseconds))
        return true
    }

    func abandonBlock(_ request: WireAbandonBlockRequest, _ caller: Caller) throws(RemoteException)
        -> WireAbandonBlockResponse
    {
        let (path, inode) = try resolve(request.src, fileID: request.fileID)
        let file = try checkLease(path, inode, holder: request.holder)
        if let last = file.blocks.last, last.id == request.b.blockID, !last.isComplete {
            try perform(.abandonBlock(file: file.id, block: last.id))
        }
        return WireAbandonBlockResponse()
    }

    func fsync(_ request: WireFsyncRequest, _ caller: Caller) throws(RemoteException) -> WireFsyncResponse {
        let (path, inode) = try resolve(request.src, fileID: request.fileID)
        let file = try checkLease(path, inode, holder: request.client)
        guard let last = file.blocks.last else { return WireFsyncResponse() }
        let length = Int(request.lastBlockLength)
        try changing(file) { () throws(RemoteException) in
            if length > last.size, !last.isComplete, last.state != .committed {
                try checkSize(length, of: last)
                last.size = length
            }
            try perform(.updateBlock(file: file.id, last.block))
        }
        return WireFsyncResponse()
    }

    func getAdditionalDatanode(
        _ request: WireGetAdditionalDatanodeRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetAdditionalDatanodeResponse {
        let blocks = try namespaceNow().blocks
        let (path, inode) = try resolve(request.src, fileID: request.fileID)
        let file = try checkLease(path, inode, holder: request.clientName)
        let there = request.existingStorageUuids.compactMap { blocks.registry.storage(uuid: $0) }
        let excluded = Set((request.excludes + request.existings).map(\.id.datanodeUuid))
        let chosen = blocks.chooseTargets(
            count: Int(clamping: request.numAdditionalNodes), blockBytes: file.blockBytes,
            clientHost: file.writer?.machine ?? caller.host, excluding: excluded, alreadyChosen: there)
        let found = there + chosen.filter { new in !there.contains { $0 === new } }
        return .with { $0.block = blocks.located(Block(request.blk), on: found) }
    }

    func updateBlockForPipeline(
        _ request: WireUpdateBlockForPipelineRequest, _ caller: Caller
    ) throws(RemoteException) -> WireUpdateBlockForPipelineResponse {
        let (file, block) = try writtenBlock(request.block, holder: request.clientName)
        let stamp = try nextGenerationStamp()
        var located = try namespaceNow().blocks.locate(block, offset: file.size - block.size)
        located.b = request.block
        located.b.generationStamp = stamp
        return .with { $0.block = located }
    }

    func updatePipeline(
        _ request: WireUpdatePipelineRequest, _ caller: Caller
    ) throws(RemoteException) -> WireUpdatePipelineResponse {
        let (file, block) = try writtenBlock(request.oldBlock, holder: request.clientName)
        let new = Block(request.newBlock)
        guard new.id == block.id, new.generationStamp > block.generationStamp, new.size >= block.size else {
            throw .inputOutput(
                "Update \(block.block) (size=\(block.size)) to a smaller generation stamp or size \(new) (size=\(new.size))"
            )
        }
        try checkSize(new.size, of: block)
        // Stamps are handed out by this NameNode, so that one from the future is a mistake that would use up all there are.
        guard new.generationStamp <= loaded!.namespace.lastGenerationStamp else {
            throw .inputOutput("a generation stamp was never handed out: \(new.generationStamp)")
        }
        try changing(file) { () throws(RemoteException) in
            try loaded!.blocks.updatePipeline(
                block, newGenerationStamp: new.generationStamp, size: new.size, storages: request.storageIds)
            try perform(.updateBlock(file: file.id, block.block))
        }
        return WireUpdatePipelineResponse()
    }

    private func writtenBlock(
        _ named: WireExtendedBlock, holder: String
    ) throws(RemoteException) -> (FileInode, BlockInfo) {
        let namespace = try namespaceNow()
        guard let block = namespace.blocks.block(named.blockID), let inode = namespace.inode(block.file) else {
            throw .inputOutput("\(Block(named)) does not exist or is not under Construction")
        }
        let file = try checkLease(inode.path, inode, holder: holder)
        guard !block.isComplete, block.state != .committed else {
            throw .inputOutput("\(block.block) does not exist or is not under Construction")
        }
        return (file, block)
    }

    func reportBadBlocks(
        _ request: WireReportBadBlocksRequest, _ caller: Caller
    ) throws(RemoteException) -> WireReportBadBlocksResponse {
        let blocks = try namespaceNow().blocks
        for bad in request.blocks {
            for (index, node) in bad.locs.enumerated() {
                let storage = index < bad.storageIds.count ? bad.storageIds[index] : ""
                blocks.markCorrupt(Block(bad.b), node: node.id, storage: storage, reason: "client reported it")
            }
        }
        return WireReportBadBlocksResponse()
    }
}
