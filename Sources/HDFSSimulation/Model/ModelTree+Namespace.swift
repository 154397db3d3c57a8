import HoneyHDFS

extension ModelTree {
    /// Reads what a NameNode has below a directory; nil when there is none.
    init?(root: String, in namespace: Namespace) {
        var inode: Inode = namespace.root
        for name in root.split(separator: "/") {
            guard let next = inode.directory?.child(FileName(String(name))) else { return nil }
            inode = next
        }
        self.init(root: root)
        var found: [String: Node] = [:]
        namespace.forEach(below: inode) { inode in
            found[inode.path] = Node(
                isDirectory: inode.directory != nil, mode: inode.mode, replication: inode.file?.replication ?? 0,
                size: inode.file?.size ?? 0)
        }
        nodes = found
    }
}
