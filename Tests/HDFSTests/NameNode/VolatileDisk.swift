import HoneyWorld
import NIOCore

/// A disk in memory that forgets at a crash what was not synced.
final class VolatileDisk: Disk {
    /// A file's bytes now, and those that survive.
    final class File: DiskFile, @unchecked Sendable {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        /// Bytes that were read of it, counted as often as they were.
        var bytesRead = 0
        weak var disk: VolatileDisk?

        var size: Int { bytes.count }

        func read(at offset: Int, count: Int, into buffer: inout ByteBuffer) throws(DiskError) -> Int {
            try disk?.check()
            let part = bytes.dropFirst(offset).prefix(count)
            bytesRead += part.count
            return buffer.writeBytes(part)
        }

        func write(_ data: ByteBuffer, at offset: Int) throws(DiskError) {
            try disk?.check()
            let end = offset + data.readableBytes
            if bytes.count < end { bytes += repeatElement(0, count: end - bytes.count) }
            bytes.replaceSubrange(offset..<end, with: data.readableBytesView)
        }

        func truncate(to size: Int) throws(DiskError) {
            bytes = Array(bytes.prefix(size)) + Array(repeating: 0, count: max(0, size - bytes.count))
        }

        func synchronize() throws(DiskError) {
            try disk?.check()
            durable = bytes
        }
    }

    let name: String
    private var files: [String: File] = [:]
    private var durableFiles: [String: File] = [:]
    private var directories: Set<String> = [""]
    /// Set when nothing works on it any more.
    var isBroken = false

    init(_ name: String) { self.name = name }

    fileprivate func check() throws(DiskError) {
        if isBroken { throw DiskError(.failed, "the disk is broken: \(name)") }
    }

    /// Loses what was not synced. The file whose path holds `torn` keeps its first `kept` bytes that were written.
    func crash(torn: String? = nil, kept: Int = 0) {
        files = durableFiles
        for (path, file) in files {
            if let torn, path.contains(torn), file.bytes.count > file.durable.count {
                file.durable = Array(file.bytes.prefix(max(kept, file.durable.count)))
            }
            file.bytes = file.durable
        }
    }

    /// The paths and sizes of all files, by path.
    var contents: [(path: String, file: File)] { files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    func open(_ path: String, _ mode: DiskOpenMode) throws(DiskError) -> any DiskFile {
        try check()
        if mode == .create {
            guard directories.contains(VolatileDisk.parent(path)) else {
                throw DiskError(.notFound, "no folder: \(path)")
            }
            let file = File()
            file.disk = self
            files[path] = file
            return file
        }
        guard let file = files[path] else { throw DiskError(.notFound, "no file: \(path)") }
        return file
    }

    func list(_ directory: String) throws(DiskError) -> [DiskEntry] {
        try check()
        guard directories.contains(directory) else { throw DiskError(.notFound, "no folder: \(directory)") }
        let inside = files.filter { VolatileDisk.parent($0.key) == directory }.map { path, file in
            DiskEntry(
                name: String(path.split(separator: "/").last!), isDirectory: false, size: file.size,
                modifiedMilliseconds: 0)
        }
        let below = directories.filter { $0 != "" && VolatileDisk.parent($0) == directory }.map {
            DiskEntry(
                name: String($0.split(separator: "/").last!), isDirectory: true, size: 0, modifiedMilliseconds: 0)
        }
        return (inside + below).sorted { $0.name < $1.name }
    }

    func entry(_ path: String) throws(DiskError) -> DiskEntry? {
        let name = String(path.split(separator: "/").last ?? "")
        if directories.contains(path) {
            return DiskEntry(name: name, isDirectory: true, size: 0, modifiedMilliseconds: 0)
        }
        return files[path].map { DiskEntry(name: name, isDirectory: false, size: $0.size, modifiedMilliseconds: 0) }
    }

    func makeDirectory(_ path: String) throws(DiskError) {
        var path = path
        while path != "" {
            directories.insert(path)
            path = VolatileDisk.parent(path)
        }
    }

    func rename(_ source: String, to target: String) throws(DiskError) {
        guard let file = files.removeValue(forKey: source) else { throw DiskError(.notFound, "no file: \(source)") }
        files[target] = file
    }

    func remove(_ path: String) throws(DiskError) {
        files[path] = nil
        directories.remove(path)
    }

    func space() throws(DiskError) -> DiskSpace { DiskSpace(capacity: 1 << 40, available: 1 << 39) }

    func synchronize(_ directory: String) throws(DiskError) {
        durableFiles = durableFiles.filter { VolatileDisk.parent($0.key) != directory }
        for (path, file) in files where VolatileDisk.parent(path) == directory { durableFiles[path] = file }
    }

    func localPath(of path: String) -> String? { nil }

    private static func parent(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }
}
