import HoneyCore

extension FileSystem {
    /// Reads a whole file; fails with `FILE_TOO_LARGE` when it holds more than `limit` bytes.
    public func contents(of location: FileLocation, limit: Int = 1 << 30) throws -> [UInt8] {
        let file = try open(location)
        let size = file.size
        guard size <= limit else {
            throw HoneyError(
                .environment, "FILE_TOO_LARGE", "file holds more than \(limit) bytes: \(size)",
                file: FilePosition(location.description))
        }
        return try [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
            count = try file.read(at: 0, count: size, into: buffer.baseAddress!)
        }
    }

    /// Writes a whole file and makes it durable.
    public func write(_ bytes: [UInt8], to location: FileLocation, overwrite: Bool = false) throws {
        let file = try create(location, overwrite: overwrite)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}
