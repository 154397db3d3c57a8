import HoneyWorld
import NIOCore

/// A disk with a size, which fails when a test says so.
final class FaultyDisk: Disk {
    let inner: any Disk
    var capacity = 1 << 40
    var hasFailed = false
    /// Which renames fail, by how many were asked for before.
    var failingRenames = 0..<0
    private(set) var renames = 0
    fileprivate var written = 0

    init(_ inner: any Disk) { self.inner = inner }

    var name: String { inner.name }

    fileprivate func check() throws(DiskError) {
        if hasFailed { throw DiskError(.failed, "cannot use the disk \(name)") }
    }

    fileprivate func take(_ bytes: Int) throws(DiskError) {
        try check()
        guard written + bytes <= capacity else { throw DiskError(.full, "no room on \(name)") }
        written += bytes
    }

    func open(_ path: String, _ mode: DiskOpenMode) throws(DiskError) -> any DiskFile {
        try check()
        return FaultyFile(try inner.open(path, mode), self)
    }
    func list(_ directory: String) throws(DiskError) -> [DiskEntry] {
        try check()
        return try inner.list(directory)
    }
    func entry(_ path: String) throws(DiskError) -> DiskEntry? {
        try check()
        return try inner.entry(path)
    }
    func makeDirectory(_ path: String) throws(DiskError) {
        try check()
        try inner.makeDirectory(path)
    }
    func rename(_ source: String, to target: String) throws(DiskError) {
        try check()
        defer { renames += 1 }
        if failingRenames.contains(renames) { throw DiskError(.failed, "cannot rename: \(source)") }
        try inner.rename(source, to: target)
    }
    func remove(_ path: String) throws(DiskError) {
        try check()
        try inner.remove(path)
    }
    func space() throws(DiskError) -> DiskSpace {
        try check()
        return DiskSpace(capacity: capacity, available: max(0, capacity - written))
    }
    func synchronize(_ directory: String) throws(DiskError) {
        try check()
        try inner.synchronize(directory)
    }
    func localPath(of path: String) -> String? { inner.localPath(of: path) }
}

private final class FaultyFile: DiskFile, @unchecked Sendable {
    let inner: any DiskFile
    let disk: FaultyDisk

    init(_ inner: any DiskFile, _ disk: FaultyDisk) {
        self.inner = inner
        self.disk = disk
    }

    var size: Int { inner.size }
    func read(at offset: Int, count: Int, into buffer: inout ByteBuffer) throws(DiskError) -> Int {
        try disk.check()
        return try inner.read(at: offset, count: count, into: &buffer)
    }
    func write(_ bytes: ByteBuffer, at offset: Int) throws(DiskError) {
        try disk.take(max(0, offset + bytes.readableBytes - inner.size))
        try inner.write(bytes, at: offset)
    }
    func truncate(to size: Int) throws(DiskError) {
        try disk.check()
        try inner.truncate(to: size)
    }
    func synchronize() throws(DiskError) {
        try disk.check()
        try inner.synchronize()
    }
}
