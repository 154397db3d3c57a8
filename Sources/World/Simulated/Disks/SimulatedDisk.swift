import NIOCore

/// A disk in memory that fails as it is told to, and forgets at a loss of power what was not synced.
///
/// Files are as durable as their last sync; names in a directory are when the directory was synced. Of what is not durable any part
/// may survive: changes of one directory in their order, bytes of a file in any.
package final class SimulatedDisk: Disk {
    package let name: String
    package var capacity: Int
    package var faults = DiskFaults()
    /// How long a sync takes.
    package var syncNanoseconds = Int.milliseconds(1)...Int.milliseconds(5)
    var random: SeededRandom
    var root = SimulatedDirectoryNode()
    /// Changes of directories that are not durable, oldest first.
    var changes: [NameChange] = []
    /// Bytes of all files there are.
    private(set) var usedBytes = 0
    /// Counts losses of power.
    private(set) var era = 0
    var wallMilliseconds: () -> Int = { 0 }

    /// A change of one directory or two.
    struct NameChange {
        var number: Int
        var additions: [(directory: SimulatedDirectoryNode, name: String, node: SimulatedNode)] = []
        var removals: [(directory: SimulatedDirectoryNode, name: String)] = []
        /// A directory that was made, whose own names are nowhere without it.
        var made: SimulatedDirectoryNode?

        var directories: [SimulatedDirectoryNode] {
            removals.map(\.directory) + additions.map(\.directory) + (made.map { [$0] } ?? [])
        }

        func apply() {
            for removal in removals { removal.directory.durable[removal.name] = nil }
            for addition in additions { addition.directory.durable[addition.name] = addition.node }
        }
    }
    private(set) var nextChange = 0

    package init(_ name: String, capacity: Int = 1 << 40, random: SeededRandom = SeededRandom(seed: 0)) {
        self.name = name
        self.capacity = capacity
        self.random = random
    }

    // MARK: Finding

    func find(_ path: String) -> SimulatedNode? {
        var node = SimulatedNode.directory(root)
        for part in path.split(separator: "/") {
            guard let next = node.directory?.children[String(part)] else { return nil }
            node = next
        }
        return node
    }

    /// The directory a path lies in, and its last part.
    private func place(_ path: String) throws(DiskError) -> (directory: SimulatedDirectoryNode, name: String) {
        let parts = path.split(separator: "/")
        guard let last = parts.last,
            let parent = find(parts.dropLast().joined(separator: "/"))?.directory
        else { throw DiskError(.notFound, "no directory for it: \(name)/\(path)") }
        return (parent, String(last))
    }

    func check(_ action: String, _ path: String, thousandths: Int = 0) throws(DiskError) {
        if faults.isLost { throw DiskError(.failed, "cannot \(action): \(name)/\(path): the disk is lost") }
        if happens(thousandths) {
            throw DiskError(.failed, "cannot \(action): \(name)/\(path): input/output error")
        }
    }

    func happens(_ thousandths: Int) -> Bool {
        thousandths > 0 && Int.random(in: 0..<1000, using: &random) < thousandths
    }

    // MARK: Disk

    package func open(_ path: String, _ mode: DiskOpenMode) throws(DiskError) -> any DiskFile {
        try check("open", path)
        if mode == .create {
            let (directory, last) = try place(path)
            guard directory.children[last]?.directory == nil else {
                throw DiskError(.failed, "not a file: \(name)/\(path)")
            }
            let node: SimulatedFileNode
            if let old = directory.children[last]?.file {
                node = old
                resize(by: -old.size)
                old.truncate(to: 0)
            } else {
                node = SimulatedFileNode()
                directory.children[last] = .file(node)
                record(adding: (directory, last, .file(node)))
            }
            node.modifiedMilliseconds = wallMilliseconds()
            return SimulatedFile(node, path: path, disk: self, isWritable: true)
        }
        guard let found = find(path) else { throw DiskError(.notFound, "no file: \(name)/\(path)") }
        guard let node = found.file else { throw DiskError(.failed, "not a file: \(name)/\(path)") }
        return SimulatedFile(node, path: path, disk: self, isWritable: mode == .update)
    }

    package func list(_ directory: String) throws(DiskError) -> [DiskEntry] {
        try check("list", directory, thousandths: faults.readFailureThousandths)
        guard let found = find(directory)?.directory else {
            throw DiskError(.notFound, "no directory: \(name)/\(directory)")
        }
        return found.children.sorted { $0.key < $1.key }.map { entry($0.key, $0.value) }
    }

    package func entry(_ path: String) throws(DiskError) -> DiskEntry? {
        try check("stat", path)
        return find(path).map { entry(path.split(separator: "/").last.map(String.init) ?? "", $0) }
    }

    private func entry(_ name: String, _ node: SimulatedNode) -> DiskEntry {
        DiskEntry(
            name: name, isDirectory: node.directory != nil, size: node.file?.size ?? 0,
            modifiedMilliseconds: node.file?.modifiedMilliseconds ?? 0)
    }

    package func makeDirectory(_ path: String) throws(DiskError) {
        try check("make directory", path)
        var directory = root
        for part in path.split(separator: "/") {
            let part = String(part)
            if let known = directory.children[part] {
                guard let below = known.directory else {
                    throw DiskError(.failed, "not a directory: \(name)/\(path)")
                }
                directory = below
                continue
            }
            let made = SimulatedDirectoryNode()
            directory.children[part] = .directory(made)
            record(adding: (directory, part, .directory(made)), made: made)
            directory = made
        }
    }

    package func rename(_ source: String, to target: String) throws(DiskError) {
        try check("rename", source, thousandths: faults.writeFailureThousandths)
        let (from, oldName) = try place(source)
        let (to, newName) = try place(target)
        guard let node = from.children[oldName] else { throw DiskError(.notFound, "no file: \(name)/\(source)") }
        if from === to, oldName == newName { return }
        if let old = to.children[newName] {
            guard let file = old.file, node.file != nil else {
                throw DiskError(.failed, "is in the way: \(name)/\(target)")
            }
            resize(by: -file.size)
        }
        from.children[oldName] = nil
        to.children[newName] = node
        record(adding: (to, newName, node), removing: (from, oldName))
    }

    package func remove(_ path: String) throws(DiskError) {
        try check("remove", path, thousandths: faults.writeFailureThousandths)
        guard find(path) != nil else { return }
        let (directory, last) = try place(path)
        if let below = directory.children[last]?.directory, !below.children.isEmpty {
            throw DiskError(.failed, "directory is not empty: \(name)/\(path)")
        }
        if let file = directory.children[last]?.file { resize(by: -file.size) }
        directory.children[last] = nil
        record(removing: (directory, last))
    }

    package func space() throws(DiskError) -> DiskSpace {
        try check("measure", "")
        return DiskSpace(capacity: capacity, available: max(0, capacity - usedBytes))
    }

    package func synchronize(_ directory: String) throws(DiskError) {
        let sync = SimulatedSync(.directory(self, directory))
        try sync.finish()
    }

    package func localPath(of path: String) -> String? { nil }

    private func record(
        adding addition: (directory: SimulatedDirectoryNode, name: String, node: SimulatedNode)? = nil,
        removing removal: (directory: SimulatedDirectoryNode, name: String)? = nil,
        made: SimulatedDirectoryNode? = nil
    ) {
        changes.append(
            NameChange(
                number: nextChange, additions: addition.map { [$0] } ?? [], removals: removal.map { [$0] } ?? [],
                made: made))
        nextChange += 1
    }

    func resize(by bytes: Int) { usedBytes += bytes }

    func countUsedBytes() {
        usedBytes = 0
        forEachFile { _, file in usedBytes += file.size }
    }

    func beginEra() { era += 1 }

    /// The paths of all files, in order.
    package var paths: [String] {
        var paths: [String] = []
        forEachFile { path, _ in paths.append(path) }
        return paths
    }

    /// Calls `body` for all files by path.
    func forEachFile(_ body: (String, SimulatedFileNode) -> Void) {
        func walk(_ directory: SimulatedDirectoryNode, _ path: String) {
            for (name, node) in directory.children.sorted(by: { $0.key < $1.key }) {
                switch node {
                case .file(let file): body(path + name, file)
                case .directory(let below): walk(below, path + name + "/")
                }
            }
        }
        walk(root, "")
    }
}
