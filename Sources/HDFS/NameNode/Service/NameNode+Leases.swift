package import HoneyHDFSMessages
package import HoneyWorld
import SwiftProtobuf

/// Leases: renewed by clients, taken from those that are gone.
extension NameNode {
    func renewLease(_ request: WireRenewLeaseRequest, _ caller: Caller) throws(RemoteException)
        -> WireRenewLeaseResponse
    {
        try namespaceNow().leases.renew(request.clientName)
        return WireRenewLeaseResponse()
    }

    func recoverLease(_ request: WireRecoverLeaseRequest, _ caller: Caller) throws(RemoteException)
        -> WireRecoverLeaseResponse
    {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller, target: .write)
        let file = try resolved.existingFile()
        guard file.isOpen else { return .with { $0.result = true } }
        let isClosed = try takeLease(
            of: file, resolved.text, "RECOVER_LEASE", request.clientName, caller, force: true)
        return .with { $0.result = isClosed }
    }

    /// Gets a file out of its writer's hands; true when it is closed now.
    ///
    /// Fails while its writer may still write, or while it is being recovered, unless `force` asks to begin at once.
    func takeLease(
        of file: FileInode, _ path: String, _ operation: String, _ holder: String, _ caller: Caller, force: Bool = false
    ) throws(RemoteException) -> Bool {
        guard let writer = file.writer else { return true }
        let leases = try namespaceNow().leases
        func failure(_ reason: String) -> String {
            "Failed to \(operation) \(path) for \(holder) on \(caller.host) because \(reason)"
        }
        if !force, writer.holder == holder {
            throw .alreadyBeingCreated(failure("\(holder) is already the current lease holder."))
        }
        if force { return try release(file, path) }
        let mustRecover = Leases.isForRecovery(writer.holder) && !isUnderRecovery(file)
        if mustRecover || leases.isExpired(writer.holder, after: configuration.softLeaseLimit) {
            if try release(file, path) { return true }
            throw .recoveryInProgress(failure("lease recovery is in progress. Try again later."))
        }
        if isUnderRecovery(file) {
            throw .recoveryInProgress(
                failure("another recovery is in progress by \(writer.holder) on \(writer.machine)"))
        }
        throw .alreadyBeingCreated(
            failure("this file lease is currently owned by \(writer.holder) on \(writer.machine)"))
    }

    private func isUnderRecovery(_ file: FileInode) -> Bool { file.blocks.last?.state == .underRecovery }

    /// Closes a file whose writer is gone: at once when its blocks are whole, else once its last block was recovered.
    @discardableResult
    func release(_ file: FileInode, _ path: String) throws(RemoteException) -> Bool {
        let blocks = try namespaceNow().blocks
        if try closeIfComplete(file) { return true }
        if file.blocks.dropLast().contains(where: { !$0.isComplete }) {
            throw .alreadyBeingCreated(
                "DIR* NameSystem.internalReleaseLease: Committed blocks are waiting to be minimally replicated. Try again later."
            )
        }
        guard let last = file.blocks.last else { return try closeIfComplete(file) }
        if last.state == .committed {
            throw .alreadyBeingCreated(
                "DIR* NameSystem.internalReleaseLease: Committed blocks are waiting to be minimally replicated. Try again later."
            )
        }
        let writer = file.writer!
        // Nobody has it and nobody can come who has: a node that has not registered by now counts as dead, one in whose place
        // another runs as lost.
        let isGone = last.construction?.replicas.allSatisfy { $0.storage.node.isReplaced } ?? true
        let isSettled =
            configuration.knowsAllDataNodes
            || now.monotonicNanoseconds - activeSince > configuration.blocks.deadInterval
        if isGone, last.size == 0, isSettled || wasAddedHere(last) {
            try perform(.abandonBlock(file: file.id, block: last.id))
            return try closeIfComplete(file)
        }
        let stamp = try nextGenerationStamp()
        let holder = "\(Leases.recoveryHolder)-\(file.id)"
        try perform(
            .open(
                file: file.id,
                writer: Writer(holder: holder, machine: configuration.host, truncation: writer.truncation),
                reopensLast: false))
        blocks.beginRecovery(last, newGenerationStamp: stamp, truncateTo: writer.truncation)
        return false
    }

    /// Has the files of a client closed that is known to be gone; tells whether it had none left.
    package func releaseLeases(of holder: String, at now: Moment, _ effects: Effects<HDFSMessage>) -> Bool {
        var hadNone = false
        run(at: now, effects) {
            guard let namespace = loaded?.namespace, !namespace.blocks.safeMode.isOn else { return }
            let files = namespace.leases.files(of: holder)
            hadNone = files.isEmpty
            for id in files {
                guard let file = namespace.inode(id)?.file else { continue }
                do {
                    try release(file, file.path)
                } catch {
                    effects.log(.info, "lease of \(holder) on \(file.path) cannot be released: \(error)")
                }
            }
        }
        return hadNone
    }

    /// Tells whether a block was made since this NameNode became active, so that all its replicas are known.
    private func wasAddedHere(_ block: BlockInfo) -> Bool { block.id > lastBlockIDAtStart }

    /// Recovers files of clients that are long gone, and those whose recovery did not come to an end.
    func checkLeases() {
        guard let namespace = loaded?.namespace else { return }
        let expired = namespace.leases.expiredFiles(after: configuration.hardLeaseLimit)
        // A recovery that an older NameNode began goes on at once, one of this NameNode's may take its time.
        let late = Set(namespace.leases.expiredFiles(after: configuration.softLeaseLimit))
        let unfinished = namespace.leases.filesToRecover.filter { id in
            late.contains(id) || namespace.inode(id)?.file.map { !isUnderRecovery($0) } ?? false
        }
        let due = Set(expired + unfinished)
        stuckFiles.formIntersection(due)
        guard !due.isEmpty else { return }
        // Those that cannot be released must not keep others from their turn.
        let ids = due.sorted()
        let split = ids.firstIndex { $0 > lastLeaseFile } ?? 0
        for id in (ids[split...] + ids[..<split]).prefix(1000) {
            lastLeaseFile = id
            guard let file = namespace.inode(id)?.file, let writer = file.writer else { continue }
            do {
                let isClosed = try release(file, file.path)
                stuckFiles.remove(id)
                effects.log(
                    .info, "lease of \(writer.holder) on \(file.path) ran out; \(isClosed ? "closed" : "recovering")")
            } catch  where stuckFiles.insert(id).inserted {
                effects.log(.warning, "lease of \(writer.holder) on \(file.path) cannot be released: \(error.message)")
            } catch {}
        }
    }
}

