/// What each edit does. Every check was made before; an edit that does not fit is a log that is wrong.
extension Namespace {
    /// Applies one edit; `targets` is where a new block will be written, unless the log is read.
    func apply(_ edit: Edit, targets: [DatanodeStorage] = []) throws(MisfitEdit) {
        switch edit {
        case .makeDirectory(let made):
            try insert(made) { DirectoryInode(id: $0, name: $1, ownership: $2, modified: $3) }
        case .createFile(let made, let replication, let blockBytes, let writer):
            try insert(made) {
                FileInode(
                    id: $0, name: $1, ownership: $2, modified: $3, accessed: $3, replication: replication,
                    blockBytes: blockBytes)
            }
            let file = try self.file(made.id)
            file.writer = writer
            leases.add(file.id, holder: writer.holder)
        case .addBlock(let id, let block): try addBlock(block, to: file(id), targets: targets)
        case .updateBlock(let id, let block): try updateBlock(block, of: file(id))
        case .abandonBlock(let id, let block): try abandon(block, of: file(id))
        case .close(let id, let modified): try close(file(id), modified: modified)
        case .open(let id, let writer, let reopensLast):
            try open(file(id), writer: writer, reopensLast: reopensLast)
        case .truncate(let id, let keptBlocks, let modified):
            let file = try file(id)
            charging(file) {
                let removed = Array(file.blocks.dropFirst(keptBlocks))
                file.blocks.removeLast(removed.count)
                blocks.remove(removed)
            }
            file.modified = modified
        case .rename(let id, let parent, let name, let time):
            try move(inode(numbered: id), to: directory(parent), name: FileName(name), time: time)
        case .delete(let id, let time): try delete(inode(numbered: id), time: time)
        case .concatenate(let target, let sources, let time): try concatenate(sources, onto: file(target), time: time)
        case .advanceGenerationStamp(let stamp): lastGenerationStamp = max(lastGenerationStamp, stamp)
        default: try applyAttributes(edit)
        }
    }

    private func applyAttributes(_ edit: Edit) throws(MisfitEdit) {
        switch edit {
        case .setMode(let id, let mode): try inode(numbered: id).ownership.mode = UInt16(mode & 0o1777)
        case .setOwner(let id, let owner, let group):
            let inode = try inode(numbered: id)
            if !owner.isEmpty { inode.ownership.owner = UInt32(owners.number(of: owner)) }
            if !group.isEmpty { inode.ownership.group = UInt16(clamping: groups.number(of: group)) }
        case .setTimes(let id, let modified, let accessed):
            let inode = try inode(numbered: id)
            if modified >= 0 { inode.modified = modified }
            if accessed >= 0 { inode.file?.accessed = accessed }
        case .setReplication(let id, let replication):
            let file = try file(id)
            charging(file) {
                file.replication = replication
                for block in file.blocks { blocks.setReplication(block, to: replication) }
            }
        case .setQuota(let id, let names, let space):
            let directory = try directory(id)
            let used = names >= 0 || space >= 0 ? usage(of: directory) : (names: 0, space: 0)
            directory.change { extras in
                extras.quota =
                    names >= 0 || space >= 0
                    ? Quota(names: names, space: space, usedNames: used.names, usedSpace: used.space) : nil
            }
        case .setAccessControl(let id, let mode, let entries):
            let inode = try inode(numbered: id)
            inode.ownership.mode = UInt16(mode & 0o1777)
            inode.change { $0.accessControl = entries }
        case .setAttributes(let id, let attributes): try inode(numbered: id).change { $0.attributes = attributes }
        case .setStoragePolicy(let id, let policy): try inode(numbered: id).change { $0.storagePolicy = policy }
        default: throw MisfitEdit(reason: "unknown change")
        }
    }

    private func inode(numbered id: UInt64) throws(MisfitEdit) -> Inode {
        guard let inode = inodes[id] else { throw MisfitEdit(reason: "no inode \(id)") }
        return inode
    }

    private func file(_ id: UInt64) throws(MisfitEdit) -> FileInode {
        guard let file = try inode(numbered: id).file else { throw MisfitEdit(reason: "inode \(id) is no file") }
        return file
    }

    private func directory(_ id: UInt64) throws(MisfitEdit) -> DirectoryInode {
        guard let found = try inode(numbered: id).directory else {
            throw MisfitEdit(reason: "inode \(id) is no directory")
        }
        return found
    }

    private func insert(
        _ made: Edit.NewInode, _ make: (UInt64, FileName, Ownership, Int) -> Inode
    ) throws(MisfitEdit) {
        let parent = try directory(made.parent)
        let name = FileName(made.name)
        guard inodes[made.id] == nil, parent.children.find(name) == nil else {
            throw MisfitEdit(reason: "inode \(made.id) or its name is there already")
        }
        let inode = make(made.id, name, ownership(made.owner, made.group, mode: made.mode), made.time)
        if !made.accessControl.isEmpty { inode.change { $0.accessControl = made.accessControl } }
        attach(inode, to: parent)
        lastInodeID = max(lastInodeID, made.id)
        parent.modified = made.time
        charge(names: 1, space: 0, at: parent)
    }

    func attach(_ inode: Inode, to parent: DirectoryInode) {
        inode.parent = parent
        parent.children.insert(inode)
        inodes[inode.id] = inode
    }

    private func delete(_ inode: Inode, time: Int) throws(MisfitEdit) {
        guard let parent = inode.parent else { throw MisfitEdit(reason: "the root cannot go") }
        if hasQuota(above: inode) {
            let used = usage(of: inode)
            charge(names: -used.names, space: -used.space, at: parent)
        }
        parent.children.remove(inode.name)
        parent.modified = time
        var removed: [BlockInfo] = []
        var gone: [Inode] = []
        forEach(below: inode) { gone.append($0) }
        for inode in gone {
            inodes[inode.id] = nil
            inode.parent = nil
            // A deep tree that goes by releasing itself would need too much of the stack.
            inode.directory?.children = Children()
            guard let file = inode.file else { continue }
            if let writer = file.writer { leases.remove(file.id, holder: writer.holder) }
            removed += file.blocks
        }
        blocks.remove(removed)
    }

    private func move(_ inode: Inode, to parent: DirectoryInode, name: FileName, time: Int) throws(MisfitEdit) {
        guard let old = inode.parent, parent.children.find(name) == nil, !parent.isAtOrBelow(inode) else {
            throw MisfitEdit(reason: "inode \(inode.id) cannot move there")
        }
        let used =
            hasQuota(above: inode) || parent.extras?.quota != nil || hasQuota(above: parent)
            ? usage(of: inode) : (names: 0, space: 0)
        charge(names: -used.names, space: -used.space, at: old)
        old.children.remove(inode.name)
        inode.name = name
        inode.parent = parent
        parent.children.insert(inode)
        charge(names: used.names, space: used.space, at: parent)
        old.modified = time
        parent.modified = time
    }
}
