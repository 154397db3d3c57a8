import HoneyCore

/// The tree of files and directories with what is numbered in it; confined to its machine.
package final class Namespace {
    package let root: DirectoryInode
    package let blocks: BlockManager
    package let leases: Leases
    var inodes: [UInt64: Inode] = [:]
    var owners = NameTable()
    var groups = NameTable()
    package internal(set) var lastInodeID = Namespace.rootID
    package internal(set) var lastBlockID = Block.firstID
    package internal(set) var lastGenerationStamp: UInt64 = Block.firstGenerationStamp - 1
    /// Set while the log or image is read: blocks take the sizes and states written there.
    var isReplaying = false
    /// Above 0 while changes are counted against quotas by who called.
    var chargeDepth = 0

    package static let rootID: UInt64 = 16385

    package init(blocks: BlockManager, leases: Leases, owner: String, group: String, created: Int) {
        self.blocks = blocks
        self.leases = leases
        let ownership = Ownership(
            owner: UInt32(owners.number(of: owner)), group: UInt16(groups.number(of: group)), mode: 0o755)
        root = DirectoryInode(id: Self.rootID, name: FileName(""), ownership: ownership, modified: created)
        inodes[Self.rootID] = root
    }

    /// Takes the tree apart first: of a deep one, releasing parents that release their children would need too much of the stack.
    deinit { for case let directory as DirectoryInode in inodes.values { directory.children = Children() } }

    package func inode(_ id: UInt64) -> Inode? { inodes[id] }
    /// Files and directories, with the root.
    package var inodeCount: Int { inodes.count }

    package func owner(of inode: Inode) -> String { owners[Int(inode.ownership.owner)] }
    package func group(of inode: Inode) -> String { groups[Int(inode.ownership.group)] }

    func ownership(_ owner: String, _ group: String, mode: Int) -> Ownership {
        Ownership(
            owner: UInt32(owners.number(of: owner)), group: UInt16(clamping: groups.number(of: group)),
            mode: UInt16(mode & 0o1777))
    }

    /// Finds what there is of a path; `/.reserved/.inodes/N` and `/.reserved/raw` lead where they mean.
    func resolve(_ path: FilePath) throws(RemoteException) -> ResolvedPath {
        var path = path
        if path.components.first?.text == ".reserved" {
            guard let meant = try meaning(ofReserved: path) else { return ResolvedPath(path: path, inodes: [root]) }
            path = meant
        }
        let components = path.components
        var inodes: [Inode] = [root]
        inodes.reserveCapacity(components.count + 1)
        var directory = root
        for (index, name) in components.enumerated() {
            guard let child = directory.children.find(name) else { break }
            inodes.append(child)
            guard let below = child.directory else {
                if index < components.count - 1 { break }
                continue
            }
            directory = below
        }
        return ResolvedPath(path: path, inodes: inodes)
    }

    /// The path that one below `/.reserved` stands for; nil when that is none.
    private func meaning(ofReserved path: FilePath) throws(RemoteException) -> FilePath? {
        var components = path.components[...]
        while components.first?.text == ".reserved", components.dropFirst().first?.text == "raw" {
            components = components.dropFirst(2)
        }
        guard components.first?.text == ".reserved" else { return FilePath(Array(components)) }
        components = ArraySlice(Array(components))
        guard components.count >= 3, components[1].text == ".inodes" else { return nil }
        guard let id = UInt64(components[2].text), var inode = inodes[id] else {
            throw .fileNotFound("File for given inode path does not exist: " + path.text)
        }
        var rest = components.dropFirst(3)
        if rest.first?.text == ".." {
            inode = inode.parent ?? root
            rest = rest.dropFirst()
        }
        guard !rest.contains(where: { $0.text == ".." }) else {
            throw .invalidPath("Invalid path name " + path.text)
        }
        var names = Array(rest)
        names.reverse()
        while let parent = inode.parent {
            names.append(inode.name)
            inode = parent
        }
        return FilePath(names.reversed())
    }

    /// Walks a subtree, parents before children.
    package func forEach(below inode: Inode, _ body: (Inode) -> Void) {
        body(inode)
        guard let directory = inode.directory else { return }
        // Not by recursion: renames make trees of any depth.
        var open = [(children: directory.children, cursor: Children.Cursor())]
        while !open.isEmpty {
            guard let child = open[open.count - 1].children.next(&open[open.count - 1].cursor) else {
                open.removeLast()
                continue
            }
            body(child)
            if let below = child.directory, !below.children.isEmpty { open.append((below.children, Children.Cursor())) }
        }
    }

    /// Tells the least set storage policy at or above an inode; 7, HOT, when none is.
    func storagePolicy(of inode: Inode) -> Int {
        var here: Inode? = inode
        while let inode = here {
            if let policy = inode.extras?.storagePolicy, policy != 0 { return Int(policy) }
            here = inode.parent
        }
        return Int(StoragePolicy.hot.id)
    }
}