extension NameNode: BlockOwner {
    package var lastTransaction: UInt64 { UInt64(loaded?.log.lastTransaction ?? 0) }

    package var durableTransaction: UInt64 { UInt64(loaded?.log.durable ?? 0) }

    package func blockBecameComplete(_ block: BlockInfo) {}

    package func path(ofFile file: UInt64) -> String? { loaded?.namespace.inode(file)?.path }

    package func log(_ level: LogLevel, _ message: String) { effects.log(level, message) }

    package func commitBlockSynchronization(
        _ request: WireCommitBlockSynchronizationRequest
    ) throws(RemoteException) {
        try requireLeftSafeMode { "commitBlockSynchronization while in safe mode" }
        let namespace = try namespaceNow()
        let named = Block(request.block)
        guard let block = namespace.blocks.block(named.id), let file = namespace.inode(block.file)?.file else {
            if request.deleteBlock { return }
            throw .inputOutput("Block (=\(named)) not found")
        }
        guard file.isOpen, !block.isComplete else { return }
        guard file.blocks.last === block else {
            throw .inputOutput("Block (=\(named)) is not the last of \(file.path)")
        }
        let recovery = block.construction?.recoveryStamp ?? 0
        guard recovery == request.newGenStamp else {
            throw .inputOutput(
                "The recovery id \(request.newGenStamp) does not match current recovery id \(recovery) for block \(named)"
            )
        }
        if request.deleteBlock {
            try perform(.abandonBlock(file: file.id, block: block.id))
        } else {
            let recovered = Block(
                id: block.id, generationStamp: request.newGenStamp, size: Int(clamping: request.newLength))
            try checkSize(recovered.size, of: block)
            try namespace.charging(file) { () throws(RemoteException) in
                try namespace.blocks.finishRecovery(block, as: recovered, storages: request.newTargetStorages)
                try perform(.updateBlock(file: file.id, block.block))
            }
        }
        guard request.closeFile else { return }
        if !request.deleteBlock, !block.isComplete { namespace.blocks.complete(block) }
        _ = try closeIfComplete(file)
    }
}
