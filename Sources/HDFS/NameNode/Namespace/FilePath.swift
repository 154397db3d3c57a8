/// A path of the name space, cut into its components after it was checked as Hadoop does.
struct FilePath {
    /// Without a slash at the end, except for `/`.
    let text: String
    let components: [FileName]

    static let greatestLength = 8000
    static let greatestDepth = 1000
    /// `dfs.namenode.fs-limits.max-component-length`
    static let greatestComponentBytes = 255

    /// Cuts a path; fails with `InvalidPathException` as the name node's calls do.
    init(_ text: String, complaint: (String) -> String = { $0 }) throws(RemoteException) {
        guard let components = Self.components(of: text) else {
            throw .invalidPath("Invalid path name " + complaint(text))
        }
        self.init(components)
    }

    init(_ components: [FileName]) {
        self.components = components
        text = components.isEmpty ? "/" : components.reduce(into: "") { $0 += "/" + $1.text }
    }

    /// The components of a valid path; nil when it is relative or has `.`, `..`, `:`, NUL or two slashes in a row.
    private static func components(of text: String) -> [FileName]? {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var components: [FileName] = []
        var isReserved = false
        var rest = text.utf8.dropFirst()
        while let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? (rest.isEmpty ? nil : rest.endIndex) {
            let component = rest[rest.startIndex..<end]
            let isLast = end == rest.endIndex
            guard !component.isEmpty else { return nil }
            let name = String(Substring(component))
            if name == ".reserved", components.isEmpty { isReserved = true }
            if name == "." || name == ".." {
                // `/.reserved/.inodes/N/..` is the parent of inode N.
                guard isReserved, name == "..", components.count >= 3 else { return nil }
            }
            guard !component.contains(where: { $0 == UInt8(ascii: ":") || $0 == 0 }) else { return nil }
            components.append(FileName(name))
            if isLast { break }
            rest = rest[rest.index(after: end)...]
        }
        return components
    }

    /// Tells whether a path is `root` or below it; an empty `root` is that of all.
    static func isPath(_ path: String, atOrBelow root: String) -> Bool {
        root.isEmpty || root == "/" || path == root || path.hasPrefix(root + "/")
    }

    /// Fails when a path is longer or deeper than any may be; `operation` is what Hadoop puts before its words.
    static func checkLength(of text: String, operation: String) throws(RemoteException) {
        let bytes = text.utf8
        if bytes.count > greatestLength || bytes.count(where: { $0 == UInt8(ascii: "/") }) > greatestDepth {
            throw .inputOutput(
                "\(operation): Pathname too long.  Limit \(greatestLength) characters, \(greatestDepth) levels.")
        }
    }
}

/// What there is of a path.
struct ResolvedPath {
    let path: FilePath
    /// The root and what exists below it, as far as it does.
    let inodes: [Inode]

    /// The file or directory at the path; nil when there is none.
    var inode: Inode? { inodes.count == path.components.count + 1 ? inodes[inodes.count - 1] : nil }

    /// What is above it; nil for the root or where that does not exist.
    var parent: Inode? {
        let place = path.components.count - 1
        return place >= 0 && place < inodes.count ? inodes[place] : nil
    }

    /// The lowest of what exists, not counting the path's own end.
    var ancestor: Inode { inodes[max(0, min(inodes.count - 1, path.components.count - 1))] }

    var name: FileName { path.components.last ?? FileName("") }
    var text: String { path.text }

    func existing(complaint: (String) -> String = { "File does not exist: " + $0 }) throws(RemoteException) -> Inode {
        guard let inode else { throw .fileNotFound(complaint(path.text)) }
        return inode
    }

    func existingFile() throws(RemoteException) -> FileInode {
        let inode = try existing()
        guard let file = inode.file else { throw .fileNotFound("Path is not a file: " + path.text) }
        return file
    }

    /// The path of one of `inodes`.
    func text(upTo depth: Int) -> String { FilePath(Array(path.components[..<depth])).text }
}
