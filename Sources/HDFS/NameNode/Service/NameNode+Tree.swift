import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// Directories, renaming and deleting.
extension NameNode {
    func mkdirs(_ request: WireMkdirsRequest, _ caller: Caller) throws(RemoteException) -> WireMkdirsResponse {
        try FilePath.checkLength(of: request.src, operation: "mkdirs")
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        try namespace.check(resolved, caller)
        if let inode = resolved.inode {
            guard inode.directory != nil else { throw .alreadyExists("Path is not a directory: " + resolved.text) }
            return .with { $0.result = true }
        }
        try namespace.check(resolved, caller, ancestor: .write)
        if !request.createParent { try requireParent(resolved) }
        let missing = resolved.path.components.count + 1 - resolved.inodes.count
        try namespace.checkQuota(names: missing, space: 0, at: resolved.inodes.last)
        try checkNames(resolved)
        _ = try makeDirectories(
            resolved, count: missing, mode: Int(request.masked.perm), unmasked: unmasked(request), caller)
        return .with { $0.result = true }
    }

    private func unmasked(_ request: WireMkdirsRequest) -> Int {
        Int(request.hasUnmasked ? request.unmasked.perm : request.masked.perm)
    }

    func requireParent(_ resolved: ResolvedPath) throws(RemoteException) {
        guard let parent = resolved.parent else {
            guard resolved.path.components.count > 0 else { return }
            throw .fileNotFound(
                "Parent directory doesn't exist: " + resolved.text(upTo: resolved.path.components.count - 1))
        }
        guard parent.directory != nil else {
            throw .parentNotDirectory(
                "Parent path is not a directory: " + resolved.text(upTo: resolved.path.components.count - 1))
        }
    }

    /// Fails when a name to be made is too long or reserved.
    func checkNames(_ resolved: ResolvedPath) throws(RemoteException) {
        let components = resolved.path.components
        for index in max(resolved.inodes.count - 1, 0)..<max(components.count, resolved.inodes.count - 1) {
            let name = components[index]
            if index == 0, name.text == ".reserved" {
                throw .illegalArgument(
                    "File name \".reserved\" is reserved and cannot be created. If this is during upgrade change the name of "
                        + "the existing file or directory to another name before upgrading to the new release.")
            }
            guard name.byteCount > FilePath.greatestComponentBytes else { continue }
            throw RemoteException(
                "org.apache.hadoop.hdfs.protocol.FSLimitException$PathComponentTooLongException",
                "The maximum path component name limit of \(name) in directory \(resolved.text(upTo: index)) is exceeded: "
                    + "limit=\(FilePath.greatestComponentBytes) length=\(name.byteCount)")
        }
    }

    /// Makes the first `count` of the missing directories; returns the last one.
    func makeDirectories(
        _ resolved: ResolvedPath, count: Int, mode: Int, unmasked: Int, _ caller: Caller
    ) throws(RemoteException) -> DirectoryInode {
        let namespace = loaded!.namespace
        var parent = resolved.inodes[resolved.inodes.count - 1].directory!
        let first = resolved.inodes.count - 1
        for index in first..<first + count {
            // Those on the way can be gone through by who makes them, whatever the mask says.
            let isLast = index == resolved.path.components.count - 1
            let made = newInode(
                in: parent, name: resolved.path.components[index], mode: isLast ? mode : mode | 0o300,
                unmasked: isLast ? unmasked : unmasked | 0o300, isDirectory: true, caller)
            try perform(.makeDirectory(made))
            parent = namespace.inode(made.id)!.directory!
        }
        return parent
    }

    func newInode(
        in parent: DirectoryInode, name: FileName, mode: Int, unmasked: Int, isDirectory: Bool, _ caller: Caller
    ) -> Edit.NewInode {
        let namespace = loaded!.namespace
        let inherited = AccessControlList.inherited(from: parent, mode: unmasked, isDirectory: isDirectory)
        return Edit.NewInode(
            parent: parent.id, id: namespace.lastInodeID + 1, name: name.text, owner: caller.user,
            group: namespace.group(of: parent), mode: inherited?.mode ?? mode & (isDirectory ? 0o1777 : 0o666),
            time: now.wallMilliseconds, accessControl: inherited?.kept ?? [])
    }

    func delete(_ request: WireDeleteRequest, _ caller: Caller) throws(RemoteException) -> WireDeleteResponse {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        try namespace.check(resolved, caller, parent: .write)
        guard let inode = resolved.inode else { return .with { $0.result = false } }
        if let directory = inode.directory, directory.childCount > 0 {
            guard request.recursive else {
                throw .pathNotEmpty("`\(resolved.text) is non empty': Directory is not empty")
            }
            try namespace.checkSubtree(inode, caller, [.read, .write, .execute])
        }
        guard inode.parent != nil else { return .with { $0.result = false } }
        try perform(.delete(inode: inode.id, time: now.wallMilliseconds))
        return .with { $0.result = true }
    }

