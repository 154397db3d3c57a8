import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// Calls that only look.
extension NameNode {
    func getFileInfo(_ request: WireGetFileInfoRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetFileInfoResponse
    {
        var response = WireGetFileInfoResponse()
        if let status = try findStatus(request.src, located: false, caller) { response.fs = status }
        return response
    }

    func getLocatedFileInfo(
        _ request: WireGetLocatedFileInfoRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetLocatedFileInfoResponse {
        var response = WireGetLocatedFileInfoResponse()
        if let status = try findStatus(request.src, located: true, caller) { response.fs = status }
        return response
    }

    func getFileLinkInfo(
        _ request: WireGetFileLinkInfoRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetFileLinkInfoResponse {
        var response = WireGetFileLinkInfoResponse()
        if let status = try findStatus(request.src, located: false, caller) { response.fs = status }
        return response
    }

    private func findStatus(_ path: String, located: Bool, _ caller: Caller) throws(RemoteException)
        -> WireHdfsFileStatus?
    {
        let resolved = try resolve(path) { "Invalid file name: " + $0 }
        try namespaceNow().check(resolved, caller)
        guard let inode = resolved.inode else { return nil }
        return status(of: inode, located: located, for: caller)
    }

    func getListing(_ request: WireGetListingRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetListingResponse
    {
        let resolved = try resolve(request.src) { "Invalid directory name: " + $0 }
        let isDirectory = resolved.inode?.directory != nil
        try namespaceNow().check(resolved, caller, target: isDirectory ? [.read, .execute] : nil)
        var response = WireGetListingResponse()
        guard let inode = resolved.inode else { return response }
        response.dirList.remainingEntries = 0
        guard let directory = inode.directory else {
            response.dirList.partialListing = [status(of: inode, located: request.needLocation, for: caller)]
            return response
        }
        let after = request.startAfter.isEmpty ? nil : FileName(String(decoding: request.startAfter, as: UTF8.self))
        let available = after.map { directory.children.count(after: $0) } ?? directory.childCount
        // With locations fewer entries make a full answer, as in Hadoop.
        var budget = configuration.listingLimit
        var entries: [WireHdfsFileStatus] = []
        entries.reserveCapacity(min(available, budget))
        directory.children.forEach(after: after) { child in
            entries.append(status(of: child, name: child.name.text, located: request.needLocation, for: caller))
            budget -= 1
            if request.needLocation, let file = child.file { budget -= file.blocks.count * file.replication }
            return budget > 0
        }
        response.dirList.remainingEntries = UInt32(clamping: available - entries.count)
        response.dirList.partialListing = entries
        return response
    }

    func getBlockLocations(
        _ request: WireGetBlockLocationsRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetBlockLocationsResponse {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller, target: .read)
        let file = try resolved.existingFile()
        if Int64(bitPattern: request.offset) < 0 {
            throw .illegalArgument("Negative offset is not supported. File: " + request.src)
        }
        if Int64(bitPattern: request.length) < 0 {
            throw .illegalArgument("Negative length is not supported. File: " + request.src)
        }
        try noteAccess(file)
        return .with {
            $0.locations = locations(
                of: file, offset: Int(clamping: request.offset), length: Int(clamping: request.length), for: caller)
        }
    }

    /// Keeps when a file was read, not more exactly than is worth a record of the log.
    private func noteAccess(_ file: FileInode) throws(RemoteException) {
        let precision = configuration.accessTimePrecision
        guard precision > 0, now.wallMilliseconds > file.accessed.addingClamped(precision),
            loaded?.blocks.safeMode.isOn == false
        else { return }
        try perform(.setTimes(inode: file.id, modified: -1, accessed: now.wallMilliseconds))
    }

    func getContentSummary(
        _ request: WireGetContentSummaryRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetContentSummaryResponse {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.path)
        try namespace.check(resolved, caller)
        let inode = try resolved.existing()
        var summary = WireContentSummary()
        summary.length = 0
        summary.fileCount = 0
        summary.directoryCount = 0
        var space = 0
        var denied: RemoteException?
        namespace.forEach(below: inode) { inode in
            guard let file = inode.file else {
                summary.directoryCount += 1
                if denied == nil, !caller.isSuperuser {
                    do throws(RemoteException) {
                        try namespace.check(inode, caller, [.read, .execute], path: inode.path)
                    } catch {
                        denied = error
                    }
                }
                return
            }
            summary.fileCount += 1
            summary.length = UInt64(Int(clamping: summary.length).addingClamped(file.size))
            space = space.addingClamped(file.spaceConsumed)
        }
        if let denied { throw denied }
        summary.spaceConsumed = UInt64(space)
        let quota = inode.extras?.quota
        summary.quota = UInt64(bitPattern: Int64(quota?.names ?? -1))
        summary.spaceQuota = UInt64(bitPattern: Int64(quota?.space ?? -1))
        return .with { $0.summary = summary }
    }

    func getQuotaUsage(
        _ request: WireGetQuotaUsageRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetQuotaUsageResponse {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.path)
        try namespace.check(resolved, caller, target: [.read, .execute])
        let inode = try resolved.existing()
        let quota = inode.extras?.quota
        let used = quota.map { ($0.usedNames, $0.usedSpace) } ?? namespace.usage(of: inode)
        return .with {
            $0.usage.fileAndDirectoryCount = UInt64(used.0)
            $0.usage.spaceConsumed = UInt64(max(used.1, 0))
            $0.usage.quota = UInt64(bitPattern: Int64(quota?.names ?? -1))
            $0.usage.spaceQuota = UInt64(bitPattern: Int64(quota?.space ?? -1))
        }
    }

    func getPreferredBlockSize(
        _ request: WireGetPreferredBlockSizeRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetPreferredBlockSizeResponse {
        let resolved = try resolve(request.filename)
        try namespaceNow().check(resolved, caller)
        let file = try resolved.existingFile()
        return .with { $0.bsize = UInt64(file.blockBytes) }
    }

    func isFileClosed(_ request: WireIsFileClosedRequest, _ caller: Caller) throws(RemoteException)
        -> WireIsFileClosedResponse
    {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller)
        let file = try resolved.existingFile()
        return .with { $0.result = !file.isOpen }
    }

    func checkAccess(_ request: WireCheckAccessRequest, _ caller: Caller) throws(RemoteException)
        -> WireCheckAccessResponse
    {
        let resolved = try resolve(request.path)
        _ = try resolved.existing()
        try namespaceNow().check(resolved, caller, target: Access(rawValue: UInt8(request.mode.rawValue)))
        return WireCheckAccessResponse()
    }

    func getEnclosingRoot(
        _ request: WireGetEnclosingRootRequest, _ caller: Caller
    ) throws(RemoteException) -> WireGetEnclosingRootResponse {
        .with { $0.enclosingRootPath = "/" }
    }

    func listOpenFiles(
        _ request: WireListOpenFilesRequest, _ caller: Caller
    ) throws(RemoteException) -> WireListOpenFilesResponse {
        let namespace = try namespaceNow()
        let batch = 1000
        let files = namespace.leases.files.filter { $0 > UInt64(max(request.id, 0)) }
        var response = WireListOpenFilesResponse()
        for id in files.prefix(batch) {
            guard let file = namespace.inode(id)?.file, let writer = file.writer else { continue }
            let path = file.path
            guard FilePath.isPath(path, atOrBelow: request.path) else { continue }
            response.entries.append(
                .with {
                    $0.id = Int64(id)
                    $0.path = path
                    $0.clientName = writer.holder
                    $0.clientMachine = writer.machine
                })
        }
        response.hasMore_p = files.count > batch
        response.types = request.types
        return response
    }
}
