import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// Creating files and opening them again.
extension NameNode {
    private enum CreateFlag {
        static let create: UInt32 = 1, overwrite: UInt32 = 2, append: UInt32 = 4, newBlock: UInt32 = 32
    }

    func create(_ request: WireCreateRequest, _ caller: Caller) throws(RemoteException) -> WireCreateResponse {
        try FilePath.checkLength(of: request.src, operation: "create")
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        let overwrites = request.createFlag & CreateFlag.overwrite != 0
        let isNew = resolved.inode == nil
        try namespace.check(
            resolved, caller, ancestor: isNew ? .write : nil, parent: !isNew && overwrites ? .write : nil)
        if let ecPolicy = request.hasEcPolicyName ? request.ecPolicyName : nil, !ecPolicy.isEmpty,
            ecPolicy != "replication"
        {
            throw .unsupported("erasure coding is not part of this file system: \(ecPolicy)")
        }
        try minimumReplicationCheck(Int(request.replication), path: resolved.text)
        let blockBytes = Int(clamping: request.blockSize)
        guard blockBytes >= configuration.smallestBlockBytes, blockBytes <= FileInode.largestBlockBytes else {
            throw .inputOutput(
                "Specified block size is less than configured minimum value (dfs.namenode.fs-limits.min-block-size): "
                    + "\(request.blockSize) < \(configuration.smallestBlockBytes)")
        }
        if let inode = resolved.inode {
            guard let old = inode.file else {
                throw .alreadyExists("\(resolved.text) already exists as a directory")
            }
            if overwrites {
                try namespace.check(resolved, caller, target: .write)
            } else {
                // Whoever left it open may have lost his lease; then the file is closed and still there.
                _ = try takeLease(of: old, resolved.text, "CREATE_FILE", request.clientName, caller)
                throw .alreadyExists("\(resolved.text) for client \(caller.host) already exists")
            }
        }
        if !request.createParent { try requireParent(resolved) }
        let missing = resolved.path.components.count + 1 - resolved.inodes.count
        try namespace.checkQuota(names: max(missing, 0), space: 0, at: resolved.inodes.last)
        try checkNames(resolved)
        let file = try makeFile(request, resolved, missing: missing, blockBytes: blockBytes, caller)
        return .with { $0.fs = status(of: file, for: caller) }
    }

    private func makeFile(
        _ request: WireCreateRequest, _ resolved: ResolvedPath, missing: Int, blockBytes: Int, _ caller: Caller
    ) throws(RemoteException) -> FileInode {
        let mode = Int(request.masked.perm)
        let unmasked = Int(request.hasUnmasked ? request.unmasked.perm : request.masked.perm)
        let parent: DirectoryInode
        if let old = resolved.inode {
            parent = old.parent!
            try perform(.delete(inode: old.id, time: now.wallMilliseconds))
        } else {
            parent = try makeDirectories(
                resolved, count: missing - 1, mode: mode | 0o300, unmasked: unmasked | 0o300, caller)
        }
        let made = newInode(
            in: parent, name: resolved.name, mode: mode, unmasked: unmasked & 0o666, isDirectory: false, caller)
        try perform(
            .createFile(
                made, replication: Int(request.replication), blockBytes: blockBytes,
                writer: Writer(holder: request.clientName, machine: caller.host)))
        if request.hasStoragePolicy, let policy = StoragePolicy.named(request.storagePolicy) {
            try perform(.setStoragePolicy(inode: made.id, policy: policy.id))
        }
        return loaded!.namespace.inode(made.id)!.file!
    }

    func append(_ request: WireAppendRequest, _ caller: Caller) throws(RemoteException) -> WireAppendResponse {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        try namespace.check(resolved, caller, target: .write)
        guard let inode = resolved.inode else {
            throw .fileNotFound("Failed to append to non-existent file \(resolved.text) for client \(caller.host)")
        }
        guard let file = inode.file else {
            throw .alreadyExists("Cannot append to directory \(resolved.text); already exists as a directory.")
        }
        _ = try takeLease(of: file, resolved.text, "APPEND_FILE", request.clientName, caller)
        let writer = Writer(holder: request.clientName, machine: caller.host)
        var response = WireAppendResponse()
        let startsBlock = request.hasFlag && request.flag & CreateFlag.newBlock != 0
        if let last = file.blocks.last {
            guard last.isComplete else {
                throw .inputOutput(
                    "append: lastBlock=\(last.block) of src=\(resolved.text) is not sufficiently replicated yet.")
            }
            if !startsBlock, last.size < file.blockBytes {
                try namespace.checkQuota(
                    names: 0, space: (file.blockBytes - last.size).multipliedClamped(by: file.replication),
                    at: file.parent)
                try namespace.charging(file) { () throws(RemoteException) in
                    try perform(.open(file: file.id, writer: writer, reopensLast: true))
                    loaded!.blocks.reopen(last)
                }
                response.block = loaded!.blocks.locate(last, offset: file.size - last.size)
                response.stat = status(of: file, for: caller)
                return response
            }
        }
        try perform(.open(file: file.id, writer: writer, reopensLast: false))
        response.stat = status(of: file, for: caller)
        return response
    }

    func truncate(_ request: WireTruncateRequest, _ caller: Caller) throws(RemoteException) -> WireTruncateResponse {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        try namespace.check(resolved, caller, target: .write)
        let file = try resolved.existingFile()
        _ = try takeLease(of: file, resolved.text, "TRUNCATE_FILE", request.clientName, caller)
        let size = Int(clamping: request.newLength)
        if Int64(bitPattern: request.newLength) < 0 {
            throw .illegalArgument("Cannot truncate to a negative file size: \(Int64(bitPattern: request.newLength)).")
        }
        if size > file.size {
            throw .illegalArgument(
                "Cannot truncate to a larger file size. Current size: \(file.size), truncate size: \(size).")
        }
        if size == file.size { return .with { $0.result = true } }
        if let last = file.blocks.last, !last.isComplete {
            throw .inputOutput("Cannot truncate: last block of \(resolved.text) is not complete")
        }
        var kept = 0
        var start = 0
        while start < size {
            start = start.addingClamped(file.blocks[kept].size)
            kept += 1
        }
        try perform(.truncate(file: file.id, keptBlocks: kept, modified: now.wallMilliseconds))
        guard start > size, let last = file.blocks.last else { return .with { $0.result = true } }
        let cut = last.size - (start - size)
        let stamp = try nextGenerationStamp()
        try namespace.charging(file) { () throws(RemoteException) in
            try perform(
                .open(
                    file: file.id, writer: Writer(holder: request.clientName, machine: caller.host, truncation: cut),
                    reopensLast: true))
            loaded!.blocks.reopen(last)
            loaded!.blocks.beginRecovery(last, newGenerationStamp: stamp, truncateTo: cut)
        }
        return .with { $0.result = false }
    }
}
