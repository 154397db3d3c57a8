import HoneyCore
import HoneyWorld
import NIOCore

/// A file `VERSION` of lines `key=value`, by which a directory says whose it is.
struct VersionFile {
    var entries: [(key: String, value: String)]

    subscript(key: String) -> String? { entries.first { $0.key == key }?.value }

    init(_ entries: [(key: String, value: String)]) { self.entries = entries }

    /// Reads `directory/VERSION`; nil when there is none.
    init?(in directory: String, of disk: any Disk) throws {
        let path = directory + "/VERSION"
        guard try disk.entry(path) != nil else { return nil }
        let file = try disk.open(path, .read)
        guard file.size < 1 << 16 else {
            throw HoneyError.damaged("version file is too long", path: disk.name + "/" + path)
        }
        var bytes = ByteBuffer()
        try file.read(at: 0, count: file.size, into: &bytes)
        entries = []
        for line in String(buffer: bytes).split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            entries.append((String(line[..<equals]), String(line[line.index(after: equals)...])))
        }
    }

    /// Writes it durably, in place of one that is there; the directory must be there.
    func write(in directory: String, of disk: any Disk) throws {
        let draft = directory + "/VERSION.new"
        let file = try disk.open(draft, .create)
        try file.write(ByteBuffer(string: entries.map { "\($0.key)=\($0.value)\n" }.joined()), at: 0)
        try file.synchronize()
        try disk.rename(draft, to: directory + "/VERSION")
        try disk.synchronize(directory)
    }
}
