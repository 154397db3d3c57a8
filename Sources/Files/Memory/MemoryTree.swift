import Glibc
import HoneyCore
import Synchronization

/// The bytes of a file in memory, shared by those who have it open.
final class MemoryContent: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let modified = Mutex(MemoryContent.nowMilliseconds())

    var count: Int { bytes.withLock { $0.count } }
    var modifiedMilliseconds: Int { modified.withLock { $0 } }
    var snapshot: [UInt8] { bytes.withLock { $0 } }

    func append(_ more: UnsafeRawBufferPointer) {
        bytes.withLock { $0.append(contentsOf: more) }
        touch(at: MemoryContent.nowMilliseconds())
    }

    /// Cuts off what is beyond `size`; longer files only.
    func truncate(to size: Int) {
        bytes.withLock { $0.removeLast(max(0, $0.count - size)) }
        touch(at: MemoryContent.nowMilliseconds())
    }

    func touch(at milliseconds: Int) { modified.withLock { $0 = milliseconds } }

    static func nowMilliseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}

/// Directories and files by path, byte by byte.
struct MemoryTree {
    final class Node {
        /// nil for a directory.
        let content: MemoryContent?
        var children: [[UInt8]: Node] = [:]
        var modifiedMilliseconds = MemoryContent.nowMilliseconds()
        var attributes: MemoryAttributes

        init(_ content: MemoryContent?) {
            self.content = content
            attributes = MemoryAttributes(isDirectory: content == nil)
        }
    }

    /// The longest name most systems allow, so that tests meet the same limit everywhere.
    private static let longestName = 255
    private let root = Node(nil)

    private func parts(_ location: FileLocation) -> [[UInt8]] {
        location.path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    func node(_ location: FileLocation) -> Node? {
        var node = root
        for part in parts(location) {
            guard let child = node.children[part] else { return nil }
            node = child
        }
        return node
    }

    func failure(_ code: String, _ verb: String, _ why: String, _ location: FileLocation) -> HoneyError {
        HoneyError(.environment, code, "cannot \(verb): \(why)", file: FilePosition(location.description))
    }

    private func checked(_ location: FileLocation, verb: String) throws -> [[UInt8]] {
        let parts = parts(location)
        if parts.contains(where: { $0.count > MemoryTree.longestName }) {
            throw failure("IO_ERROR", verb, "file name too long", location)
        }
        if parts.contains(where: { $0.contains(0) }) {
            throw failure("IO_ERROR", verb, "a path may not hold a zero byte", location)
        }
        return parts
    }

    func file(at location: FileLocation, verb: String) throws -> MemoryContent {
        _ = try checked(location, verb: verb)
        guard let node = node(location) else {
            throw failure("FILE_NOT_FOUND", verb, "no such file or directory", location)
        }
        guard let content = node.content else { throw failure("NOT_A_FILE", verb, "is a directory", location) }
        return content
    }

    func createFile(at location: FileLocation, overwrite: Bool) throws -> MemoryContent {
        guard let name = try checked(location, verb: "create").last else {
            throw failure("NOT_A_FILE", "create", "is a directory", location)
        }
        let parent = try directory(location.parent, verb: "create")
        if let existing = parent.children[name] {
            guard overwrite else { throw failure("FILE_EXISTS", "create", "file exists", location) }
            guard existing.content != nil else { throw failure("NOT_A_FILE", "create", "is a directory", location) }
        }
        let content = MemoryContent()
        parent.children[name] = Node(content)
        parent.modifiedMilliseconds = MemoryContent.nowMilliseconds()
        return content
    }

    func makeDirectory(_ location: FileLocation) throws {
        _ = try directory(location, verb: "make directory")
    }

    /// Finds or makes a directory.
    private func directory(_ location: FileLocation, verb: String) throws -> Node {
        var node = root
        for part in try checked(location, verb: verb) {
            if let child = node.children[part] {
                guard child.content == nil else {
                    throw failure("NOT_A_DIRECTORY", verb, "not a directory", location)
                }
                node = child
            } else {
                let child = Node(nil)
                node.children[part] = child
                node = child
            }
        }
        return node
    }

    func status(of location: FileLocation) -> FileStatus? { node(location).map { describe($0, location) } }

    func list(_ location: FileLocation) throws -> [FileStatus] {
        guard let node = node(location) else {
            throw failure("FILE_NOT_FOUND", "list", "no such file or directory", location)
        }
        guard node.content == nil else { throw failure("NOT_A_DIRECTORY", "list", "not a directory", location) }
        return node.children.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { name, child in
            describe(child, location.appending(String(decoding: name, as: UTF8.self)))
        }
    }

    func rename(_ source: FileLocation, to target: FileLocation) throws {
        let from = try checked(source, verb: "rename")
        let to = try checked(target, verb: "rename")
        guard let moved = node(source), let oldName = from.last, let oldParent = node(source.parent) else {
            throw failure("FILE_NOT_FOUND", "rename", "no such file or directory", source)
        }
        if node(target) != nil { throw failure("FILE_EXISTS", "rename", "file exists", target) }
        if to.starts(with: from) {
            throw failure("IO_ERROR", "rename", "a directory cannot be moved into itself", source)
        }
        guard let newName = to.last, let newParent = node(target.parent) else {
            throw failure("FILE_NOT_FOUND", "rename to", "no such file or directory", target.parent)
        }
        guard newParent.content == nil else { throw failure("NOT_A_DIRECTORY", "rename", "not a directory", target) }
        oldParent.children[oldName] = nil
        newParent.children[newName] = moved
        oldParent.modifiedMilliseconds = MemoryContent.nowMilliseconds()
        newParent.modifiedMilliseconds = oldParent.modifiedMilliseconds
    }

    func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
        guard let name = try checked(location, verb: "delete").last else {
            throw failure("PERMISSION_DENIED", "delete", "operation not permitted", location)
        }
        guard let parent = node(location.parent), let node = parent.children[name] else { return false }
        if !recursive, !node.children.isEmpty {
            throw failure("DIRECTORY_NOT_EMPTY", "delete", "directory not empty", location)
        }
        parent.children[name] = nil
        parent.modifiedMilliseconds = MemoryContent.nowMilliseconds()
        return true
    }

    private func describe(_ node: Node, _ location: FileLocation) -> FileStatus {
        let attributes = node.attributes
        return FileStatus(
            location: location, isDirectory: node.content == nil, size: node.content?.count ?? 0,
            modifiedMilliseconds: node.content?.modifiedMilliseconds ?? node.modifiedMilliseconds,
            owner: attributes.owner, group: attributes.group, permissions: attributes.permissions,
            replication: node.content == nil ? 0 : attributes.replication,
            accessedMilliseconds: attributes.accessedMilliseconds,
            hasAccessControlEntries: !attributes.accessControlEntries.isEmpty)
    }
}
