import HoneyCore
import Synchronization

/// All that can be administered, for tests: replicas, quotas and lists of who may do what are kept but not obeyed.
extension MemoryFileSystem {
    public var homeDirectory: FileLocation { FileLocation(scheme: scheme, path: "/user/\(LocalFileSystem.userName)") }

    private func change<Result>(
        _ verb: String, _ location: FileLocation, _ body: @Sendable (MemoryTree.Node) throws -> Result
    ) throws -> Result {
        try announce(.administer, location)
        return try look(verb, location, body)
    }

    private func look<Result>(
        _ verb: String, _ location: FileLocation, _ body: @Sendable (MemoryTree.Node) throws -> Result
    ) throws -> Result {
        try tree.withLock { tree in
            guard let node = tree.node(location) else {
                throw tree.failure("FILE_NOT_FOUND", verb, "no such file or directory", location)
            }
            return try body(node)
        }
    }

    public func setPermissions(_ location: FileLocation, to permissions: Int) throws {
        try change("set permissions", location) { $0.attributes.permissions = permissions & 0o1777 }
    }

    public func setOwner(_ location: FileLocation, owner: String?, group: String?) throws {
        try change("set owner", location) { node in
            if let owner { node.attributes.owner = owner }
            if let group { node.attributes.group = group }
        }
    }

    public func setTimes(_ location: FileLocation, modifiedMilliseconds: Int?, accessedMilliseconds: Int?) throws {
        try change("set times", location) { node in
            if let modifiedMilliseconds {
                node.modifiedMilliseconds = modifiedMilliseconds
                node.content?.touch(at: modifiedMilliseconds)
            }
            if let accessedMilliseconds { node.attributes.accessedMilliseconds = accessedMilliseconds }
        }
    }

    public func setReplication(_ location: FileLocation, to count: Int) throws -> Bool {
        try change("set replication", location) { node in
            if node.content != nil { node.attributes.replication = count }
            return node.content != nil
        }
    }

    public func truncate(_ location: FileLocation, to size: Int) throws -> Bool {
        try announce(.administer, location)
        let content = try tree.withLock { try $0.file(at: location, verb: "truncate") }
        guard size >= 0, size <= content.count else {
            throw HoneyError(
                .environment, "ILLEGAL_ARGUMENT", "cannot truncate a file of \(content.count) bytes to \(size)",
                file: FilePosition(location.description))
        }
        content.truncate(to: size)
        return true
    }

    public func concatenate(_ sources: [FileLocation], onto target: FileLocation) throws {
        try announce(.administer, target)
        try tree.withLock { tree in
            let content = try tree.file(at: target, verb: "concatenate")
            for part in try sources.map({ try tree.file(at: $0, verb: "concatenate") }) {
                part.snapshot.withUnsafeBytes(content.append)
            }
            for source in sources { _ = try tree.delete(source, recursive: false) }
        }
    }

    public func contentSummary(_ location: FileLocation) throws -> ContentSummary {
        try look("count", location) { node in
            var summary = MemoryFileSystem.summary(of: node)
            summary.nameQuota = node.attributes.nameQuota
            summary.spaceQuota = node.attributes.spaceQuota
            return summary
        }
    }

    private static func summary(of node: MemoryTree.Node) -> ContentSummary {
        if let content = node.content {
            return ContentSummary(
                directoryCount: 0, fileCount: 1, size: content.count,
                spaceConsumed: content.count * node.attributes.replication)
        }
        var sum = ContentSummary(directoryCount: 1, fileCount: 0, size: 0, spaceConsumed: 0)
        for child in node.children.values { sum.add(summary(of: child)) }
        return sum
    }

    public func setQuota(_ location: FileLocation, names: Int?, space: Int?) throws {
        try change("set quota", location) { node in
            if let names { node.attributes.nameQuota = names }
            if let space { node.attributes.spaceQuota = space }
        }
    }

    public func checksum(_ location: FileLocation) throws -> FileChecksum? {
        try tree.withLock { _ = try $0.file(at: location, verb: "sum up") }
        return nil
    }

    public func space() throws -> FileSystemSpace {
        let used = try contentSummary(FileLocation(scheme: scheme, path: "/")).spaceConsumed
        return FileSystemSpace(capacity: 1 << 40, used: used, remaining: (1 << 40) - used)
    }

    public func accessControlEntries(_ location: FileLocation) throws -> [String] {
        try look("read the access-control list", location) { $0.attributes.accessControlEntries }
    }

    public func setAccessControlEntries(_ location: FileLocation, to entries: [String]) throws {
        try change("set the access-control list", location) { try $0.attributes.setAccessControlEntries(entries) }
    }

    public func extendedAttributes(_ location: FileLocation) throws -> [(name: String, value: [UInt8])] {
        try look("read attributes", location) { node in
            node.attributes.extended.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        }
    }

    public func setExtendedAttribute(_ location: FileLocation, name: String, value: [UInt8]) throws {
        try change("set an attribute", location) { $0.attributes.extended[name] = value }
    }

    public func removeExtendedAttribute(_ location: FileLocation, name: String) throws {
        try change("remove an attribute", location) { $0.attributes.extended[name] = nil }
    }
}
