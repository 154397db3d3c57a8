/// What a part of the name space must be: a plain map from paths, without a file system's cleverness.
struct ModelTree: Hashable {
    struct Node: Hashable {
        var isDirectory: Bool
        var mode: Int
        var replication = 0
        var size = 0
    }

    /// The directory that is not above any other; it is always there.
    let root: String
    var nodes: [String: Node]

    init(root: String) {
        self.root = root
        nodes = [root: Node(isDirectory: true, mode: 0o755)]
    }

    static func parent(of path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
    static func name(of path: String) -> Substring { path[path.index(after: path.lastIndex(of: "/")!)...] }

    func isDirectory(_ path: String) -> Bool { nodes[path]?.isDirectory ?? false }

    /// Names in a directory, in order.
    func names(in directory: String) -> [String] {
        nodes.keys.filter { $0 != directory && Self.parent(of: $0) == directory }.map { String(Self.name(of: $0)) }
            .sorted()
    }

    private func isEmpty(_ directory: String) -> Bool { !nodes.keys.contains { $0.hasPrefix(directory + "/") } }

    /// Does what an operation does; false when it must be refused, and then nothing has changed.
    mutating func apply(_ operation: Operation, replication: Int) -> Bool {
        switch operation {
        case .makeDirectory(let path): return makeDirectories(path, mode: 0o755)
        case .touch(let path, let overwrites, let makesParents):
            if let old = nodes[path] {
                guard !old.isDirectory, overwrites else { return false }
            } else {
                // Directories made on the way to a file have its mode, with passage for their owner.
                let parent = Self.parent(of: path)
                guard makesParents ? makeDirectories(parent, mode: 0o744) : isDirectory(parent) else { return false }
            }
            nodes[path] = Node(isDirectory: false, mode: 0o644, replication: replication)
            return true
        case .rename(let source, let target):
            let target = isDirectory(target) ? target + "/" + Self.name(of: source) : target
            guard nodes[source] != nil else { return false }
            if source == target { return true }
            guard nodes[target] == nil, isDirectory(Self.parent(of: target)), !(target + "/").hasPrefix(source + "/")
            else { return false }
            move(source, to: target)
            return true
        case .replace(let source, let target, let overwrites):
            return replace(source, target, overwrites: overwrites)
        case .delete(let path, let isRecursive):
            guard let node = nodes[path], isRecursive || !node.isDirectory || isEmpty(path) else { return false }
            remove(path)
            return true
        case .setPermission(let path, let mode):
            guard nodes[path] != nil else { return false }
            nodes[path]!.mode = mode
            return true
        case .setReplication(let path, let replication):
            guard let node = nodes[path], !node.isDirectory else { return false }
            nodes[path]!.replication = replication
            return true
        case .look(let path): return nodes[path] != nil
        case .list(let path): return nodes[path] != nil
        }
    }

    private mutating func makeDirectories(_ path: String, mode: Int) -> Bool {
        var missing: [String] = []
        var here = path
        while nodes[here] == nil, here != root {
            missing.append(here)
            here = Self.parent(of: here)
        }
        guard isDirectory(here) else { return false }
        for directory in missing { nodes[directory] = Node(isDirectory: true, mode: mode) }
        return true
    }

    private mutating func replace(_ source: String, _ target: String, overwrites: Bool) -> Bool {
        guard let node = nodes[source], source != target, !target.hasPrefix(source + "/"),
            isDirectory(Self.parent(of: target))
        else { return false }
        if let old = nodes[target] {
            guard old.isDirectory == node.isDirectory, overwrites, !old.isDirectory || isEmpty(target) else {
                return false
            }
        }
        nodes[target] = nil
        move(source, to: target)
        return true
    }

    private mutating func move(_ source: String, to target: String) {
        for (path, node) in nodes where path == source || path.hasPrefix(source + "/") {
            nodes[path] = nil
            nodes[target + path.dropFirst(source.count)] = node
        }
    }

    private mutating func remove(_ path: String) {
        nodes = nodes.filter { $0.key != path && !$0.key.hasPrefix(path + "/") }
    }

    /// The tree as text, a line for each path.
    var text: String {
        nodes.sorted { $0.key < $1.key }.map { path, node in
            "\(path) \(String(node.mode, radix: 8)) "
                + (node.isDirectory ? "directory" : "×\(node.replication) \(node.size)")
        }.joined(separator: "\n")
    }
}
