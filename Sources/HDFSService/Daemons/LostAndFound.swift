import HoneyCore
import HoneyFiles

/// `fsck -move`: keeps what is left of files that lost blocks below `/lost+found`.
///
/// Of `/a/file` each run of blocks that can be read becomes a file of its own: `/lost+found/a/file/0`, `/lost+found/a/file/1` and
/// so on, as in Hadoop.
struct LostAndFound {
    static let directory = "/lost+found"

    private let fileSystem: any FileSystem
    private let source: FileLocation
    private let target: FileLocation
    private var output: (any WritableFile)?
    private var count = 0
    private static let pieceBytes = 1 << 20

    /// Copies what is left of a file; the caller's thread waits. Tells how many files that made.
    static func keep(_ location: FileLocation, on fileSystem: any FileSystem) throws -> Int {
        var target = location
        target.path = directory + location.path
        guard try fileSystem.status(target) == nil else {
            throw HoneyError(.environment, "FILE_EXISTS", "\(target.path) already exists")
        }
        try fileSystem.makeDirectory(target)
        var copy = LostAndFound(fileSystem: fileSystem, source: location, target: target)
        try copy.run()
        return copy.count
    }

    private init(fileSystem: any FileSystem, source: FileLocation, target: FileLocation) {
        self.fileSystem = fileSystem
        self.source = source
        self.target = target
    }

    private mutating func run() throws {
        let input = try fileSystem.open(source)
        for block in try fileSystem.locations(of: source, range: 0..<input.size) {
            let isWhole = try !block.hosts.isEmpty && copy(block.range, of: input)
            if !isWhole { try endRun() }
        }
        try endRun()
    }

    /// Copies a block; false when it cannot be read to its end.
    private mutating func copy(_ range: Range<Int>, of input: any ReadableFile) throws -> Bool {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 64)
        defer { buffer.deallocate() }
        var place = range.lowerBound
        while place < range.upperBound {
            let wanted = min(buffer.count, range.upperBound - place)
            guard let read = try? input.read(at: place, count: wanted, into: buffer.baseAddress!), read > 0 else {
                return false
            }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
            place += read
        }
        return true
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        if output == nil {
            output = try fileSystem.create(target.appending(String(count)), overwrite: false)
            count += 1
        }
        try output?.write(bytes)
    }

    private mutating func endRun() throws {
        try output?.close()
        output = nil
    }
}
