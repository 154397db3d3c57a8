/// Who asks: a user with his groups, on a host.
struct Caller {
    var user: String
    var groups: [String]
    /// Whom nothing is refused: who runs the NameNode, and members of the supergroup.
    var isSuperuser: Bool
    /// Where the call came from, as far as known.
    var host: String
}

/// What is to be done to an inode, as bits of a mode.
struct Access: OptionSet {
    let rawValue: UInt8

    static let execute = Access(rawValue: 1)
    static let write = Access(rawValue: 2)
    static let read = Access(rawValue: 4)

    /// Such as `READ_EXECUTE`, as Hadoop names them.
    var name: String {
        ["NONE", "EXECUTE", "WRITE", "WRITE_EXECUTE", "READ", "READ_EXECUTE", "READ_WRITE", "ALL"][Int(rawValue)]
    }
}

/// Modes and access-control lists, enforced.
extension Namespace {
    /// Fails when the caller may not; each access is asked for where there is something to ask about.
    func check(
        _ resolved: ResolvedPath, _ caller: Caller, isOwner: Bool = false, ancestor: Access? = nil,
        parent: Access? = nil, target: Access? = nil
    ) throws(RemoteException) {
        let inodes = resolved.inodes
        let depth = resolved.path.components.count
        // All above the end of the path must be directories one may go through, for superusers directories at least.
        for (index, inode) in inodes.enumerated() where index < depth {
            guard inode.directory != nil else {
                throw .parentNotDirectory(resolved.text(upTo: index) + " (is not a directory)")
            }
            if !caller.isSuperuser { try check(inode, caller, .execute, path: resolved.text(upTo: index)) }
        }
        guard !caller.isSuperuser else { return }
        if let parent, parent.contains(.write), let above = resolved.parent, let inode = resolved.inode {
            try checkSticky(above, inode, caller, path: resolved)
        }
        if let ancestor, depth > 0 {
            let index = min(inodes.count - 1, depth - 1)
            try check(inodes[index], caller, ancestor, path: resolved.text(upTo: index))
        }
        if let parent, let above = resolved.parent {
            try check(above, caller, parent, path: resolved.text(upTo: depth - 1))
        }
        if let target, let inode = resolved.inode { try check(inode, caller, target, path: resolved.text) }
        if isOwner, let inode = resolved.inode, owner(of: inode) != caller.user {
            throw .accessControl("Permission denied. user=\(caller.user) is not the owner of inode=\(resolved.text)")
        }
    }

    /// Fails when not all of a subtree may be removed: each directory in it that holds something must be writable.
    func checkSubtree(_ inode: Inode, _ caller: Caller, _ access: Access) throws(RemoteException) {
        guard !caller.isSuperuser else { return }
        var open = [inode]
        while let directory = open.popLast()?.directory {
            guard !directory.children.isEmpty else { continue }
            try check(directory, caller, access, path: directory.path)
            let isSticky = directory.mode & 0o1000 != 0 && owner(of: directory) != caller.user
            for child in directory.children.all {
                if isSticky, owner(of: child) != caller.user { throw stickyDenial(directory, child, caller) }
                if child.directory != nil { open.append(child) }
            }
        }
    }

    func check(_ inode: Inode, _ caller: Caller, _ access: Access, path: @autoclosure () -> String)
        throws(RemoteException)
    {
        guard !caller.isSuperuser, !allows(inode, caller, access) else { return }
        throw .accessControl(
            "Permission denied: user=\(caller.user), access=\(access.name), inode=\"\(path())\":\(describe(inode))")
    }

    private func allows(_ inode: Inode, _ caller: Caller, _ access: Access) -> Bool {
        let mode = inode.mode
        func grants(_ bits: Int) -> Bool { UInt8(bits & 7) & access.rawValue == access.rawValue }
        if owner(of: inode) == caller.user { return grants(mode >> 6) }
        let entries = inode.accessControl
        if entries.contains(where: { !$0.isDefault }) {
            let mask = mode >> 3
            var isMember = false
            for entry in entries where !entry.isDefault {
                switch entry.kind {
                case .user where entry.name == caller.user: return grants(Int(entry.access) & mask)
                case .group where caller.groups.contains(entry.name.isEmpty ? group(of: inode) : entry.name):
                    isMember = true
                    if grants(Int(entry.access) & mask) { return true }
                default: break
                }
            }
            return isMember ? false : grants(mode)
        }
        if caller.groups.contains(group(of: inode)) { return grants(mode >> 3) }
        return grants(mode)
    }

    private func checkSticky(
        _ parent: Inode, _ inode: Inode, _ caller: Caller, path: ResolvedPath
    ) throws(RemoteException) {
        guard parent.mode & 0o1000 != 0, owner(of: parent) != caller.user, owner(of: inode) != caller.user else {
            return
        }
        throw stickyDenial(parent, inode, caller)
    }

    private func stickyDenial(_ parent: Inode, _ inode: Inode, _ caller: Caller) -> RemoteException {
        .accessControl(
            "Permission denied by sticky bit: user=\(caller.user), path=\"\(inode.path)\":\(describe(inode)), "
                + "parent=\"\(parent.path)\":\(describe(parent))")
    }

    /// Such as `ann:staff:drwxr-xr-t`.
    private func describe(_ inode: Inode) -> String {
        let mode = inode.mode
        var letters = ""
        for shift in [6, 3, 0] {
            let bits = mode >> shift
            letters += bits & 4 != 0 ? "r" : "-"
            letters += bits & 2 != 0 ? "w" : "-"
            let isSticky = shift == 0 && mode & 0o1000 != 0
            letters += bits & 1 != 0 ? (isSticky ? "t" : "x") : (isSticky ? "T" : "-")
        }
        let extended = inode.accessControl.contains { !$0.isDefault } ? "+" : ""
        return "\(owner(of: inode)):\(group(of: inode)):\(inode.directory != nil ? "d" : "-")\(letters)\(extended)"
    }
}
