/// A walk over a tree in steps, directories before what is in them.
///
/// The tree may change between steps: what is made, moved or removed meanwhile is met or not, anything else is met once.
struct TreeWalk {
    private struct Level {
        var directory: UInt64
        /// How much of `path` is the directory's own.
        var pathBytes: Int
        /// The child that was met last.
        var last: FileName?
    }

    private var levels: [Level] = []
    private var path: String
    private var start: UInt64?

    init(of inode: Inode, at path: String) {
        start = inode.id
        // What is in the root begins with the slash that is put before each name.
        self.path = path == "/" ? "" : path
    }

    /// Visits so many more; tells whether there may be others.
    mutating func advance(
        by count: Int, in namespace: Namespace, _ visit: (Inode, String) throws(RemoteException) -> Void
    ) throws(RemoteException) -> Bool {
        var left = count
        if let start {
            self.start = nil
            guard let inode = namespace.inode(start) else { return false }
            try enter(inode, visit)
            left -= 1
        }
        while left > 0, let level = levels.last {
            path = String(path.utf8.prefix(level.pathBytes)) ?? path
            guard let child = namespace.inode(level.directory)?.directory?.children.first(after: level.last) else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].last = child.name
            path += "/" + child.name.text
            try enter(child, visit)
            left -= 1
        }
        return !levels.isEmpty
    }

    private mutating func enter(
        _ inode: Inode, _ visit: (Inode, String) throws(RemoteException) -> Void
    ) throws(RemoteException) {
        try visit(inode, path.isEmpty ? "/" : path)
        if inode.directory != nil { levels.append(Level(directory: inode.id, pathBytes: path.utf8.count)) }
    }
}