    /// Renames as Hadoop did first: what cannot be is answered by false.
    func rename(_ request: WireRenameRequest, _ caller: Caller) throws(RemoteException) -> WireRenameResponse {
        try FilePath.checkLength(of: request.dst, operation: "rename")
        let namespace = try namespaceNow()
        let source = try resolve(request.src) { "Invalid name: " + $0 }
        var target = try resolve(request.dst) { "Invalid name: " + $0 }
        if target.inode?.directory != nil, source.path.components.count > 0 {
            target = try namespace.resolve(FilePath(target.path.components + [source.name]))
        }
        try namespace.check(source, caller, parent: .write)
        try namespace.check(target, caller, ancestor: .write)
        let refused = WireRenameResponse.with { $0.result = false }
        guard let inode = source.inode, inode.parent != nil else { return refused }
        if target.path.components == source.path.components { return .with { $0.result = true } }
        guard target.inode == nil, let parent = target.parent?.directory, !parent.isAtOrBelow(inode) else {
            return refused
        }
        try checkNames(target)
        try checkMove(inode, to: parent)
        try perform(.rename(inode: inode.id, parent: parent.id, name: target.name.text, time: now.wallMilliseconds))
        return .with { $0.result = true }
    }

    func rename2(_ request: WireRename2Request, _ caller: Caller) throws(RemoteException) -> WireRename2Response {
        try FilePath.checkLength(of: request.dst, operation: "rename")
        let namespace = try namespaceNow()
        let source = try resolve(request.src) { "Invalid name: " + $0 }
        let target = try resolve(request.dst) { "Invalid name: " + $0 }
        try namespace.check(source, caller, parent: .write)
        try namespace.check(target, caller, ancestor: .write, parent: target.inode == nil ? nil : .write)
        guard let inode = source.inode else { throw .fileNotFound("rename source \(source.text) is not found.") }
        guard inode.parent != nil else { throw .inputOutput("rename source cannot be the root") }
        guard target.path.components != source.path.components else {
            throw .alreadyExists("The source \(source.text) and destination \(target.text) are the same")
        }
        guard !target.path.components.isEmpty else { throw .inputOutput("rename destination cannot be the root") }
        if target.path.components.starts(with: source.path.components) {
            throw .inputOutput(
                "Rename destination \(target.text) is a directory or file under source \(source.text)")
        }
        if let old = target.inode { try checkOverwrite(old, at: target, by: inode, from: source, request) }
        guard let above = target.parent else {
            throw .fileNotFound("rename destination parent \(target.text) not found.")
        }
        guard let parent = above.directory else {
            throw .parentNotDirectory("rename destination parent \(target.text) is a file.")
        }
        try checkNames(target)
        try checkMove(inode, to: parent, replacing: target.inode)
        if let old = target.inode { try perform(.delete(inode: old.id, time: now.wallMilliseconds)) }
        try perform(.rename(inode: inode.id, parent: parent.id, name: target.name.text, time: now.wallMilliseconds))
        return WireRename2Response()
    }

    private func checkOverwrite(
        _ old: Inode, at target: ResolvedPath, by inode: Inode, from source: ResolvedPath, _ request: WireRename2Request
    ) throws(RemoteException) {
        guard (old.directory == nil) == (inode.directory == nil) else {
            throw .inputOutput(
                "Source \(source.text) and destination \(target.text) must both be \(inode.directory != nil ? "directories" : "files")"
            )
        }
        guard request.overwriteDest else { throw .alreadyExists("rename destination \(target.text) already exists") }
        if let directory = old.directory, directory.childCount > 0 {
            throw .inputOutput("rename destination directory is not empty: \(target.text)")
        }
    }

    /// Fails when a move would be too much for a quota that does not count it already.
    private func checkMove(
        _ inode: Inode, to parent: DirectoryInode, replacing old: Inode? = nil
    ) throws(RemoteException) {
        let namespace = loaded!.namespace
        guard parent.extras?.quota != nil || namespace.hasQuota(above: parent) else { return }
        var shared: Inode? = parent
        while let here = shared, !inode.isAtOrBelow(here) { shared = here.parent }
        let used = namespace.usage(of: inode)
        let freed = old.map { namespace.usage(of: $0) } ?? (names: 0, space: 0)
        try namespace.checkQuota(
            names: used.names - freed.names, space: used.space - freed.space, at: parent, below: shared)
    }

    func concat(_ request: WireConcatRequest, _ caller: Caller) throws(RemoteException) -> WireConcatResponse {
        let namespace = try namespaceNow()
        guard !request.srcs.isEmpty else { throw .illegalArgument("The sources are empty") }
        let target = try resolve(request.trg)
        try namespace.check(target, caller, parent: .write, target: .write)
        let file = try target.existingFile()
        guard !file.isOpen else { throw .illegalArgument("concat: target file \(target.text) is under construction") }
        var sources: [UInt64] = []
        var space = 0
        for text in request.srcs {
            let source = try resolve(text)
            try namespace.check(source, caller, parent: .write, target: .read)
            let part = try source.existingFile()
            guard part !== file, !sources.contains(part.id) else {
                throw .illegalArgument("concat: the src file \(source.text) is the same with the target or given twice")
            }
            guard source.parent === target.parent else {
                throw .illegalArgument(
                    "Source file \(source.text) is not in the same directory with the target \(target.text)")
            }
            guard !part.isOpen, !part.blocks.isEmpty else {
                throw .illegalArgument("concat: source file \(source.text) is invalid or empty or underConstruction")
            }
            guard part.blockBytes <= file.blockBytes else {
                throw .illegalArgument(
                    "concat: source file \(source.text) has preferred block size \(part.blockBytes) which is greater than the "
                        + "target file's preferred block size \(file.blockBytes)")
            }
            space = space.addingClamped(
                part.size.multipliedClamped(by: file.replication - part.replication))
            sources.append(part.id)
        }
        try namespace.checkQuota(names: 0, space: space, at: file.parent)
        try perform(.concatenate(target: file.id, sources: sources, time: now.wallMilliseconds))
        return WireConcatResponse()
    }
}
