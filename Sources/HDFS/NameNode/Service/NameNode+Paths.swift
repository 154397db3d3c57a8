import Foundation
import HoneyHDFSMessages
import HoneyWorld

/// What handlers share: paths, statuses, the name space.
extension NameNode {
    /// The name space; calls come here only once there is one.
    func namespaceNow() throws(RemoteException) -> Namespace { try loadedNow().namespace }

    func loadedNow() throws(RemoteException) -> Loaded {
        guard let loaded else { throw .standby("NameNode has no name space yet") }
        return loaded
    }

    func resolve(_ text: String, complaint: (String) -> String = { $0 }) throws(RemoteException) -> ResolvedPath {
        try FilePath.checkLength(of: text, operation: "resolve")
        return try namespaceNow().resolve(try FilePath(text, complaint: complaint))
    }

    /// Finds a file being written, by its number where the client knows it.
    func resolve(_ text: String, fileID: UInt64) throws(RemoteException) -> (path: String, inode: Inode?) {
        if fileID != 0, let inode = try namespaceNow().inode(fileID) { return (inode.path, inode) }
        let resolved = try resolve(text)
        return (resolved.text, fileID == 0 ? resolved.inode : nil)
    }

    /// Describes a file or directory under a name, which is empty for the one that was asked for.
    func status(
        of inode: Inode, name: String = "", located: Bool = false, for caller: Caller
    ) -> WireHdfsFileStatus {
        let namespace = loaded!.namespace
        var status = WireHdfsFileStatus()
        status.path = Data(name.utf8)
        status.permission.perm = UInt32(inode.mode)
        status.owner = namespace.owner(of: inode)
        status.group = namespace.group(of: inode)
        status.modificationTime = UInt64(clamping: inode.modified)
        status.fileID = inode.id
        status.storagePolicy = UInt32(namespace.setStoragePolicy(of: inode))
        status.flags = inode.accessControl.isEmpty ? 0 : UInt32(WireHdfsFileStatus.Flags.hasAcl.rawValue)
        if let file = inode.file {
            status.fileType = .isFile
            status.length = UInt64(file.size)
            status.accessTime = UInt64(clamping: file.accessed)
            status.blockReplication = UInt32(file.replication)
            status.blocksize = UInt64(file.blockBytes)
            if located { status.locations = locations(of: file, offset: 0, length: .max, for: caller) }
        } else {
            status.fileType = .isDir
            status.length = 0
            status.accessTime = 0
            status.childrenNum = Int32(clamping: inode.directory?.childCount ?? 0)
        }
        return status
    }

    /// Tells where the blocks of a range are.
    func locations(of file: FileInode, offset: Int, length: Int, for caller: Caller) -> WireLocatedBlocks {
        let blocks = loaded!.blocks
        var located = WireLocatedBlocks()
        let end = offset.addingClamped(length)
        var position = 0
        for block in file.blocks {
            let next = position.addingClamped(block.size)
            let isWanted =
                position < end && (next > offset || (block === file.blocks.last && next >= offset && file.isOpen))
            if isWanted { located.blocks.append(blocks.locate(block, offset: position, clientHost: caller.host)) }
            position = next
        }
        let last = file.blocks.last
        let isLastComplete = last?.isComplete ?? true
        located.fileLength = UInt64(isLastComplete ? position : position - (last?.size ?? 0))
        located.underConstruction = file.isOpen
        located.isLastBlockComplete = isLastComplete
        if let last {
            located.lastBlock = blocks.locate(last, offset: position - last.size, clientHost: caller.host)
        }
        return located
    }

    /// Fails unless `holder` writes the file.
    func checkLease(_ path: String, _ inode: Inode?, holder: String) throws(RemoteException) -> FileInode {
        guard let inode else {
            throw .fileNotFound("File does not exist: \(path) (inode 0) Holder \(holder) does not have any open files.")
        }
        let place = "\(path) (inode \(inode.id))"
        guard let file = inode.file else {
            throw .leaseExpired("INode is not a regular file: \(place) Holder \(holder) does not have any open files.")
        }
        guard let writer = file.writer else {
            throw .leaseExpired("File is not open for writing: \(place) Holder \(holder) does not have any open files.")
        }
        guard writer.holder == holder else {
            throw .leaseExpired("Client (=\(holder)) is not the lease owner (=\(writer.holder): \(place)")
        }
        return file
    }

    /// Takes the next generation stamp; the log knows it.
    func nextGenerationStamp() throws(RemoteException) -> UInt64 {
        let stamp = try namespaceNow().lastGenerationStamp + 1
        try perform(.advanceGenerationStamp(stamp))
        return stamp
    }

    func minimumReplicationCheck(_ replication: Int, path: String) throws(RemoteException) {
        let bounds = configuration.blocks
        if replication > bounds.maximumReplication {
            throw .inputOutput(
                "Requested replication factor of \(replication) exceeds maximum of \(bounds.maximumReplication) for \(path)"
            )
        }
        if replication < bounds.minimumReplication {
            throw .inputOutput(
                "Requested replication factor of \(replication) is less than the required minimum of "
                    + "\(bounds.minimumReplication) for \(path)")
        }
    }
}

extension Namespace {
    /// The storage policy set at or above an inode; 0 when none is.
    func setStoragePolicy(of inode: Inode) -> Int {
        var here: Inode? = inode
        while let inode = here {
            if let policy = inode.extras?.storagePolicy, policy != 0 { return Int(policy) }
            here = inode.parent
        }
        return 0
    }
}
